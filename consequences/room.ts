import type { Node, ServiceSpec } from "@docker/node-sdk";
import { nameOf } from "../cluster/members";
import { labelOf } from "./constraints";
import { hostPortsOf, obstacleFor, reservedBy, resourcesOf } from "./demand";
import type { Obstacle, Resources } from "./demand";

/** Why a node takes no task: what it is, or what runs there already. */
export type Refusal = Obstacle | "memory" | "cpus" | "port" | "tasks per node" | "generic resource";

const nothing: Resources = { cpus: 0, memory: 0, generic: {} };

/** Both together. */
function sum(one: Resources, other: Resources, sign: 1 | -1 = 1): Resources {
  const generic: Record<string, number> = { ...one.generic };
  for (const [kind, amount] of Object.entries(other.generic))
    generic[kind] = (generic[kind] ?? 0) + sign * amount;
  return {
    cpus: one.cpus + sign * other.cpus,
    memory: one.memory + sign * other.memory,
    generic,
  };
}

/** What stands on one node. */
interface Berth {
  readonly node: Node;
  /** Undefined where the node does not say what it has. */
  readonly has: Resources | undefined;
  used: Resources;
  tasks: number;
  readonly ports: Set<string>;
  readonly byService: Map<string, number>;
}

/**
 * What the nodes have, and what is taken of it. Tasks are put where the scheduler of the managers would: on a node that
 * fits and has room, in the branch of the service's preferences with the fewest tasks of the same service, then the one
 * with the fewest of these itself, then the fewest of all.
 *
 * @see https://github.com/moby/swarmkit/blob/master/manager/scheduler/scheduler.go
 * @see https://github.com/moby/swarmkit/blob/master/manager/scheduler/nodeset.go
 */
export class Room {
  private readonly berths: readonly Berth[];

  constructor(nodes: readonly Node[]) {
    this.berths = [...nodes]
      .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
      .map((node) => ({
        node,
        has: node.Description?.Resources && resourcesOf(node.Description.Resources),
        used: nothing,
        tasks: 0,
        ports: new Set<string>(),
        byService: new Map<string, number>(),
      }));
  }

  /** Reserved on each node, by its id. */
  get used(): ReadonlyMap<string, Resources> {
    return new Map(this.berths.map(({ node, used }) => [node.ID ?? "", used]));
  }

  /** Why a node takes no further task of a service; undefined: it does. An unknown node takes none. */
  refusal(spec: ServiceSpec, nodeId: string): Refusal | undefined {
    const berth = this.berth(nodeId);
    return berth === undefined ? "not ready" : refusalOf(berth, spec);
  }

  /** Counts a task where it is, whether or not it fits there. */
  put(spec: ServiceSpec, nodeId: string): void {
    const berth = this.berth(nodeId);
    if (berth === undefined) return;
    berth.used = sum(berth.used, reservedBy(spec));
    berth.tasks += 1;
    for (const port of hostPortsOf(spec)) berth.ports.add(port);
    const name = spec.Name ?? "";
    berth.byService.set(name, (berth.byService.get(name) ?? 0) + 1);
  }

  /** Puts a task on the best node and answers its id; undefined where none takes it. */
  place(spec: ServiceSpec): string | undefined {
    const loadOf = this.loads(spec);
    const [best] = this.berths
      .filter((berth) => refusalOf(berth, spec) === undefined)
      .map((berth) => ({ berth, load: loadOf(berth) }))
      .sort((one, other) => compareLoads(one.load, other.load));
    const id = best?.berth.node.ID;
    if (id !== undefined) this.put(spec, id);
    return id;
  }

  /** Names of the nodes by why they take no task of a service. Sorted. */
  refusals(spec: ServiceSpec): ReadonlyMap<Refusal, readonly string[]> {
    const found = new Map<Refusal, string[]>();
    for (const berth of this.berths) {
      const why = refusalOf(berth, spec);
      if (why !== undefined) found.set(why, [...(found.get(why) ?? []), nameOf(berth.node)]);
    }
    return found;
  }

  /** Tasks of the same service in a node's branch, level by level, and on the node; then all of the node's. */
  private loads(spec: ServiceSpec): (berth: Berth) => number[] {
    const own = ({ byService }: Berth): number => byService.get(spec.Name ?? "") ?? 0;
    const branches = new Map(this.berths.map((berth) => [berth, branchesOf(spec, berth.node)]));
    const tasks = new Map<string, number>();
    for (const [berth, path] of branches)
      for (const branch of path) tasks.set(branch, (tasks.get(branch) ?? 0) + own(berth));
    return (berth) => [
      ...(branches.get(berth) ?? []).map((branch) => tasks.get(branch) ?? 0),
      own(berth),
      berth.tasks,
    ];
  }

  private berth(nodeId: string): Berth | undefined {
    return this.berths.find(({ node }) => node.ID === nodeId);
  }
}

/** Where a node stands in the tree of a service's preferences, level by level. Other words than labels are ignored. */
function branchesOf(spec: ServiceSpec, node: Node): string[] {
  const { Preferences: preferences } = spec.TaskTemplate?.Placement ?? {};
  const values = (preferences ?? [])
    .map(({ Spread: spread }) => labelOf(node, spread?.SpreadDescriptor ?? ""))
    .filter((value) => value !== undefined);
  return values.map((_, level) => JSON.stringify(values.slice(0, level + 1)));
}

function compareLoads(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((tasks, level) => tasks !== other[level]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}

/** @see https://github.com/moby/swarmkit/blob/master/manager/scheduler/filter.go */
function refusalOf(berth: Berth, spec: ServiceSpec): Refusal | undefined {
  const obstacle = obstacleFor(spec, berth.node);
  if (obstacle !== undefined) return obstacle;
  const { MaxReplicas: most = 0 } = spec.TaskTemplate?.Placement ?? {};
  if (most > 0 && (berth.byService.get(spec.Name ?? "") ?? 0) >= most) return "tasks per node";
  if (hostPortsOf(spec).some((port) => berth.ports.has(port))) return "port";
  return shortOf(berth, reservedBy(spec));
}

function shortOf({ has, used }: Berth, wanted: Resources): Refusal | undefined {
  if (has === undefined) return undefined;
  if (wanted.memory > 0 && used.memory + wanted.memory > has.memory) return "memory";
  if (wanted.cpus > 0 && used.cpus + wanted.cpus > has.cpus) return "cpus";
  const isShort = Object.entries(wanted.generic).some(
    ([kind, amount]) => (used.generic[kind] ?? 0) + amount > (has.generic[kind] ?? 0),
  );
  return isShort ? "generic resource" : undefined;
}
