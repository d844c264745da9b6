import type { Gap, Rollout } from "./rollout";

/** Tasks that find no node, and why. */
export interface Lack {
  readonly tasks: number;
  readonly why: string;
}

/** Tasks that cannot come back to their node. */
export interface Move {
  readonly tasks: number;
  readonly from: readonly string[];
  /** Nodes that may take them. */
  readonly to: readonly string[];
  /** Volumes of the node's own that stay behind. */
  readonly volumes: readonly string[];
}

/** A published port, `8080/tcp`, and the one that takes its place; undefined where none does. */
export interface PortMove {
  readonly from: string;
  readonly to: string | undefined;
}

/** What happens to a service. */
export interface ServiceFinding {
  readonly kind: "service";
  readonly service: string;
  readonly act: "changed" | "made" | "replaced" | "removed" | "run again";
  /** Tasks that run now, and that are to run. */
  readonly tasks: { readonly before: number; readonly after: number };
  /** Tasks that are replaced by new ones. */
  readonly restarted: number;
  readonly atOnce: number;
  readonly seconds: number;
  readonly order: Rollout["order"];
  readonly health: Rollout["health"];
  readonly gap: Gap;
  readonly move?: Move | undefined;
  /** Of a global service: nodes on which it stops and starts. */
  readonly places?: { readonly stops: readonly string[]; readonly starts: readonly string[] };
  /** What changes without touching a task: `labels`. */
  readonly others: readonly string[];
  readonly ports: readonly PortMove[];
  readonly lack?: Lack | undefined;
}

/** What happens to the tasks of one service on a node. */
export interface Leaving {
  readonly service: string;
  readonly tasks: number;
  /** Of a global service: they stop and start nowhere else. */
  readonly isGlobal: boolean;
  /** All tasks of the service are started anew, so that those here leave without a gap. */
  readonly isWhole: boolean;
  readonly gap: Gap;
  readonly volumes: readonly string[];
  readonly lack?: Lack | undefined;
}

/** What happens on a node. */
export interface NodeFinding {
  readonly kind: "node";
  readonly node: string;
  /** `emptied`: it takes tasks again afterwards. */
  readonly act: "drained" | "paused" | "active again" | "changed" | "removed" | "emptied";
  /** Sorted by service. */
  readonly leaving: readonly Leaving[];
  /** Services that start here: global ones, and those with tasks that wait for a node. */
  readonly starts: readonly string[];
}

/** A network, secret or config that is replaced, and the services that use it. */
export interface ReferenceFinding {
  readonly kind: "network" | "secret" | "config";
  readonly name: string;
  readonly services: readonly string[];
}

/** What happens to a plain container. */
export interface ContainerFinding {
  readonly kind: "container";
  readonly container: string;
  readonly host: string;
  /** `replaced`: it stops, and a new one starts. `started`: it does not run as it was asked to. */
  readonly act: "changed" | "started" | "replaced";
  /** Networks that it is taken off and put on while it runs; one whose settings change is in both. */
  readonly leaves: readonly string[];
  readonly joins: readonly string[];
  /** What changes without touching it: `limits.memory`. */
  readonly others: readonly string[];
}

/** One thing that a run does to what runs. */
export type Finding = ServiceFinding | NodeFinding | ReferenceFinding | ContainerFinding;
