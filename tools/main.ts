import { join } from "node:path";
import pc from "picocolors";
import { runAdoptTask } from "./adoption-task";
import { ArgumentsError, stackTasks } from "./arguments";
import { runBenchTask } from "./bench-task";
import { runFixTask } from "./check-task";
import { runHostsTask } from "./hosts-task";
import { operationTasks, runOperationTask } from "./operation-task";
import { clonePaths, type Paths } from "./paths";
import { runAttached } from "./process";
import { say } from "./progress";
import { GET_PULUMI_TASK, providePulumi } from "./provide";
import { getPulumi } from "./pulumi";
import { runReleaseTask } from "./release-task";
import { runServiceTask, serviceTasks } from "./service-task";
import {
  runLabTask,
  runMapTask,
  runPulumiTask,
  runStackFilesTask,
  runStackTask,
  runStatusTask,
} from "./stack-task";
import { runCheckTask, runDrillsTask, runTestTask } from "./test-task";

/** Runs with the words after its name; answers with the exit code. */
type Task = (paths: Paths, words: readonly string[]) => Promise<number>;

const tasks: Readonly<Record<string, Task>> = {
  ...Object.fromEntries(
    stackTasks.map((task): [string, Task] => [
      task,
      (paths, words) => runStackTask(task, paths, words),
    ]),
  ),
  ...Object.fromEntries(
    operationTasks.map((task): [string, Task] => [
      task,
      (paths, words) => runOperationTask(task, paths, words),
    ]),
  ),
  ...Object.fromEntries(
    serviceTasks.map((task): [string, Task] => [
      task,
      (paths, words) => runServiceTask(task, paths, words),
    ]),
  ),
  adopt: runAdoptTask,
  pulumi: runPulumiTask,
  status: runStatusTask,
  hosts: runHostsTask,
  map: runMapTask,
  lab: runLabTask,
  stack: runStackFilesTask,
  check: runCheckTask,
  test: runTestTask,
  "test:drills": runDrillsTask,
  bench: runBenchTask,
  fix: runFixTask,
  schema: (paths) =>
    runAttached(process.execPath, [join(paths.dist, "schema", "main.js"), "write"]),
  reference: (paths) =>
    runAttached(process.execPath, [join(paths.dist, "reference", "main.js"), "write"]),
  pack: (paths, words) =>
    runAttached(process.execPath, [join(paths.root, "tools", "pack.mjs"), ...words]),
  release: runReleaseTask,
  // The bundles are made by run.mjs before any task.
  build: async (paths) => {
    const { command, origin } = await providePulumi(paths, { lab: undefined });
    console.log(`Pulumi: ${command} (${origin})`);
    return 0;
  },
};

async function main(name: string, words: readonly string[]): Promise<number> {
  const paths = clonePaths(process.cwd());
  if (name === GET_PULUMI_TASK) {
    await getPulumi(paths, say);
    return 0;
  }
  const task = tasks[name];
  if (task !== undefined) return task(paths, words);
  const known = Object.keys(tasks).sort().join(", ");
  throw new ArgumentsError(`task: got "${name}"; expected one of ${known}, as in npm run up`);
}

const [name = "", ...words] = process.argv.slice(2);
main(name, words).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    console.error(`${pc.red("swarm:")} ${message}`);
    process.exitCode = 1;
  },
);
