import type * as pulumi from "@pulumi/pulumi";

/** A network that the tasks are in. */
export interface ServiceNetwork {
  /** Name of the network; `host` and `bridge` are the node's own. */
  readonly target: pulumi.Input<string>;
  /** Further names of the service in this network. @default [] */
  readonly aliases?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** The most that one task gets. */
export interface Limits {
  /** Processors, 0.5 is half of one. @default - no limit */
  readonly cpus?: pulumi.Input<number>;
  /** Memory, `512M`. @default - no limit */
  readonly memory?: pulumi.Input<string>;
  /** Processes; 0 is no limit. @default 0 */
  readonly pids?: pulumi.Input<number>;
  /** Swap beside the memory, `512M`; "0" is none, "-1" unlimited; needs engine 29. @default - as much as the memory */
  readonly memorySwap?: pulumi.Input<string>;
  /** How readily memory is swapped out, 0 to 100; needs engine 29. @default - the node's */
  readonly memorySwappiness?: pulumi.Input<number>;
}

/** What a node must have to spare for one task. */
export interface Reservations {
  /** Processors. @default 0 */
  readonly cpus?: pulumi.Input<number>;
  /** Memory, `512M`. @default - none */
  readonly memory?: pulumi.Input<string>;
  /** Kind → amount (`{ GPU: "2" }`) or name, as nodes advertise them. @default {} */
  readonly genericResources?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** What happens when a task ends. */
export interface RestartPolicy {
  /** @default "any" */
  readonly condition?: pulumi.Input<"none" | "on-failure" | "any">;
  /** @default "5s" */
  readonly delay?: pulumi.Input<string>;
  /** Times that a task is started again; 0 is without end. @default 0 */
  readonly maxAttempts?: pulumi.Input<number>;
  /** In which `maxAttempts` are counted. @default "0s", for ever */
  readonly window?: pulumi.Input<string>;
}

/**
 * On which nodes tasks may run.
 * @see https://docs.docker.com/engine/swarm/services/#control-service-placement
 */
export interface Placement {
  /** `node.labels.tier == db`. @default [] */
  readonly constraints?: pulumi.Input<pulumi.Input<string>[]>;
  /** Labels to spread over, `node.labels.zone`, the most important first. @default [] */
  readonly preferences?: pulumi.Input<pulumi.Input<string>[]>;
  /** 0 is no limit. @default 0 */
  readonly maxReplicasPerNode?: pulumi.Input<number>;
  /** Platforms that the tasks run on. @default - those of the image, as its registry says */
  readonly platforms?: pulumi.Input<pulumi.Input<Platform>[]>;
}

/** `linux` on `x86_64`. */
export interface Platform {
  /** Operating system, as Go calls it: `linux`, `windows`. @default - any */
  readonly os?: pulumi.Input<string>;
  /** Architecture, as the node calls it: `x86_64`, `aarch64`. @default - any */
  readonly architecture?: pulumi.Input<string>;
}

/** How tasks get to another version. */
export interface UpdateConfig {
  /** Tasks at a time; 0 means all. @default 1 */
  readonly parallelism?: pulumi.Input<number>;
  /** Between one batch and the next. @default "0s" */
  readonly delay?: pulumi.Input<string>;
  /** @default "pause" */
  readonly failureAction?: pulumi.Input<"pause" | "continue" | "rollback">;
  /** How long a new task is watched. @default "5s" */
  readonly monitor?: pulumi.Input<string>;
  /** Share of failed tasks that is put up with, 0 to 1. @default 0 */
  readonly maxFailureRatio?: pulumi.Input<number>;
  /** @default "stop-first" */
  readonly order?: pulumi.Input<"stop-first" | "start-first">;
}

/** How tasks go back to the version before. To Docker, `rollback` of a rollback that fails is `pause`. */
export type RollbackConfig = UpdateConfig;

/** A port that is reachable from outside. */
export interface Port {
  /** Says nothing to Docker. @default - none */
  readonly name?: pulumi.Input<string>;
  /** Port in the container. */
  readonly target: pulumi.Input<number>;
  /** Port on the nodes. @default - a free one from 30000 */
  readonly published?: pulumi.Input<number>;
  /** @default "tcp" */
  readonly protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
  /** On every node through the mesh, or on the task's node alone. @default "ingress" */
  readonly mode?: pulumi.Input<"ingress" | "host">;
}
