import type { Node, Service, ServiceSpec, Task } from "@docker/node-sdk";
import { nameOf } from "../cluster/members";
import { countOf, isGlobal, isJob, localVolumesOf, obstacleFor, tasksOf } from "./demand";
import type { World } from "./demand";
import type { Lack, Move, PortMove, ServiceFinding } from "./finding";
import { changed, settled } from "./plan";
import { changeOf, isReplaced } from "./restart";
import type { SpecChange } from "./restart";
import { gapOf, rolloutOf, secondsFor, atOnce } from "./rollout";
import { refusalText } from "./words";

/** What is to be done to one service. */
export interface ServiceChange {
  readonly service: Service;
  /** The definition that is sent. */
  readonly after: ServiceSpec;
  /** The nodes are to pull its image with another account. @default false */
  readonly isOtherAccount?: boolean;
}

/** What a new definition does to the tasks of a service that runs. */
export function serviceFinding(world: World, asked: ServiceChange): ServiceFinding {
  const { service, after, isOtherAccount = false } = asked;
  const before = service.Spec ?? {};
  const change = changeOf(before, after);
  const tasks = tasksOf(world, service);
  const nodes = new Map(world.nodes.map((node) => [node.ID ?? "", node]));
  const counts = { before: tasks.length, after: countOf(after, world.nodes) };
  const replaced = tasks.filter((task) => {
    // A task that an update has not reached yet, or that stayed when placement changed, has an older definition.
    const own = changeOf(
      { ...before, TaskTemplate: task.Spec ?? before.TaskTemplate ?? {} },
      after,
    );
    return isTouched(own, after, nodes.get(task.NodeID ?? ""), isOtherAccount);
  });
  const restarted = isJob(after) ? 0 : Math.min(replaced.length, counts.after);
  const rollout = rolloutOf(after);
  const places = isGlobal(after) ? globalPlaces(world, after, tasks) : undefined;
  return {
    kind: "service",
    service: after.Name ?? before.Name ?? "",
    act: isJob(after) ? "run again" : "changed",
    tasks: counts,
    restarted,
    atOnce: restarted === 0 ? 0 : atOnce(rollout, restarted),
    seconds: secondsFor(rollout, restarted),
    order: rollout.order,
    health: rollout.health,
    gap: gapOf(rollout, restarted, Math.min(counts.before, counts.after)),
    move: places === undefined ? moveOf(world, after, replaced) : undefined,
    ...(places === undefined ? {} : { places }),
    others: [...change.others, ...otherWords(change, isOtherAccount)].sort(),
    ports: portMoves(before, after),
    lack: lackOf(world, after),
  };
}

function otherWords(change: SpecChange, isOtherAccount: boolean): string[] {
  return [
    ...(change.placement ? ["placement"] : []),
    // Without a restart of tasks: see isReplaced.
    ...(change.endpoint ? ["ports that take effect with the next restart"] : []),
    ...(isOtherAccount ? ["account for the registry"] : []),
  ];
}

/**
 * A paused node keeps the tasks of global services as they are.
 *
 * @see https://github.com/moby/swarmkit/blob/master/manager/orchestrator/global/global.go
 */
function isTouched(
  change: SpecChange,
  after: ServiceSpec,
  node: Node | undefined,
  isOtherAccount: boolean,
): boolean {
  if (!isGlobal(after)) return isReplaced(change, after, node, isOtherAccount);
  if (node === undefined || obstacleFor(after, node) !== undefined) return false;
  return isReplaced(change, after, node, isOtherAccount);
}

/** Nodes on which a global service stops and starts. */
function globalPlaces(
  { nodes }: World,
  after: ServiceSpec,
  tasks: readonly Task[],
): { readonly stops: string[]; readonly starts: string[] } {
  const has = new Set(tasks.map(({ NodeID: id }) => id));
  const named = (some: readonly Node[]): string[] => some.map(nameOf).sort();
  return {
    stops: named(
      nodes.filter((node) => has.has(node.ID) && obstacleFor(after, node) === "constraints"),
    ),
    starts: named(
      nodes.filter((node) => !has.has(node.ID) && obstacleFor(after, node) === undefined),
    ),
  };
}

/** Tasks that cannot come back to where they are. */
function moveOf({ nodes }: World, after: ServiceSpec, replaced: readonly Task[]): Move | undefined {
  const byId = new Map(nodes.map((node) => [node.ID ?? "", node]));
  const from = replaced.flatMap(({ NodeID: id = "" }) => {
    const node = byId.get(id);
    const obstacle = node && obstacleFor(after, node);
    return node !== undefined && obstacle !== undefined && obstacle !== "paused" ? [node] : [];
  });
  if (from.length === 0) return undefined;
  const to = nodes.filter((node) => obstacleFor(after, node) === undefined);
  return {
    tasks: from.length,
    from: [...new Set(from.map(nameOf))].sort(),
    to: to.map(nameOf).sort(),
    volumes: localVolumesOf(after),
  };
}

/** Ports that users find elsewhere: the same port of the container, published under another number. */
function portMoves(before: ServiceSpec, after: ServiceSpec): PortMove[] {
  const published = (spec: ServiceSpec): Map<string, number> =>
    new Map(
      (spec.EndpointSpec?.Ports ?? []).map((port) => [
        `${port.TargetPort ?? 0}/${port.Protocol ?? "tcp"}`,
        port.PublishedPort ?? 0,
      ]),
    );
  const [old, news] = [published(before), published(after)];
  return [...old]
    .filter(([key, from]) => from !== 0 && news.get(key) !== from && news.get(key) !== 0)
    .map(([key, from]): PortMove => {
      const to = news.get(key);
      const protocol = key.split("/")[1] ?? "tcp";
      return {
        from: `${from}/${protocol}`,
        to: to === undefined ? undefined : `${to}/${protocol}`,
      };
    })
    .sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Tasks of a definition that find no node, with everything else as it is. */
export function lackOf(world: World, after: ServiceSpec): Lack | undefined {
  if (world.nodes.length === 0) return undefined;
  const services = new Map([[after.Name ?? "", after]]);
  const { homeless } = settled(changed(world, { services, nodes: new Map() }));
  const found = homeless.find(({ service }) => service === after.Name);
  return found === undefined ? undefined : { tasks: found.tasks, why: refusalText(found) };
}
