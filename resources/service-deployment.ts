import type * as pulumi from "@pulumi/pulumi";

/** A network that the tasks are in. */
export interface ServiceNetwork {
  /** Name of the network. */
  readonly target: pulumi.Input<string>;
  /** Further names of the service in this network. @default [] */
  readonly aliases?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** Shares of a node. */
export interface Resources {
  /** Processors, 0.5 is a half. */
  readonly cpus?: pulumi.Input<number>;
  /** Memory, `512M`. */
  readonly memory?: pulumi.Input<string>;
}

/** What happens when a task ends. */
export interface RestartPolicy {
  /** @default "any" */
  readonly condition?: pulumi.Input<"none" | "on-failure" | "any">;
  /** @default "5s" */
  readonly delay?: pulumi.Input<string>;
  /** @default - no end */
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
  /** @default - no limit */
  readonly maxReplicasPerNode?: pulumi.Input<number>;
}

/** How tasks are replaced. */
export interface UpdateConfig {
  /** Tasks at a time; 0 means all. @default 1 */
  readonly parallelism?: pulumi.Input<number>;
  /** Between one batch and the next. @default "0s" */
  readonly delay?: pulumi.Input<string>;
  /** `rollback` is for updates only. @default "pause" */
  readonly failureAction?: pulumi.Input<"pause" | "continue" | "rollback">;
  /** How long a new task is watched. @default "5s" */
  readonly monitor?: pulumi.Input<string>;
  /** Share of failed tasks that is put up with, 0 to 1. @default 0 */
  readonly maxFailureRatio?: pulumi.Input<number>;
  /** @default "stop-first" */
  readonly order?: pulumi.Input<"stop-first" | "start-first">;
}

/** A port that is reachable from outside. */
export interface Port {
  /** Port in the container. */
  readonly target: pulumi.Input<number>;
  /** Port on the nodes. @default - a free one from 30000 */
  readonly published?: pulumi.Input<number>;
  /** @default "tcp" */
  readonly protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
  /** On every node through the mesh, or on the task's node alone. @default "ingress" */
  readonly mode?: pulumi.Input<"ingress" | "host">;
}
