import type { Task } from "@docker/node-sdk";
import { Attempts } from "../../cluster/attempts";
import { LastWords } from "../../cluster/last-words";
import { sightOf, untilNextLook } from "../../cluster/lookout";
import { isUnreachable } from "../../cluster/manager-errors";
import type { Slot } from "../../cluster/run";
import { hasFailed, nodeNames } from "../../cluster/tasks";
import type { Context } from "../context";
import { hopeless } from "./loop";
import { isLost, judge, modeOfService, settleTime } from "./rollout";
import type { Snapshot, Verdict } from "./rollout";

/** How a rollout ended. */
export interface Outcome {
  readonly converged: boolean;
  /** Why it did not converge; how far it is otherwise. */
  readonly line: string;
  /** Docker starts nothing any more by itself. */
  readonly isStuck: boolean;
  /** It was given up before its time, because its tasks end as soon as they start. */
  readonly isHopeless: boolean;
  /** Undefined when no manager could be asked. */
  readonly snapshot: Snapshot | undefined;
}

/** For this long nothing may move before a service that is not complete counts as stuck. */
const idleMilliseconds = 10_000;

/**
 * Docker overlooks an update of the same definition while the one that it has just paused still ends; so it is told
 * again after this long, this often.
 */
const nudgeMilliseconds = 4000;
const mostNudges = 5;

/** What has to be followed. */
export interface Followed {
  readonly id: string;
  readonly name: string;
  /** Milliseconds within which the tasks must run. */
  readonly timeout: number;
  /** Milliseconds after which tasks that no node takes are given up. */
  readonly patience: number;
  /** Writes the service once more, when an update that was resumed does not begin. */
  readonly nudge?: (() => Promise<void>) | undefined;
}

/** What is to be seen of a service now. */
export async function look(
  context: Context,
  { id, name }: Pick<Followed, "id" | "name">,
): Promise<Snapshot> {
  const { service, tasks } = await sightOf(context, id);
  const nodes = await context.managers.nodes();
  const byNode = modeOfService(service).startsWith("global");
  const names = { service: name, nodes: nodeNames(nodes), byNode };
  const closed = nodes.filter(
    ({ Spec: spec, Status: status }) => spec?.Availability === "drain" || status?.State === "down",
  );
  return {
    service,
    tasks,
    names,
    closed: new Set(closed.map(({ ID: nodeId = "" }) => nodeId)),
    attempts: [],
  };
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
): Omit<Outcome, "snapshot" | "isHopeless"> | undefined {
  const isStuck = kind === "idle" && same >= idleMilliseconds;
  if (isStuck) return { converged: false, line: `${line}; nothing is started any more`, isStuck };
  if (kind === "done" || kind === "failed") return { converged: kind === "done", line, isStuck };
  if (kind === "settling" && same >= settleTime(snapshot))
    return { converged: true, line, isStuck };
  if (cannotBePlaced(snapshot) && same >= patience) return { converged: false, line, isStuck };
  return undefined;
}

/** One rollout, looked at again and again. */
class Watch {
  private readonly context: Context;
  private readonly followed: Followed;
  private readonly stopwatch = new Stopwatch();
  /** Tasks that had failed before; they say nothing about this rollout. */
  private past: ReadonlySet<string> | undefined;
  private readonly attempts = new Attempts();
  private readonly lastWords: LastWords;
  private nudges = 0;
  /** Why it will not start by itself; undefined while it may. */
  hopeless: string | undefined;
  snapshot: Snapshot | undefined;
  line = "nothing seen of it yet";

  constructor(context: Context, followed: Followed) {
    this.context = context;
    this.followed = followed;
    this.lastWords = new LastWords(context);
  }

  /** Whoever does not wait any more needs no log. */
  end(): void {
    this.lastWords.end();
  }

  /** Looks once; answers the outcome if it is over. */
  async look(): Promise<Outcome | undefined> {
    const seen = await look(this.context, this.followed);
    const counts = (task: Task): boolean => isLost(task, seen.service);
    const ofThePast = seen.tasks.filter((task) => hasFailed(task) || counts(task));
    this.past ??= new Set(ofThePast.map((task) => task.ID ?? ""));
    const { past } = this;
    const tasks = seen.tasks.filter((task) => !past.has(task.ID ?? ""));
    const attempts = this.attempts.look(tasks, seen.names, counts, Date.now());
    const snapshot = { ...seen, tasks, attempts };
    this.snapshot = snapshot;
    const verdict = judge(snapshot);
    this.line = verdict.line;
    this.context.progress(`${verdict.line}${this.lastWords.of(verdict.tried)}`);
    const same = this.stopwatch.elapsed(`${verdict.kind} ${tasksIn(snapshot)}`);
    const end = endOf(verdict, snapshot, same, this.followed.patience);
    if (end !== undefined) return { ...end, snapshot, isHopeless: false };
    this.hopeless = hopeless(snapshot, this.followed.timeout);
    if (this.hopeless !== undefined && !othersMayHelp(this.context))
      return { converged: false, line: this.hopeless, isStuck: false, isHopeless: true, snapshot };
    await this.nudgeAfter(same);
    return undefined;
  }

  private async nudgeAfter(same: number): Promise<void> {
    const { nudge } = this.followed;
    const isQuiet = this.snapshot?.service.UpdateStatus === undefined && same > nudgeMilliseconds;
    if (nudge === undefined || !isQuiet || this.nudges === mostNudges) return;
    this.nudges += 1;
    await nudge();
  }
}

/**
 * Follows the tasks of a service until they run (or have ended, for jobs), Docker gives up, or time is over.
 * An interruption by the user is an outcome as well: the service is there, and the state must keep it.
 */
export async function follow(context: Context, followed: Followed): Promise<Outcome> {
  const deadline = Date.now() + followed.timeout;
  const watch = new Watch(context, followed);
  const unfinished = (line: string): Outcome => ({
    converged: false,
    line,
    isStuck: false,
    isHopeless: false,
    snapshot: watch.snapshot,
  });
  const watches = context.run.get(allWatches);
  watches.add(watch);
  try {
    for (;;) {
      try {
        const outcome = await watch.look();
        if (outcome !== undefined) return outcome;
      } catch (error) {
        // A leader may be lost and found again while tasks start.
        if (!(error instanceof Error) || !isUnreachable(error)) throw error;
        watch.line = error.message;
        context.progress(`waiting for a manager: ${error.message}`);
      }
      if (Date.now() > deadline) {
        return unfinished(`${watch.line} after ${Math.round(followed.timeout / 1000)}s`);
      }
      await untilNextLook(context.signal);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
    return unfinished(`interrupted at ${watch.line}`);
  } finally {
    watches.delete(watch);
    watch.end();
  }
}

/** Rollouts of a run that are under way. */
const allWatches: Slot<Set<Watch>> = { make: () => new Set<Watch>() };

/** Whether another service is on its way yet, which may be the one that a program looks for and does not find. */
function othersMayHelp({ run }: Context): boolean {
  return [...run.get(allWatches)].some(({ hopeless: reason }) => reason === undefined);
}

/** Which tasks run: another one in their place means that one has died. */
function tasksIn({ tasks }: Snapshot): string {
  return tasks
    .map((task) => `${task.ID ?? ""}=${task.Status?.State ?? ""}`)
    .sort()
    .join(" ");
}
