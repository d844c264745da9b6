import type * as pulumi from "@pulumi/pulumi";

/**
 * When a task counts as healthy.
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
export interface Healthcheck {
  /** `["CMD", program, …]`, `["CMD-SHELL", line]` or `["NONE"]`. @default - the image's */
  readonly test?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default "30s" */
  readonly interval?: pulumi.Input<string>;
  /** @default "30s" */
  readonly timeout?: pulumi.Input<string>;
  /** Failures in a row that make it unhealthy. @default 3 */
  readonly retries?: pulumi.Input<number>;
  /** Failures do not count that long after the start. @default "0s" */
  readonly startPeriod?: pulumi.Input<string>;
  /** Interval within the start period; needs engine 25. @default "5s" */
  readonly startInterval?: pulumi.Input<string>;
}

/** A limit of the process, `nofile`. -1 means none. */
export interface Ulimit {
  readonly name: pulumi.Input<string>;
  readonly soft: pulumi.Input<number>;
  readonly hard: pulumi.Input<number>;
}

/**
 * Files of the node, or memory, inside the container.
 * @see https://docs.docker.com/engine/swarm/services/#give-a-service-access-to-volumes-or-bind-mounts
 */
export interface Mount {
  readonly type: pulumi.Input<"volume" | "bind" | "tmpfs">;
  /** Name of the volume, or path on the node. @default - a volume without a name */
  readonly source?: pulumi.Input<string>;
  /** Path in the container. */
  readonly target: pulumi.Input<string>;
  /** @default false */
  readonly readOnly?: pulumi.Input<boolean>;
}

/** A secret or a config as a file in the container. */
export interface ServiceFile {
  /** Name of the secret or config in Docker. */
  readonly source: pulumi.Input<string>;
  /** File name below /run/secrets, or path. @default - the source's name */
  readonly target?: pulumi.Input<string>;
  /** @default "0" */
  readonly uid?: pulumi.Input<string>;
  /** @default "0" */
  readonly gid?: pulumi.Input<string>;
  /** Octal. @default "0444" */
  readonly mode?: pulumi.Input<string>;
}

/** Where the container's output goes. */
export interface LogDriver {
  /** `json-file`, `journald`, … */
  readonly name?: pulumi.Input<string>;
  /** Options of the driver. @default {} */
  readonly options?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}
