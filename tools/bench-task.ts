import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { withSection } from "./bench-results";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { providePulumi } from "./provide";

/** Exit codes above it are signals: somebody wants an end of it. */
const SIGNALLED = 128;

/**
 * Runs the benchmarks of test/bench, one after the other. What each prints is kept in `bench-results.md`.
 *
 * @param words names of benchmarks; none means all
 * @returns the exit code
 */
export async function runBenchTask(paths: Paths, words: readonly string[]): Promise<number> {
  const folder = join(paths.root, "test", "bench");
  const names = (await readdir(folder))
    .filter((file) => file.endsWith(".bench.ts"))
    .map((file) => file.replace(/\.bench\.ts$/, ""))
    .sort();
  const unknown = words.filter((word) => !names.includes(word));
  if (unknown.length > 0 || names.length === 0) {
    const got = unknown.length > 0 ? unknown.join(", ") : "an empty folder";
    throw new Error(
      `bench: got ${got}; expected files *.bench.ts in ${folder}: ${names.join(", ")}`,
    );
  }
  await providePulumi(paths, { lab: {} });
  const began = Date.now();
  const failed: string[] = [];
  for (const name of words.length > 0 ? words : names) {
    console.log(`\n── ${name}`);
    const code = await run(paths, name);
    if (code > SIGNALLED) {
      console.error(`\nbench: ${name} was interrupted; the others were not begun`);
      return code;
    }
    if (code !== 0) failed.push(name);
  }
  const minutes = ((Date.now() - began) / 60_000).toFixed(0);
  if (failed.length > 0) console.error(`\nbench: failed, see above: ${failed.join(", ")}`);
  else console.log(`\nall of it in ${minutes} min, kept in bench-results.md`);
  return failed.length > 0 ? 1 : 0;
}

/** One of them, and its section of the file with all results; what it has said by then, where it fails. */
async function run(paths: Paths, name: string): Promise<number> {
  const bundler = pathToFileURL(join(paths.root, "tools", "build.mjs")).href;
  const { bundle } = (await import(bundler)) as {
    readonly bundle: (source: string, output: string) => Promise<void>;
  };
  const program = join(paths.root, ".swarm", "bench", `${name}.js`);
  await bundle(join(paths.root, "test", "bench", `${name}.bench.ts`), program);
  const printed = join(paths.root, ".swarm", "bench", `${name}.md`);
  await rm(printed, { force: true });
  const environment = { SWARM_BENCH_RESULTS: printed };
  const code = await runAttached(process.execPath, [program], { environment });
  const said = await textOf(printed);
  if (said === "") return code;
  const end = code === 0 ? "" : "It did not come to its end: what follows on these is missing.\n";
  const results = join(paths.root, "bench-results.md");
  await writeFile(results, withSection(await textOf(results), name, `${said}${end}`));
  return code;
}

/** Content of a file; empty for none. */
async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  });
}
