import type { Node, Service, Task } from "@docker/node-sdk";
import { nameOf } from "../cluster/members";
import { isGlobal, isJob, localVolumesOf, obstacleFor, tasksOf } from "./demand";
import type { World } from "./demand";
import type { Leaving, NodeFinding } from "./finding";
import { changed, settled } from "./plan";
import type { Homeless } from "./plan";
import { gapOf, rolloutOf } from "./rollout";
import { refusalText } from "./words";

/** What is to be done to one node. */
export interface NodeChange {
  readonly node: Node;
  /** Undefined for one that leaves the swarm. */
  readonly after: Node | undefined;
  /** Services that update start-first are started elsewhere before they stop here. @default true */
  readonly isGentle?: boolean;
  /** It is there again afterwards, without its tasks. @default false */
  readonly isBack?: boolean;
}

/**
 * What a change of a node does to its tasks.
 *
 * A drained node, and one that leaves, loses all of them; one that no longer meets a service's constraints loses that
 * service's, unless it is paused. Tasks do not come back by themselves: only global services, and tasks that wait
 * for a node, start on one that fits again.
 *
 * @see https://github.com/moby/swarmkit/blob/master/manager/orchestrator/constraintenforcer/constraint_enforcer.go
 * @see https://github.com/moby/swarmkit/blob/master/manager/orchestrator/global/global.go
 */
export function nodeFinding(world: World, change: NodeChange): NodeFinding {
  const { node, after, isGentle = true, isBack = false } = change;
  const nodes = new Map([[node.ID ?? "", after]]);
  const { homeless } = settled(changed(world, { services: new Map(), nodes }));
  const waiting = settled(world)
    .homeless.filter(({ service, tasks }) => tasks > lackingIn(homeless, service))
    .map(({ service }) => service);
  const leaving = world.services.flatMap((service): Leaving[] => {
    const here = tasksOf(world, service).filter(({ NodeID: id }) => id === node.ID);
    if (here.length === 0 || !leaves(service, after)) return [];
    const found = homeless.find(({ service: name }) => name === service.Spec?.Name);
    const lack = found && {
      tasks: Math.min(found.tasks, here.length),
      why: refusalText(elsewhere(found, node)),
    };
    const isEmptied = after === undefined || after.Spec?.Availability === "drain";
    return [{ ...leavingOf(world, service, here, isGentle && isEmptied), lack }];
  });
  return {
    kind: "node",
    node: nameOf(node),
    act: isBack ? "emptied" : actOf(node, after),
    leaving: leaving.sort((a, b) => (a.service < b.service ? -1 : 1)),
    starts: startsOn(world, { node, after, waiting }),
  };
}

function lackingIn(homeless: readonly Homeless[], service: string): number {
  return homeless.find((one) => one.service === service)?.tasks ?? 0;
}

/** Why the other nodes take none: of this one it was said. */
function elsewhere(found: Homeless, node: Node): Homeless {
  const others = [...found.refusals]
    .map(([why, nodes]) => [why, nodes.filter((name) => name !== nameOf(node))] as const)
    .filter(([, nodes]) => nodes.length > 0);
  return { ...found, refusals: new Map(others) };
}

function leaves({ Spec: spec = {} }: Service, after: Node | undefined): boolean {
  if (after === undefined) return true;
  const obstacle = obstacleFor(spec, after);
  return obstacle === "drained" || obstacle === "constraints";
}

function leavingOf(
  world: World,
  service: Service,
  here: readonly Task[],
  isGentle: boolean,
): Omit<Leaving, "lack"> {
  const spec = service.Spec ?? {};
  const all = tasksOf(world, service).length;
  const rollout = rolloutOf(spec);
  const isMoved = isGentle && !isGlobal(spec) && !isJob(spec) && rollout.order === "start-first";
  const atOnce = { ...rollout, order: "stop-first", parallelism: 0 } as const;
  return {
    service: spec.Name ?? "",
    tasks: here.length,
    isGlobal: isGlobal(spec),
    isWhole: isMoved,
    gap: isGlobal(spec) ? "none" : gapOf(isMoved ? rollout : atOnce, here.length, all),
    volumes: localVolumesOf(spec),
  };
}

function actOf(node: Node, after: Node | undefined): NodeFinding["act"] {
  if (after === undefined) return "removed";
  const [was, is] = [node.Spec?.Availability ?? "active", after.Spec?.Availability ?? "active"];
  if (was === is) return "changed";
  if (is === "drain") return "drained";
  return is === "pause" ? "paused" : "active again";
}

/** Global services that have no task here yet, and those with tasks that wait for a node. */
function startsOn(
  world: World,
  { node, after, waiting }: { node: Node; after: Node | undefined; waiting: readonly string[] },
): string[] {
  if (after === undefined) return [];
  return world.services
    .filter(({ Spec: spec = {} }) => !isJob(spec) && obstacleFor(spec, after) === undefined)
    .filter(
      (service) =>
        (isGlobal(service.Spec ?? {}) &&
          tasksOf(world, service).every(({ NodeID: id }) => id !== node.ID)) ||
        waiting.includes(service.Spec?.Name ?? ""),
    )
    .map(({ Spec: spec }) => spec?.Name ?? "")
    .sort();
}
