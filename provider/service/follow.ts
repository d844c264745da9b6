import { setTimeout as delay } from "node:timers/promises";
import type { Service, Task } from "@docker/node-sdk";
import type { Context } from "../context";
import { isUnreachable } from "../reading";
import { judge } from "./rollout";
import type { Snapshot, Verdict } from "./rollout";
import { nodeNames } from "./tasks";

/** How a rollout ended. */
export interface Outcome {
  readonly converged: boolean;
  /** Why it did not converge; how far it is otherwise. */
  readonly line: string;
  /** Undefined when no manager could be asked. */
  readonly snapshot: Snapshot | undefined;
}

/** Docker sends no events for tasks, so a manager is asked this often. */
const pollMilliseconds = 700;

/** For this long all tasks must stay running, so that one which dies at once is not taken for a success. */
const settleMilliseconds = 2000;

/** For this long nothing may move before a service that is not complete counts as stuck. */
const idleMilliseconds = 10_000;

/** What has to be followed. */
export interface Followed {
  readonly id: string;
  readonly name: string;
  /** Milliseconds within which the tasks must run. */
  readonly timeout: number;
  /** Milliseconds after which tasks that no node takes are given up. */
  readonly patience: number;
}

async function look(context: Context, { id, name }: Followed): Promise<Snapshot> {
  const { signal } = context;
  const filters = { service: [id], "_up-to-date": ["true"] };
  const [service, tasks] = await context.managers.use((engine) =>
    Promise.all([
      engine.request<Service>("GET", `/services/${id}`, { signal }),
      engine.request<Task[]>("GET", "/tasks", { query: { filters }, signal }),
    ]),
  );
  const nodes = nodeNames(await context.managers.nodes());
  return { service, tasks, names: { service: name, nodes } };
}

/** Whether every task that does not run yet is one that no node can take. */
function cannotBePlaced({ tasks }: Snapshot): boolean {
  const open = tasks.filter(({ DesiredState }) => DesiredState === "running");
  const waiting = open.filter(({ Status }) => Status?.State === "pending");
  const left = open.filter(({ Status }) => Status?.State !== "running");
  return waiting.length > 0 && waiting.length === left.length && waiting.every(hasNoNode);
}

function hasNoNode({ Status: status }: Task): boolean {
  return /no suitable node/i.test(`${status?.Message ?? ""} ${status?.Err ?? ""}`);
}

/** How long the same verdict has been seen. */
class Stopwatch {
  private what = "";
  private since = 0;

  /** Milliseconds since `what` was first seen without anything else in between. */
  elapsed(what: string): number {
    if (what !== this.what) {
      this.what = what;
      this.since = Date.now();
    }
    return Date.now() - this.since;
  }
}

/** The end of a rollout, if this is it. */
function endOf(
  { kind, line }: Verdict,
  snapshot: Snapshot,
  same: number,
  patience: number,
): Omit<Outcome, "snapshot"> | undefined {
  if (kind === "done" || kind === "failed") return { converged: kind === "done", line };
  if (kind === "settling" && same >= settleMilliseconds) return { converged: true, line };
  if (kind === "idle" && same >= idleMilliseconds) {
    return { converged: false, line: `${line}; nothing is started any more` };
  }
  if (cannotBePlaced(snapshot) && same >= patience) return { converged: false, line };
  return undefined;
}

/**
 * Follows the tasks of a service until they run (or have ended, for jobs), Docker gives up, or time is over.
 * An interruption by the user is an outcome as well: the service is there, and the state must keep it.
 */
export async function follow(context: Context, followed: Followed): Promise<Outcome> {
  const deadline = Date.now() + followed.timeout;
  const stopwatch = new Stopwatch();
  let snapshot: Snapshot | undefined;
  let line = "nothing seen of it yet";
  try {
    for (;;) {
      try {
        snapshot = await look(context, followed);
        const verdict = judge(snapshot);
        ({ line } = verdict);
        context.progress(line);
        const what = `${verdict.kind} ${tasksIn(snapshot)}`;
        const end = endOf(verdict, snapshot, stopwatch.elapsed(what), followed.patience);
        if (end !== undefined) return { ...end, snapshot };
      } catch (error) {
        // A leader may be lost and found again while tasks start.
        if (!(error instanceof Error) || !isUnreachable(error)) throw error;
        line = error.message;
        context.progress(`waiting for a manager: ${error.message}`);
      }
      if (Date.now() > deadline) {
        const seconds = Math.round(followed.timeout / 1000);
        return { converged: false, line: `${line} after ${seconds}s`, snapshot };
      }
      await delay(pollMilliseconds, undefined, { signal: context.signal });
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return { converged: false, line: `interrupted at ${line}`, snapshot };
  }
}

/** Which tasks run: another one in their place means that one has died. */
function tasksIn({ tasks }: Snapshot): string {
  return tasks
    .map((task) => `${task.ID ?? ""}=${task.Status?.State ?? ""}`)
    .sort()
    .join(" ");
}
