import type { Task } from "@docker/node-sdk";
import {
  exitOf,
  hasBegun,
  hasEnded,
  newestFirst,
  placesOf,
  slotOf,
  stateOf,
  taskName,
} from "./tasks";
import type { TaskNames } from "./tasks";

/** How the tasks of one slot have ended, one after another, since a rollout began. */
export interface Attempt {
  /** The one that ended last. */
  readonly last: Task;
  /** How many have ended. */
  readonly count: number;
  /**
   * How many of them, counted from the last, ended in the same way and soon after their start, and none ran longer
   * than those before it.
   */
  readonly inARow: number;
  /** Milliseconds from the start of the first of those until the end of the last. */
  readonly span: number;
  /** Milliseconds that the longest of those ran, as far as can be told: at least as long as it did. */
  readonly longest: number;
  /** Ids of the nodes on which they were. */
  readonly nodes: ReadonlySet<string>;
  /** Milliseconds that the present task of the slot runs by now; 0 while none does. */
  readonly running: number;
}

/**
 * Milliseconds within which a task must have ended to count as one that cannot start. Far below the time that programs
 * wait for a database before they give up (10 to 30 seconds), and enough for one that dies on a slow machine; what is
 * measured is longer than what it was by up to two looks.
 */
const soon = 8000;

/** By so many milliseconds a run may seem longer than the shortest before it and mean nothing. */
const blur = 2000;

/** When a task was seen to run, and whether its end was counted. */
interface Life {
  /** It surely had not begun before then; -Infinity where that is not known. */
  readonly since: number;
  isCounted: boolean;
}

interface Row extends Omit<Attempt, "running"> {
  readonly way: string;
  readonly began: number;
  readonly shortest: number;
}

/**
 * Counts over all looks of a rollout how tasks end. Docker keeps only the last five of a slot, and says neither when
 * one began nor, on a clock that is the same for all, when it ended; so what counts is what was seen.
 */
export class Attempts {
  private readonly lives = new Map<string, Life>();
  private readonly rows = new Map<string, Row>();
  private lastLook = -Infinity;

  /**
   * @param tasks - all of the present definition
   * @param counts - which ends are counted
   * @param now - milliseconds of a clock
   */
  look(
    tasks: readonly Task[],
    names: TaskNames,
    counts: (task: Task) => boolean,
    now: number,
  ): readonly Attempt[] {
    for (const task of newestFirst(tasks).reverse()) this.note(task, names, counts, now);
    const present = new Set(tasks.map(({ ID: id }) => id));
    for (const id of this.lives.keys()) if (!present.has(id)) this.lives.delete(id);
    this.lastLook = now;
    const up = tasks.filter((task) => hasBegun(task) && !hasEnded(task));
    return [...this.rows.entries()]
      .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
      .map(([slot, row]) => {
        const own = up.filter((task) => slotOf(task, names) === slot);
        return { ...row, running: Math.max(0, ...own.map((task) => this.age(task, now))) };
      });
  }

  private age({ ID: id = "" }: Task, now: number): number {
    return now - (this.lives.get(id)?.since ?? now);
  }

  private note(task: Task, names: TaskNames, counts: (task: Task) => boolean, now: number): void {
    const { ID: id = "" } = task;
    if (!hasBegun(task)) return;
    const life = this.lives.get(id) ?? { since: this.lastLook, isCounted: false };
    this.lives.set(id, life);
    if (!hasEnded(task) || life.isCounted) return;
    life.isCounted = true;
    const slot = slotOf(task, names);
    if (counts(task)) this.rows.set(slot, nextRow(this.rows.get(slot), task, life.since, now));
  }
}

function nextRow(was: Row | undefined, task: Task, since: number, now: number): Row {
  const ran = now - since;
  const way = wayOf(task);
  const count = (was?.count ?? 0) + 1;
  const node = task.NodeID ?? "";
  const goesOn = was !== undefined && was.inARow > 0 && was.way === way;
  if (ran <= soon && goesOn && ran <= was.shortest + blur)
    return {
      last: task,
      count,
      way,
      inARow: was.inARow + 1,
      began: was.began,
      span: now - was.began,
      longest: Math.max(was.longest, ran),
      shortest: Math.min(was.shortest, ran),
      nodes: new Set([...was.nodes, node]),
    };
  const inARow = ran <= soon ? 1 : 0;
  const first = { began: since, span: ran, longest: ran, shortest: ran };
  return { last: task, count, way, inARow, ...first, nodes: new Set([node]) };
}

/** Ends are the same when exit code and Docker's words are. */
function wayOf(task: Task): string {
  return `${stateOf(task)} ${exitOf(task) ?? ""} ${task.Status?.Err ?? ""}`;
}

/** `web.1 failed 7 times on worker-1, exit 1`. */
export function describeAttempt({ last, count, nodes }: Attempt, names: TaskNames): string {
  const verb = stateOf(last) === "complete" ? "ended" : "failed";
  const times = count === 1 ? "once" : `${count} times`;
  return `${taskName(last, names)} ${verb} ${times}${placesOf(nodes, names)}${describeEnd(last)}`;
}

/** `, exit 1`, with Docker's words where they say more. */
function describeEnd(task: Task): string {
  const code = exitOf(task);
  const { Err: error = "" } = task.Status ?? {};
  const exit = code === undefined ? "" : `, exit ${code}`;
  return error === "" || error === `task: non-zero exit (${code ?? ""})`
    ? exit
    : `${exit} (${error})`;
}
