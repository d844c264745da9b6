import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { notesOf } from "./changelog";
import type { Paths } from "./paths";
import { runGathered } from "./process";

/** Most paths of changed files that are named. */
const MOST_NAMED = 10;

/**
 * `npm run release -- --dry-run [--server URL]`: all that a release consists of, in dist/release. Nothing is published:
 * without --dry-run it says what is left to do.
 *
 * @returns the exit code
 */
export async function runReleaseTask(paths: Paths, words: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...words],
    options: { "dry-run": { type: "boolean", default: false }, server: { type: "string" } },
  });
  const { name, version } = await manifestOf(paths.root);
  const { notes, problems } = await readiness(paths.root, version);
  if (problems.length > 0) {
    console.error(
      `release: version ${version} is not ready; nothing was made.\n${problems.map((line) => `  ${line}`).join("\n")}`,
    );
    return 1;
  }
  if (!values["dry-run"]) {
    console.log(stepsFor(version));
    return 1;
  }
  const folder = join(paths.dist, "release");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const server = values.server === undefined ? [] : ["--server", values.server];
  for (const file of await packed(paths, server))
    await copyFile(join(paths.root, file), join(folder, basename(file)));
  await writeFile(join(folder, "sbom.cdx.json"), await billOfMaterials(paths.root, name));
  await writeFile(join(folder, "NOTES.md"), `# ${version}\n\n${notes}\n`);
  await writeFile(join(folder, "SHA256SUMS"), await checksums(folder));
  for (const name of (await readdir(folder)).sort()) console.log(`dist/release/${name}`);
  console.log("Nothing was published. Without --dry-run the command says what is left to do.");
  return 0;
}

/**
 * Whether the tree at `root` is what a version may be made of.
 *
 * @returns the version's notes, and all that stands in the way
 */
export async function readiness(
  root: string,
  version: string,
): Promise<{ readonly notes: string; readonly problems: readonly string[] }> {
  const { code, output } = await runGathered("git", ["status", "--porcelain"], { cwd: root });
  if (code !== 0) throw new Error(`git status ended with code ${code}: ${output}`);
  const changed = output.split("\n").filter((line) => line !== "");
  const more = changed.length > MOST_NAMED ? `, and ${changed.length - MOST_NAMED} more` : "";
  const named = changed.slice(0, MOST_NAMED).map((line) => line.slice(3));
  const dirty =
    `git: got changes that are not committed (${named.join(", ")}${more}); expected a tree that a commit has. ` +
    "Commit them, or put them away (git stash --include-untracked).";
  const notes = notesOf(await readFile(join(root, "CHANGELOG.md"), "utf8"), version);
  return {
    notes: notes.text,
    problems: [...(changed.length === 0 ? [] : [dirty]), ...notes.problems],
  };
}

/** A line `HASH  NAME` for each file of a folder but the list itself, sorted, as sha256sum reads them. */
export async function checksums(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name !== "SHA256SUMS").sort();
  const lines = names.map(async (name) => {
    const hash = createHash("sha256").update(await readFile(join(folder, name)));
    return `${hash.digest("hex")}  ${name}\n`;
  });
  return (await Promise.all(lines)).join("");
}

/**
 * A bill of materials without what differs each time that it is made, and from clone to clone: npm takes the folder's
 * name for that of the package.
 */
export function reproducible(bill: string, name: string): string {
  const everyTime = new Set(["serialNumber", "timestamp"]);
  const { metadata, ...rest } = JSON.parse(bill, (key, value: unknown) =>
    everyTime.has(key) ? undefined : value,
  ) as { readonly metadata?: { readonly component?: object } };
  const component = { ...metadata?.component, name };
  return `${JSON.stringify({ ...rest, metadata: { ...metadata, component } }, undefined, 2)}\n`;
}

/** What people do who may publish. */
function stepsFor(version: string): string {
  return [
    `release: version ${version} is ready, and nothing is published by this command. What is left to do:`,
    `  npm test`,
    `  npm run release -- --dry-run --server URL     # dist/release: what follows`,
    `  git tag --sign v${version} && git push origin v${version}`,
    `  npm publish dist/release/pulumi-swarm-${version}.tgz`,
    `  put dist/release/pulumi-resource-swarm-v${version}-*.tar.gz at URL, with SHA256SUMS and sbom.cdx.json`,
    `  publish dist/release/NOTES.md beside the tag`,
  ].join("\n");
}

async function manifestOf(
  root: string,
): Promise<{ readonly name: string; readonly version: string }> {
  const text = await readFile(join(root, "package.json"), "utf8");
  return JSON.parse(text) as { readonly name: string; readonly version: string };
}

/** The archives that `npm run pack` names, from the clone. */
async function packed({ root }: Paths, words: readonly string[]): Promise<string[]> {
  const program = join(root, "tools", "pack.mjs");
  const { code, output } = await runGathered(process.execPath, [program, ...words], { cwd: root });
  if (code !== 0) throw new Error(`pack ended with code ${code}:\n${output}`);
  return output.split("\n").filter((line) => /^dist\/\S+\.(tgz|tar\.gz)$/.test(line));
}

async function billOfMaterials(root: string, name: string): Promise<string> {
  const words = ["sbom", "--sbom-format=cyclonedx", "--omit=dev"];
  const { code, output } = await runGathered("npm", words, { cwd: root, showErrors: true });
  if (code !== 0) throw new Error(`npm ${words.join(" ")} ended with code ${code}:\n${output}`);
  return reproducible(output, name);
}
