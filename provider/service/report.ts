import type { Task } from "@docker/node-sdk";
import { lastLines } from "../../cluster/logs";
import {
  describeTask,
  hasFailed,
  isWanted,
  newestFirst,
  slotOf,
  stateOf,
  taskName,
} from "../../cluster/tasks";
import type { TaskNames } from "../../cluster/tasks";
import { listTasks } from "../../hosts/engine-api";
import type { Context } from "../context";
import type { Outcome } from "./follow";
import { isLost } from "./rollout";
import type { Snapshot } from "./rollout";

/** Tasks that a report tells about at most. */
const toldTasks = 3;

/** What to do about tasks that end as soon as they start. */
const mend =
  "Mend the image, command, arguments, environment or mounts of the service. A program that waits for something " +
  "outside gets more time by a longer convergeTimeout: none is given up before a fifth of it has passed.";

/** What a report is about. */
export interface Failed {
  readonly id: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** Only tasks made since then are to blame, by Docker's clock. */
  readonly since: string;
}

/** What is to be said of a failure. */
export interface Report {
  /** Kept in the state, and said again until an update has succeeded. */
  readonly reason: string;
  /** Said once and kept nowhere: a program may have written a password that it made up. */
  readonly details: string | undefined;
}

/**
 * Why a service did not converge: the tasks to blame with node, exit code and Docker's words, what state the service is
 * in now and what to do; and, apart from that, the last lines that the first of the tasks wrote.
 */
export async function report(context: Context, failed: Failed): Promise<Report> {
  const { name, outcome } = failed;
  const lines = [`service ${name}: ${outcome.line}`];
  const { snapshot } = outcome;
  let details: string | undefined;
  if (snapshot !== undefined && !context.signal.aborted) {
    const blamed = await toBlame(context, failed, snapshot).catch(() => [] as Task[]);
    lines.push(...blamed.map((task) => `  ${blame(task, snapshot.names)}`));
    lines.push(...(await newerPackages(context, blamed)));
    details = await logOf(context, blamed, snapshot.names);
  }
  if (details !== undefined)
    lines.push(
      `Its last lines were shown once; docker service logs ${name} on a manager has more.`,
    );
  if (outcome.isHopeless) lines.push(mend);
  lines.push(stateNow(outcome));
  return { reason: lines.join("\n"), details };
}

/** One task per slot: failed ones first, else those that wait. */
async function toBlame(
  context: Context,
  { id, since }: Failed,
  { service, names }: Snapshot,
): Promise<Task[]> {
  const all = await context.managers.use((engine) => listTasks(engine, { service: [id] }));
  const recent = newestFirst(all.filter((task) => (task.CreatedAt ?? "") >= since));
  const failed = recent.filter((task) => hasFailed(task) || isLost(task, service));
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
): Promise<string | undefined> {
  const ran = blamed.find((task) => (task.Status?.ContainerStatus?.ContainerID ?? "") !== "");
  if (ran?.ID === undefined) return undefined;
  const said = await lastLines(context, ran.ID);
  if (said.length === 0) return undefined;
  return [`last lines of ${taskName(ran, names)}:`, ...said.map((line) => `  ${line}`)].join("\n");
}

/** What the image of a failed task is made of may be newer than what was ever seen to work in the lab. */
async function newerPackages({ lab }: Context, blamed: readonly Task[]): Promise<string[]> {
  const image = blamed.find(hasFailed)?.Spec?.ContainerSpec?.Image;
  const newer = image === undefined ? undefined : await lab?.newerThanProven(image);
  return newer === undefined ? [] : [`  ${newer}`];
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
