import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "./paths";
import { type Ended, runGathered } from "./process";
import { elapsed } from "./progress";

/** One thing that must hold of the sources. */
interface Check {
  readonly name: string;
  readonly run: () => Promise<Ended>;
}

/** How shell scripts are laid out: two spaces, indented case branches. */
const SHFMT = ["-i", "2", "-ci"];
/** Checks that run at the same time: the bigger ones take a core and a GiB each. */
const AT_ONCE = 2;

/**
 * Everything that can be said of the sources without running them: layout, lint, types, dead code, shell scripts,
 * known holes in dependencies. All of them, also when one fails.
 *
 * @returns the names of those that failed
 */
export async function runStaticChecks(paths: Paths): Promise<string[]> {
  const npm = (name: string, ...args: readonly string[]) => ({
    name: [name, ...args].join(" "),
    run: () => runGathered(join(paths.root, "node_modules", ".bin", name), args),
  });
  const scripts = await shellScripts(paths);
  const queue: Check[] = [
    npm("eslint", "--max-warnings", "0", "."),
    npm("tsc", "--noEmit", "-p", "."),
    npm("tsc", "--noEmit", "-p", "map/page"),
    npm("knip"),
    npm("prettier", "--check", "."),
    {
      name: "schema",
      run: () => runGathered(process.execPath, [join(paths.dist, "schema", "main.js"), "check"]),
    },
    {
      name: "reference",
      run: () => runGathered(process.execPath, [join(paths.dist, "reference", "main.js"), "check"]),
    },
    { name: "shellcheck", run: () => runGathered("shellcheck", scripts) },
    { name: "shfmt", run: () => runGathered("shfmt", ["-d", ...SHFMT, ...scripts]) },
    { name: "npm audit", run: () => audit() },
  ];
  const failed: string[] = [];
  const worker = async () => {
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
      if (!(await passes(check))) failed.push(check.name);
    }
  };
  await installMissing(["shellcheck", "shfmt"]);
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return failed;
}

/**
 * Mends what can be mended without thinking.
 *
 * @returns the exit code
 */
export async function runFixTask(paths: Paths): Promise<number> {
  const bin = (name: string) => join(paths.root, "node_modules", ".bin", name);
  await installMissing(["shfmt"]);
  const scripts = await shellScripts(paths);
  const fixes: Check[] = [
    { name: "eslint --fix", run: () => runGathered(bin("eslint"), ["--fix", "."]) },
    { name: "prettier --write", run: () => runGathered(bin("prettier"), ["--write", "."]) },
    { name: "shfmt -w", run: () => runGathered("shfmt", ["-w", ...SHFMT, ...scripts]) },
  ];
  let code = 0;
  for (const fix of fixes) if (!(await passes(fix))) code = 1;
  return code;
}

async function passes({ name, run }: Check): Promise<boolean> {
  const started = Date.now();
  const { code, output } = await run();
  const good = code === 0;
  console.log(`${good ? "ok    " : "FAILED"} ${name} (${elapsed(Date.now() - started)})`);
  if (!good) console.log(output);
  return good;
}

async function shellScripts(paths: Paths): Promise<string[]> {
  const listed = ["ls-files", "--cached", "--others", "--exclude-standard", "*.sh", ".ci/*"];
  const { code, output } = await runGathered("git", listed, { cwd: paths.root });
  if (code !== 0) throw new Error(`git ls-files ended with code ${code}: ${output}`);
  return output.split("\n").filter((name) => name !== "");
}

/**
 * Installs programs whose Debian packages have the same names.
 *
 * @throws Error with the way out when one is missing and cannot be installed
 */
export async function installMissing(names: readonly string[]): Promise<void> {
  const missing: string[] = [];
  for (const name of names) {
    const there = await runGathered(name, ["--version"]).catch(() => undefined);
    if (there === undefined) missing.push(name);
  }
  if (missing.length === 0) return;
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  const debian = /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
  const wanted = missing.join(" and ");
  if (!debian || process.getuid?.() !== 0) {
    throw new Error(
      `${wanted}: not found on PATH; install with your package manager and try again`,
    );
  }
  console.log(`${wanted}: not found on PATH; installing with apt-get …`);
  const environment = { DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...missing]]) {
    const { code, output } = await runGathered("apt-get", args, { environment });
    if (code === 0) continue;
    throw new Error(`${wanted}: apt-get ${args.join(" ")} ended with code ${code}:\n${output}`);
  }
}

/** A registry without an audit service says nothing about the packages, good or bad. */
async function audit(): Promise<Ended> {
  // `npm run --silent` is inherited, and would leave out why.
  const words = ["audit", "--audit-level=high", "--loglevel=warn"];
  const { code, output } = await runGathered("npm", words);
  if (code === 0 || !isWithoutAudit(output)) return { code, output };
  console.log("       npm audit: this registry has no audit service; nothing was learnt");
  return { code: 0, output };
}

/** Whether `npm audit` failed for want of the service, not because of what it found. */
export function isWithoutAudit(output: string): boolean {
  return output.includes("audit endpoint returned an error") && /\b(404|405|501) /.test(output);
}
