import { join } from "node:path";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { chooseStack, configurationOf, openStack } from "./stack";
import { mayExist } from "./stack-task";

/** What is asked of the tasks of services. */
export const serviceTasks = ["logs", "exec"] as const;
/** One of {@link serviceTasks}. */
export type ServiceTask = (typeof serviceTasks)[number];

/** As `tasks/main.ts` ends when nobody can be asked. */
const NOT_DONE: Readonly<Record<ServiceTask, number>> = { logs: 1, exec: 125 };

/**
 * Runs `tasks/main.ts` with the stack's configuration, which may hold passwords: it goes over a file descriptor of its
 * own, because standard input is the command's.
 *
 * @returns the exit code; of `exec`, that of the command
 * @throws Error with the way out when something is missing
 */
export async function runServiceTask(
  task: ServiceTask,
  paths: Paths,
  words: readonly string[],
): Promise<number> {
  // What comes after a further `--` is a command, with flags of its own.
  const at = words.indexOf("--");
  const [own, command] = at < 0 ? [words, []] : [words.slice(0, at), words.slice(at)];
  const chosen = await chooseStack(paths, own);
  if (!(await mayExist(paths, chosen))) return NOT_DONE[task];
  const handed = await configurationOf(await openStack(paths, chosen));
  const program = join(paths.dist, "tasks", "main.js");
  const args = [program, task, "--stack", chosen.stack, ...chosen.rest, ...command];
  return runAttached(process.execPath, args, { handed });
}
