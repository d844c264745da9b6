import type { Service, Task } from "@docker/node-sdk";
import type { Attempt } from "../../cluster/attempts";
import { describeAttempt } from "../../cluster/attempts";
import type { TaskNames } from "../../cluster/tasks";
import {
  describeTask,
  hasEnded,
  hasFailed,
  isWanted,
  newestFirst,
  slotOf,
  stateOf,
} from "../../cluster/tasks";
import type { Tree } from "../fields/paths";
import { hasHealthcheck } from "../workload/health";
import { modeOf } from "./deploy-rows";

/** What is seen of a service at one moment. */
export interface Snapshot {
  readonly service: Service;
  /** Its tasks that are of the present definition. */
  readonly tasks: readonly Task[];
  readonly names: TaskNames;
  /** Nodes, by id, that are to run nothing or cannot: drained ones, and those that are down. */
  readonly closed: ReadonlySet<string>;
  /** How often tasks have ended since the rollout began, one row per slot where any has. */
  readonly attempts: readonly Attempt[];
}

/** How far a rollout is. */
export interface Verdict {
  /**
   * - `going`: wait
   * - `settling`: all is there; wait whether it stays
   * - `idle`: nothing moves, and not all is there; wait whether that stays
   * - `done`, `failed`: the end
   */
  readonly kind: "going" | "settling" | "idle" | "done" | "failed";
  /** `2/3 tasks running; web.3 preparing on worker-2`, or why it failed. */
  readonly line: string;
  /** The slot of whose failures the line speaks, if it does. */
  readonly tried?: Attempt | undefined;
}

/** For this long, in milliseconds, tasks must stay running that a health check vouches for. */
const settleWhenChecked = 2000;

/** For others, so that one which dies soon is not taken for a success; what Docker's own monitor takes as its default. */
const settleUnchecked = 5000;

/** And where one has died since the rollout began: in a loop of restarts a task runs for a moment again and again. */
const settleAfterFailure = 10_000;

/** A task that its node refused this often for one reason will be refused again. */
const hopelessRefusals = 3;

/** What is counted of a service, and how many there must be. */
interface Goal {
  readonly reached: number;
  readonly wanted: number;
  readonly word: "running" | "complete";
}

/** Says how far the rollout of a service is. Pure: the same snapshot gives the same verdict. */
export function judge(snapshot: Snapshot): Verdict {
  const stopped = stoppedByDocker(snapshot.service);
  if (stopped !== undefined) return { kind: "failed", line: stopped };
  const refused = refusedAgain(snapshot);
  if (refused !== undefined) return { kind: "failed", line: refused };

  const goal = goalOf(snapshot);
  const tried = goal.reached < goal.wanted ? mostTried(snapshot) : undefined;
  const line = progressLine(snapshot, goal, tried);
  if (isUpdating(snapshot.service)) return { kind: "going", line: `update: ${line}`, tried };
  if (goal.reached === goal.wanted) {
    // Docker would have stopped an update whose tasks fail, and a job's tasks are at their end.
    const watched = isVouchedFor(snapshot.service) || goal.word === "complete";
    const certain = goal.wanted > 0 ? watched : isScaledToNothing(snapshot);
    return { kind: certain ? "done" : "settling", line };
  }
  const moving = snapshot.tasks.some((task) => !hasEnded(task));
  return { kind: moving ? "going" : "idle", line, tried };
}

/** Whether Docker has watched the tasks of an update. With `continue` it goes on whatever becomes of them. */
function isVouchedFor({ Spec: spec, UpdateStatus: status }: Service): boolean {
  return status !== undefined && spec?.UpdateConfig?.FailureAction !== "continue";
}

/**
 * Milliseconds for which all tasks must stay as they are before a rollout that Docker does not vouch for is a success.
 * A declared monitor counts for a new service as well, as it does for `docker service create`.
 */
export function settleTime({ service, tasks }: Snapshot): number {
  const { Spec: spec, UpdateStatus: status } = service;
  const isChecked = hasHealthcheck(specOf(service)) && status === undefined;
  const monitor = spec?.UpdateConfig?.Monitor;
  const declared = monitor === undefined ? settleUnchecked : monitor / 1_000_000;
  const least = tasks.some(hasFailed) ? settleAfterFailure : settleWhenChecked;
  return Math.max(least, isChecked ? 0 : declared);
}

/** Nothing is asked for; what is global, or a job, may only not have begun. */
function isScaledToNothing({ service }: Snapshot): boolean {
  return modeOfService(service) === "replicated";
}

function specOf(service: Service): Tree {
  return (service.Spec ?? {}) as Tree;
}

/** Why Docker does not go on with an update by itself. */
export function stoppedByDocker(service: Service): string | undefined {
  // The generated type lists fewer states than the API has.
  const status = service.UpdateStatus as { State?: string; Message?: string } | undefined;
  const said = status?.Message === undefined ? "" : `: ${status.Message}`;
  switch (status?.State) {
    case "paused":
      return `Docker paused the update${said}`;
    case "rollback_paused":
      return `Docker rolled the update back, and paused that too${said}`;
    case "rollback_completed":
      return `Docker rolled the update back${said}`;
    default:
      return undefined;
  }
}

