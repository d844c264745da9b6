import { remainsOf, untilNextLook } from "../../cluster/lookout";
import { describeTask, hasEnded, nodeNames } from "../../cluster/tasks";
import { parseDuration } from "../../units/units";
import type { Context } from "../context";
import type { ServiceState } from "./arguments";

/** Time beyond the grace period that tasks have to end. */
const spareMilliseconds = 60_000;

/**
 * Waits until the tasks of a removed service have ended. Those on a node that is down never say so: after the deadline
 * they are named in a warning, and the removal goes on.
 */
export async function awaitEnd(context: Context, id: string, old: ServiceState): Promise<void> {
  const grace = (parseDuration(old.stopGracePeriod ?? "10s") ?? 0) / 1e6;
  const deadline = Date.now() + grace + spareMilliseconds;
  const nodes = nodeNames(await context.managers.nodes());
  const byNode = old.mode?.startsWith("global") === true;
  for (;;) {
    const tasks = await remainsOf(context, id);
    const left = tasks.filter((task) => !hasEnded(task));
    if (left.length === 0) return;
    const names = left
      .map((task) => describeTask(task, { service: old.name ?? id, nodes, byNode }))
      .sort();
    if (Date.now() > deadline) {
      context.warn(`the service is removed, but these tasks have not ended: ${names.join(", ")}`);
      return;
    }
    context.progress(
      `${left.length === 1 ? "1 task" : `${left.length} tasks`} ending; ${names[0] ?? ""}`,
    );
    await untilNextLook(context.signal);
  }
}
