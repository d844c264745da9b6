import type { Task } from "@docker/node-sdk";
import type { Context } from "../context";
import type { Outcome } from "./follow";
import { lastLines } from "./logs";
import { describeTask, hasFailed, isWanted, newestFirst, slotOf, stateOf, taskName } from "./tasks";
import type { TaskNames } from "./tasks";

/** Tasks that a report tells about at most. */
const toldTasks = 3;

/** What a report is about. */
export interface Failed {
  readonly id: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Only tasks made since then are to blame, by Docker's clock. */
  readonly since: string;
}

/**
 * Why a service did not converge: the tasks to blame with node, exit code and Docker's words, the last lines that the
 * first of them wrote, and what state the service is in now.
 */
export async function report(context: Context, failed: Failed): Promise<string> {
  const { name, outcome } = failed;
  const lines = [`service ${name}: ${outcome.line}`];
  const { snapshot } = outcome;
  if (snapshot !== undefined && !context.signal.aborted) {
    const blamed = await toBlame(context, failed, snapshot.names).catch(() => [] as Task[]);
    lines.push(...blamed.map((task) => `  ${blame(task, snapshot.names)}`));
    lines.push(...(await logOf(context, blamed, snapshot.names)));
  }
  lines.push(stateNow(outcome));
  return lines.join("\n");
}

/** One task per slot: failed ones first, else those that wait. */
async function toBlame(context: Context, { id, since }: Failed, names: TaskNames): Promise<Task[]> {
  const query = { filters: { service: [id] } };
  const all = await context.managers.use((engine) =>
    engine.request<Task[]>("GET", "/tasks", { query }),
  );
  const recent = newestFirst(all.filter((task) => (task.CreatedAt ?? "") >= since));
  const failed = recent.filter(hasFailed);
  const waiting = recent.filter((task) => isWanted(task) && stateOf(task) !== "running");
  const perSlot = new Map<string, Task>();
  for (const task of [...failed, ...waiting]) {
    const slot = slotOf(task, names);
    if (!perSlot.has(slot)) perSlot.set(slot, task);
  }
  return [...perSlot.values()].slice(0, toldTasks);
}

function blame(task: Task, names: TaskNames): string {
  const code = task.Status?.ContainerStatus?.ExitCode;
  const exit = code === undefined || code === 0 ? "" : `, exit code ${code}`;
  const { Err: error, Message: message } = task.Status ?? {};
  const said = error === undefined || error === "" ? (message ?? "") : "";
  return `${describeTask(task, names)}${exit}${said === "" ? "" : `: ${said}`}`;
}

async function logOf(
  context: Context,
  blamed: readonly Task[],
  names: TaskNames,
): Promise<string[]> {
  const ran = blamed.find((task) => (task.Status?.ContainerStatus?.ContainerID ?? "") !== "");
  if (ran?.ID === undefined) return [];
  const { ID: id } = ran;
  const said = await context.managers.use((engine) => lastLines(engine, id));
  if (said.length === 0) return [];
  const head = `  last lines of ${taskName(ran, names)}:`;
  return [head, ...said.map((line) => `    ${line}`)];
}

function stateNow({ snapshot, isStuck }: Outcome): string {
  const state = snapshot?.service.UpdateStatus?.State as string | undefined;
  if (state === "rollback_completed" || state === "rollback_paused") {
    return "The service has its previous definition again; the next up tries the new one once more.";
  }
  if (state === "paused") {
    return "The service has the new definition, but not all of its tasks; the next up goes on from there.";
  }
  if (isStuck) {
    return "The service has the new definition, but Docker starts no more tasks; the next up starts them again.";
  }
  return "The service has the new definition, and Docker goes on trying; the next up looks again.";
}
