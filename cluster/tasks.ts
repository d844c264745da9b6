import type { Node, Task, TaskState } from "@docker/node-sdk";
import { nameOf } from "./members";

/** Names for messages. */
export interface TaskNames {
  readonly service: string;
  /** Host names of nodes by id. */
  readonly nodes: ReadonlyMap<string, string>;
  /** Tasks are told apart by their node (global services), not by a number. */
  readonly byNode: boolean;
}

/** Host names of nodes by id. */
export function nodeNames(nodes: readonly Node[]): Map<string, string> {
  return new Map(nodes.map((node) => [node.ID ?? "", nameOf(node)]));
}

const ended: ReadonlySet<TaskState> = new Set([
  "complete",
  "shutdown",
  "failed",
  "rejected",
  "remove",
  "orphaned",
]);

/** State of a task. */
export function stateOf(task: Task): TaskState {
  return task.Status?.State ?? "new";
}

/** Whether a task will never run again. */
export function hasEnded(task: Task): boolean {
  return ended.has(stateOf(task));
}

const notBegun: ReadonlySet<TaskState> = new Set([
  "new",
  "allocated",
  "pending",
  "assigned",
  "accepted",
  "preparing",
  "ready",
]);

/** Whether the container of a task was started, as far as its state tells. */
export function hasBegun(task: Task): boolean {
  return !notBegun.has(stateOf(task));
}

/** Exit code of a task's container, once it has ended. */
export function exitOf(task: Task): number | undefined {
  return hasEnded(task) ? task.Status?.ContainerStatus?.ExitCode : undefined;
}

/** Whether a task went wrong, or was refused by its node. */
export function hasFailed(task: Task): boolean {
  return stateOf(task) === "failed" || stateOf(task) === "rejected";
}

/** Whether Docker wants the task to run. */
export function isWanted(task: Task): boolean {
  return task.DesiredState === "running" || task.DesiredState === "ready";
}

/** The place that a task fills: a number (from 1, in jobs from 0), or a node. Its tasks follow one another. */
export function slotOf(task: Task, { byNode }: Pick<TaskNames, "byNode">): string {
  return byNode ? (task.NodeID ?? "") : String(task.Slot ?? 0);
}

/** `web.3`, or in global services `web.worker-2`. */
export function taskName(task: Task, names: TaskNames): string {
  const slot = slotOf(task, names);
  return `${names.service}.${names.byNode ? (names.nodes.get(slot) ?? "?") : slot}`;
}

/** ` on worker-1, worker-2`. */
export function placesOf(ids: Iterable<string>, { nodes }: Pick<TaskNames, "nodes">): string {
  const known = [...ids].filter((id) => id !== "").map((id) => nodes.get(id) ?? id);
  return known.length === 0 ? "" : ` on ${known.sort().join(", ")}`;
}

/** `web.3 preparing on worker-2`. */
export function describeTask(task: Task, names: TaskNames): string {
  const error = task.Status?.Err;
  const why = error === undefined || error === "" ? "" : ` (${error})`;
  return `${taskName(task, names)} ${stateOf(task)}${placesOf([task.NodeID ?? ""], names)}${why}`;
}

/** Newest first, by Docker's own clock. */
export function newestFirst(tasks: readonly Task[]): Task[] {
  const timeOf = (task: Task): string => task.Status?.Timestamp ?? task.CreatedAt ?? "";
  return [...tasks].sort((a, b) => (timeOf(a) < timeOf(b) ? 1 : -1));
}
