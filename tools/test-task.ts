import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runStaticChecks } from "./check-task";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { providePulumi } from "./provide";

/** A rung of the proof ladder: a project of jest.config.mjs. */
type Rung = "unit" | "mocks" | "preview" | "e2e" | "drills";

/** What jest says of a run, as far as it is used; the rest of its report is for people. */
export interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that could not be loaded: their tests were never counted. */
  readonly numRuntimeErrorTestSuites: number;
}

/** Counts over all runs. A file that cannot be loaded and a test that is left out count as failed. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Adds up jest's reports; a run that left none behind counts as one failure. */
export function tally(reports: readonly (JestReport | undefined)[]): Tally {
  let passed = 0;
  let failed = 0;
  for (const report of reports) {
    passed += report?.numPassedTests ?? 0;
    failed +=
      report === undefined
        ? 1
        : report.numFailedTests +
          report.numPendingTests +
          report.numTodoTests +
          report.numRuntimeErrorTestSuites;
  }
  return { passed, failed };
}

/**
 * Static checks and unit tests.
 *
 * @returns the exit code
 */
export function runCheckTask(paths: Paths): Promise<number> {
  return prove(paths, true, ["unit"], []);
}

/**
 * The whole proof ladder, cheapest first; a failure low down does not hide one higher up.
 *
 * @param words for jest, such as the path of one test; then the static checks are left out
 * @returns the exit code
 */
export function runTestTask(paths: Paths, words: readonly string[]): Promise<number> {
  return prove(paths, words.length === 0, ["unit", "mocks", "preview", "e2e"], words);
}

/**
 * The long failure drills.
 *
 * @returns the exit code
 */
export function runDrillsTask(paths: Paths, words: readonly string[]): Promise<number> {
  return prove(paths, false, ["drills"], words);
}

async function prove(
  paths: Paths,
  checked: boolean,
  rungs: readonly Rung[],
  words: readonly string[],
): Promise<number> {
  const broken = checked ? await runStaticChecks(paths) : [];
  // What takes minutes on a fresh machine is made side by side.
  const lab = rungs.includes("e2e") ? {} : undefined;
  if (rungs.some((rung) => rung !== "unit")) await providePulumi(paths, { lab });
  const reports: (JestReport | undefined)[] = [];
  for (const rung of rungs) reports.push(await runJest(paths, rung, words));
  const { passed, failed } = tally(reports);
  if (broken.length > 0) console.log(`\nChecks that failed: ${broken.join(", ")}`);
  console.log(`\n${passed} passed, ${failed} failed`);
  return broken.length > 0 || failed > 0 || passed === 0 ? 1 : 0;
}

async function runJest(
  paths: Paths,
  rung: Rung,
  words: readonly string[],
): Promise<JestReport | undefined> {
  console.log(`\n── ${rung} tests`);
  const folder = join(paths.root, ".swarm", "test");
  const file = join(folder, `${rung}.json`);
  await mkdir(folder, { recursive: true });
  await rm(file, { force: true });
  // Tests against machines share this machine's cores and the clone's lab.
  const one = rung === "e2e" || rung === "drills" ? ["--runInBand"] : [];
  // One test by its path is looked for on every rung.
  const some = words.length > 0 ? ["--passWithNoTests"] : [];
  const report = ["--json", `--outputFile=${file}`];
  await runAttached(join(paths.root, "node_modules", ".bin", "jest"), [
    "--selectProjects",
    rung,
    ...one,
    ...some,
    ...report,
    ...words,
  ]);
  return readFile(file, "utf8").then(
    (text) => JSON.parse(text) as JestReport,
    () => undefined,
  );
}
