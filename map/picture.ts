/**
 * What the map shows, as it goes to the browser and into files. It holds names, states and numbers only: no environment
 * variable, argument, secret or config of a service ever gets here.
 */
export interface Picture {
  readonly head: Head;
  /** Sorted by name, as all lists here. */
  readonly nodes: readonly NodeColumn[];
  readonly services: readonly ServiceEntry[];
  readonly tiles: readonly Tile[];
}

/** What is said of the swarm as a whole. */
export interface Head {
  /** Name of the environment, `prod`. */
  readonly environment: string;
  readonly clusterId: string;
  /** The manager that answered. */
  readonly asked: string;
  readonly managers: readonly ManagerMark[];
  /** `2 of 3 managers reachable; the loss of 0 more is survived`. */
  readonly quorum: string;
  /** Whether the loss of one more manager is survived, the swarm just works, or it cannot be changed. */
  readonly strength: "safe" | "bare" | "lost";
  /** Everything that is not as it should be, as sentences. */
  readonly complaints: readonly string[];
}

/** One manager of the quorum. */
export interface ManagerMark {
  readonly name: string;
  readonly state: "leader" | "reachable" | "unreachable";
}

/** Part of a node's processor or memory that tasks have reserved. */
export interface Share {
  readonly reserved: number;
  /** 0 while the node has not said it. */
  readonly total: number;
}

/** A node of the swarm, or a host that should be one. */
export interface NodeColumn {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  /** `leader`, `reachable` or `unreachable` for managers; empty for workers. */
  readonly manager: string;
  readonly state: string;
  readonly availability: string;
  readonly labels: readonly string[];
  readonly engine: string;
  readonly address: string;
  /** Docker's own words about the state, when there are any. */
  readonly message: string;
  /** In processors. */
  readonly cpu: Share;
  /** In bytes. */
  readonly memory: Share;
}

/** A service and how much of it runs. */
export interface ServiceEntry {
  readonly id: string;
  readonly name: string;
  /** Stack that it belongs to; empty without one. */
  readonly stack: string;
  /** Degrees on the colour wheel: the same for the same names. */
  readonly hue: number;
  readonly mode: string;
  readonly running: number;
  readonly desired: number;
  readonly image: string;
  /** `sha256:…`; empty for an image without one. */
  readonly digest: string;
  /** `8080→80/tcp`. */
  readonly ports: readonly string[];
  readonly published: readonly number[];
  readonly networks: readonly string[];
  /** State of the last update and its message; empty when it is over, or there was none. */
  readonly update: string;
}

/**
 * How a task does. `starting`: on its way, its health check not passed yet. `waiting`: no node may take it. `stopping`:
 * it is to end and has not yet. `lost`: its node is down, so nobody knows. `failed` and `done`: it ended and nothing
 * takes its place.
 */
export type Condition =
  "running" | "starting" | "waiting" | "stopping" | "lost" | "failed" | "done";

/** A task. */
export interface Tile {
  readonly id: string;
  /** `shop_web.3`, or in global services `shop_web.worker-2`. */
  readonly name: string;
  readonly service: string;
  /** The place that it fills: its tasks follow one another. */
  readonly slot: string;
  /** Id of its node; empty while it has none. */
  readonly node: string;
  readonly condition: Condition;
  /** Docker's word: `preparing`. */
  readonly state: string;
  /** `passed` or `not yet` where the service declares a health check; empty where it does not. */
  readonly health: "" | "passed" | "not yet";
  /** When it got into this state, by Docker's clock; empty when Docker does not say. */
  readonly since: string;
  /** Docker's reason; empty when there is none. */
  readonly error: string;
  /** Tasks that failed in this place, as far as Docker remembers. */
  readonly failures: number;
  /** Its image where that is not the service's: an update is on its way. */
  readonly image?: string;
}

/** What a click on a task shows beside its tile. */
export interface Detail {
  readonly id: string;
  readonly image: string;
  readonly digest: string;
  /** `limit 512 MiB, 0.5 processors`; empty without any. */
  readonly limits: string;
  readonly reservations: string;
  /** `shop_back 10.0.1.5`. */
  readonly networks: readonly string[];
  readonly ports: readonly string[];
  /** Those before it in its place, newest first. */
  readonly history: readonly Former[];
  /** Last lines, oldest first. */
  readonly log: readonly string[];
}

/** A task that was there before. */
export interface Former {
  readonly id: string;
  readonly state: string;
  readonly node: string;
  readonly since: string;
  /** With the exit code, where there is one. */
  readonly error: string;
}

const collator = new Intl.Collator("en", { numeric: true });

/** By name, numbers by their value: worker-2 before worker-10; equal names by id. */
export function byName(a: Named, b: Named): number {
  return collator.compare(a.name, b.name) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

interface Named {
  readonly id: string;
  readonly name: string;
}