/** Whether Docker is at an update, and watches it. */
export function isUpdating(service: Service): boolean {
  const state = service.UpdateStatus?.State as string | undefined;
  return state === "updating" || state === "rollback_started";
}

/** `No such image` and the like: the node will say it again. */
function refusedAgain({ tasks, names }: Snapshot): string | undefined {
  const refusals = newestFirst(tasks.filter((task) => stateOf(task) === "rejected"));
  for (const task of refusals) {
    const same = refusals.filter(
      (other) =>
        slotOf(other, names) === slotOf(task, names) && other.Status?.Err === task.Status?.Err,
    );
    if (same.length >= hopelessRefusals) {
      return `${describeTask(task, names)}: refused ${same.length} times`;
    }
  }
  return undefined;
}

function goalOf(snapshot: Snapshot): Goal {
  const { service, names } = snapshot;
  const mode = modeOfService(service);
  const spec = service.Spec?.Mode;
  const tasks = mode.startsWith("global") ? onOpenNodes(snapshot) : snapshot.tasks;
  const slots = (some: readonly Task[]): ReadonlySet<string> =>
    new Set(some.map((task) => slotOf(task, names)));
  const count = (some: readonly Task[]): number => slots(some).size;
  if (mode.endsWith("-job")) {
    const iteration = service.JobStatus?.JobIteration?.Index ?? 0;
    const ofThis = tasks.filter((task) => (task.JobIteration?.Index ?? 0) === iteration);
    const complete = count(ofThis.filter((task) => stateOf(task) === "complete"));
    const total = spec?.ReplicatedJob?.TotalCompletions ?? 1;
    return {
      reached: complete,
      wanted: mode === "global-job" ? count(ofThis) : total,
      word: "complete",
    };
  }
  const wantedTasks = tasks.filter(isWanted);
  const running = wantedTasks.filter((task) => stateOf(task) === "running").length;
  if (restartCondition(service) !== "any") {
    // A task that ended well is not started again: it has done its work, unless another was put in its place.
    const open = slots(wantedTasks);
    const left = tasks.filter(
      (task) => !open.has(slotOf(task, names)) && task.DesiredState !== "remove",
    );
    const finished = count(left.filter((task) => stateOf(task) === "complete"));
    // What was stopped from outside does not count: its node is to run nothing any more.
    const ownEnds = left.filter((task) => stateOf(task) === "complete" || hasFailed(task));
    const wanted = mode === "global" ? open.size + count(ownEnds) : replicasOf(service);
    return { reached: running + finished, wanted, word: finished > 0 ? "complete" : "running" };
  }
  const wanted = mode === "global" ? count(wantedTasks) : replicasOf(service);
  return { reached: running, wanted, word: "running" };
}

/** Tasks that are wanted, and those of the past on nodes that may have one still. */
function onOpenNodes({ tasks, names, closed }: Snapshot): readonly Task[] {
  const isOpen = (id = ""): boolean => names.nodes.has(id) && !closed.has(id);
  return tasks.filter((task) => isWanted(task) || isOpen(task.NodeID));
}

/** Whether a task has come to an end that it was not to have: what is to run for ever must not even end well. */
export function isLost(task: Task, service: Service): boolean {
  if (stateOf(task) === "failed") return true;
  const isForEver = !modeOfService(service).endsWith("-job") && restartCondition(service) === "any";
  return isForEver && stateOf(task) === "complete";
}

/** The mode of a service, in the spelling of its argument. */
export function modeOfService(service: Service): string {
  return modeOf(specOf(service));
}

function replicasOf(service: Service): number {
  return service.Spec?.Mode?.Replicated?.Replicas ?? 1;
}

function restartCondition(service: Service): string {
  return service.Spec?.TaskTemplate?.RestartPolicy?.Condition ?? "any";
}

/** The slot whose tasks have ended most often. */
function mostTried({ attempts }: Snapshot): Attempt | undefined {
  return attempts.reduce<Attempt | undefined>(
    (most, one) => (one.count > (most?.count ?? 0) ? one : most),
    undefined,
  );
}

function progressLine(
  { tasks, names }: Snapshot,
  { reached, wanted, word }: Goal,
  tried: Attempt | undefined,
): string {
  const count = `${reached}/${wanted} tasks ${word}`;
  if (tried !== undefined) return `${count}; ${describeAttempt(tried, names)}`;
  const [next] = newestFirst(
    tasks.filter((task) => !hasEnded(task) && stateOf(task) !== "running"),
  );
  if (next !== undefined) return `${count}; ${describeTask(next, names)}`;
  const [failure] = newestFirst(tasks.filter(hasFailed));
  if (reached < wanted && failure !== undefined) {
    return `${count}; ${describeTask(failure, names)}`;
  }
  return count;
}
