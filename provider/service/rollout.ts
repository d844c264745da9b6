import type { Service, Task } from "@docker/node-sdk";
import type { Tree } from "../fields/paths";
import { hasHealthcheck } from "../health";
import { modeOf } from "./deploy-rows";
import type { TaskNames } from "./tasks";
import { describeTask, hasEnded, hasFailed, isWanted, newestFirst, slotOf, stateOf } from "./tasks";

/** What is seen of a service at one moment. */
export interface Snapshot {
  readonly service: Service;
  /** Its tasks that are of the present definition. */
  readonly tasks: readonly Task[];
  readonly names: TaskNames;
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
  const line = progressLine(snapshot, goal);
  if (isUpdating(snapshot.service)) return { kind: "going", line: `update: ${line}` };
  if (goal.reached === goal.wanted) {
    // Docker would have stopped an update whose tasks fail, and a job's tasks are at their end.
    const watched = isVouchedFor(snapshot.service) || goal.word === "complete";
    const certain = goal.wanted > 0 ? watched : isScaledToNothing(snapshot);
    return { kind: certain ? "done" : "settling", line };
  }
  const moving = snapshot.tasks.some((task) => !hasEnded(task));
  return { kind: moving ? "going" : "idle", line };
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
  return modeOf(specOf(service)) === "replicated";
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

function isUpdating(service: Service): boolean {
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

function goalOf({ service, tasks, names }: Snapshot): Goal {
  const mode = modeOf(specOf(service));
  const spec = service.Spec?.Mode;
  const count = (some: readonly Task[]): number =>
    new Set(some.map((task) => slotOf(task, names))).size;
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
  const running = tasks.filter((task) => isWanted(task) && stateOf(task) === "running").length;
  if (restartCondition(service) !== "any") {
    // A task that ended well is not started again: it has done its work.
    const finished = count(tasks.filter((task) => stateOf(task) === "complete"));
    const wanted = mode === "global" ? count(tasks) : replicasOf(service);
    return { reached: running + finished, wanted, word: finished > 0 ? "complete" : "running" };
  }
  const wanted = mode === "global" ? count(tasks.filter(isWanted)) : replicasOf(service);
  return { reached: running, wanted, word: "running" };
}

function replicasOf(service: Service): number {
  return service.Spec?.Mode?.Replicated?.Replicas ?? 1;
}

function restartCondition(service: Service): string {
  return service.Spec?.TaskTemplate?.RestartPolicy?.Condition ?? "any";
}

function progressLine({ tasks, names }: Snapshot, { reached, wanted, word }: Goal): string {
  const count = `${reached}/${wanted} tasks ${word}`;
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
