import type { Node, Task } from "@docker/node-sdk";
import { neededOf } from "../cluster/quorum";
import { nameOf } from "../cluster/members";

/** The manager whose engine is stopped for a backup. */
export interface Choice {
  readonly host: string;
  /** What its stop means, for the user; undefined when it means nothing. */
  readonly warning: string | undefined;
}

/**
 * The manager whose stop costs least: not the leader, with few tasks.
 *
 * @param hosts - configured hosts; a manager among them is found by its hostname
 * @throws Error when the swarm would stand still although a manager is only away
 */
export function managerToCopy(
  nodes: readonly Node[],
  tasks: readonly Task[],
  hosts: readonly string[],
): Choice {
  const managers = nodes.filter((node) => node.ManagerStatus);
  const reachable = managers.filter((node) => node.ManagerStatus?.Reachability === "reachable");
  const busy = (node: Node): number =>
    tasks.filter(({ NodeID, Status }) => NodeID === node.ID && Status?.State === "running").length;
  const [best] = reachable
    .filter((node) => hosts.includes(nameOf(node)))
    .map((node) => ({
      host: nameOf(node),
      leads: node.ManagerStatus?.Leader === true,
      tasks: busy(node),
    }))
    .sort(
      (a, b) =>
        Number(a.leads) - Number(b.leads) || a.tasks - b.tasks || (a.host < b.host ? -1 : 1),
    );
  if (best === undefined)
    throw new Error("got no reachable manager among the configured hosts; expected at least one");
  const stops = reachable.length - 1 < neededOf(managers.length);
  if (stops && reachable.length < managers.length) {
    const away = managers.filter((node) => !reachable.includes(node)).map(nameOf);
    throw new Error(
      `${reachable.length} of ${managers.length} managers can be reached, and a backup stops one of them: the swarm would ` +
        `stand still. Bring ${away.sort().join(", ")} back first.`,
    );
  }
  const costs = [
    ...(stops ? ["the swarm cannot be changed for these seconds"] : []),
    ...(best.tasks > 0
      ? [`${best.tasks} ${best.tasks === 1 ? "task there starts" : "tasks there start"} again`]
      : []),
  ];
  return { host: best.host, warning: costs.length === 0 ? undefined : costs.join(", and ") };
}
