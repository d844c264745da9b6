import type { Service } from "@docker/node-sdk";
import type { Attempt } from "../../cluster/attempts";
import { describeAttempt } from "../../cluster/attempts";
import { hasBegun, hasEnded, slotOf, stateOf } from "../../cluster/tasks";
import type { Snapshot } from "./rollout";
import { isUpdating, modeOfService } from "./rollout";

/**
 * So often in a row every slot must have failed alike. Programs that give up at once while what they need is not there
 * yet do so a few times.
 */
const leastTimes = 8;

/** And for so many milliseconds at least, however quickly Docker starts them anew. */
const leastSpan = 60_000;

/** And for this part of `convergeTimeout`, which is so a way to ask for more patience. */
const leastPart = 5;

/**
 * Why a service will not start by itself, and what to do; undefined while it may. Pure.
 *
 * It will not when each slot that was tried has ended in the same way many times in a row, each time right after its
 * start. Where the number of attempts is limited, or an update is under way, Docker gives up by itself.
 *
 * @param timeout - milliseconds within which the tasks must run
 */
export function hopeless(snapshot: Snapshot, timeout: number): string | undefined {
  const { service, attempts } = snapshot;
  const [first] = attempts;
  if (first === undefined || isLimited(service) || isUpdating(service)) return undefined;
  const least = Math.max(leastSpan, timeout / leastPart);
  const isLoop = ({ inARow, span, running, longest }: Attempt): boolean =>
    inARow >= leastTimes && span >= least && running <= longest;
  if (!attempts.every(isLoop) || hasOther(snapshot)) return undefined;
  return sentence(first, snapshot);
}

/** Whether the number of attempts is limited. */
function isLimited({ Spec: spec }: Service): boolean {
  const { Condition: condition, MaxAttempts: most = 0 } = spec?.TaskTemplate?.RestartPolicy ?? {};
  return condition === "none" || most > 0;
}

/** Whether a slot was started, or has done its work, without having failed. */
function hasOther({ service, tasks, names, attempts }: Snapshot): boolean {
  const failed = new Set(attempts.map(({ last }) => slotOf(last, names)));
  const isJob = modeOfService(service).endsWith("-job");
  return tasks.some((task) => {
    const isDone = isJob && stateOf(task) === "complete";
    const isUp = hasBegun(task) && !hasEnded(task);
    return isDone || (isUp && !failed.has(slotOf(task, names)));
  });
}

function sentence(first: Attempt, { attempts, names }: Snapshot): string {
  const seconds = (milliseconds: number): number => Math.ceil(milliseconds / 1000);
  const alike = attempts.length === 1 ? "" : `, and ${attempts.length - 1} more slots alike`;
  const least = Math.min(...attempts.map(({ inARow }) => inARow));
  const span = seconds(Math.max(...attempts.map((one) => one.span)));
  const longest = seconds(Math.max(...attempts.map((one) => one.longest)));
  return (
    `${describeAttempt(first, names)}${alike}: ${least} times in a row within ${span} s, ` +
    `each time within ${longest} s of its start; it does not start like this`
  );
}
