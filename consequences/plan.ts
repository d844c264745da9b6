import type { Node, Service, ServiceSpec, Task } from "@docker/node-sdk";
import { nameOf } from "../cluster/members";
import { countOf, obstacleFor, resourcesOf, tasksOf } from "./demand";
import type { Resources, World } from "./demand";
import { Room } from "./room";
import type { Refusal } from "./room";

/** What a run does to a swarm, as far as tasks depend on it. */
export interface Changes {
  /** Definitions by name; undefined for a service that goes. */
  readonly services: ReadonlyMap<string, ServiceSpec | undefined>;
  /** Nodes by id; undefined for one that leaves. */
  readonly nodes: ReadonlyMap<string, Node | undefined>;
}

/** Tasks of a service that find no node. */
export interface Homeless {
  readonly service: string;
  readonly tasks: number;
  /** Names of the nodes by why each takes none. */
  readonly refusals: ReadonlyMap<Refusal, readonly string[]>;
  /** What each task reserves. */
  readonly spec: ServiceSpec;
}

/** What is reserved on a node. */
export interface Load {
  readonly node: string;
  readonly before: Resources;
  readonly after: Resources;
  /** Undefined for a node that does not say, or leaves. */
  readonly has: Resources | undefined;
}

/** Where tasks are after a run, as the managers would place them. */
export interface Plan {
  readonly loads: readonly Load[];
  /** Only those that find a node now, or that the run makes or changes. Sorted by service. */
  readonly homeless: readonly Homeless[];
}

/** The swarm with changes in it. */
export function changed(world: World, { services, nodes }: Changes): World {
  const kept = world.services.flatMap((service): Service[] => {
    const name = service.Spec?.Name ?? "";
    if (!services.has(name)) return [service];
    const spec = services.get(name);
    return spec === undefined ? [] : [{ ...service, Spec: spec }];
  });
  const known = new Set(world.services.map(({ Spec: spec }) => spec?.Name));
  const made = [...services].flatMap(([name, spec]): Service[] =>
    known.has(name) || spec === undefined ? [] : [{ ID: `new ${name}`, Spec: spec }],
  );
  return {
    services: [...kept, ...made],
    nodes: world.nodes.flatMap((node): Node[] => {
      if (!nodes.has(node.ID ?? "")) return [node];
      const other = nodes.get(node.ID ?? "");
      return other === undefined ? [] : [other];
    }),
    tasks: world.tasks,
  };
}

/** Where the tasks of a swarm end up, and which find no node. */
export function settled(world: World): { readonly room: Room; readonly homeless: Homeless[] } {
  const room = new Room(world.nodes);
  const nodeOf = new Map(world.nodes.map((node) => [node.ID ?? "", node]));
  const missing = new Map<ServiceSpec, number>();
  const services = [...world.services].sort((a, b) =>
    (a.Spec?.Name ?? "") < (b.Spec?.Name ?? "") ? -1 : 1,
  );
  for (const service of services) {
    const spec = service.Spec ?? {};
    const wanted = countOf(spec, world.nodes);
    const staying = tasksOf(world, service)
      .filter((task) => mayStay(spec, nodeOf.get(task.NodeID ?? ""), task))
      .slice(0, wanted)
      .filter((task) => isRoomFor(room, spec, task));
    missing.set(spec, wanted - staying.length);
  }
  const homeless: Homeless[] = [];
  for (const [spec, tasks] of missing) {
    const left = placeAll(room, spec, tasks);
    if (left === 0) continue;
    homeless.push({
      service: spec.Name ?? "",
      tasks: left,
      refusals: room.refusals(spec),
      spec,
    });
  }
  return { room, homeless };
}

/** A node that is paused keeps what it has. */
function mayStay(spec: ServiceSpec, node: Node | undefined, { NodeID: id }: Task): boolean {
  if (id === undefined || id === "" || node === undefined) return false;
  const obstacle = obstacleFor(spec, node);
  return obstacle === undefined || obstacle === "paused";
}

function isRoomFor(room: Room, spec: ServiceSpec, { NodeID: id = "" }: Task): boolean {
  const why = room.refusal(spec, id);
  if (why !== undefined && why !== "paused") return false;
  room.put(spec, id);
  return true;
}

function placeAll(room: Room, spec: ServiceSpec, tasks: number): number {
  for (let left = tasks; left > 0; left -= 1) {
    if (room.place(spec) === undefined) return left;
  }
  return 0;
}

/** What a run does to the load of the nodes, and which tasks find none after it. */
export function planOf(world: World, changes: Changes): Plan {
  const before = settled(world);
  const next = changed(world, changes);
  const after = settled(next);
  const already = new Map(before.homeless.map(({ service, tasks }) => [service, tasks]));
  const nodes = new Map(next.nodes.map((node) => [node.ID ?? "", node]));
  const all = [...nodes.values(), ...world.nodes.filter(({ ID: id = "" }) => !nodes.has(id))];
  const none = resourcesOf(undefined);
  return {
    loads: all
      .map((node) => ({
        node: nameOf(node),
        before: before.room.used.get(node.ID ?? "") ?? none,
        after: after.room.used.get(node.ID ?? "") ?? none,
        has:
          nodes.has(node.ID ?? "") && node.Description?.Resources
            ? resourcesOf(node.Description.Resources)
            : undefined,
      }))
      .sort((a, b) => (a.node < b.node ? -1 : 1)),
    homeless: after.homeless.filter(
      ({ service, tasks }) => changes.services.has(service) || tasks > (already.get(service) ?? 0),
    ),
  };
}
