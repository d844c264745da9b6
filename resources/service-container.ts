import type * as pulumi from "@pulumi/pulumi";

/**
 * When a task counts as healthy.
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
export interface Healthcheck {
  /** Switches the image's check off. @default false */
  readonly disable?: pulumi.Input<boolean>;
  /** `["CMD", program, …]` or `["CMD-SHELL", line]`. @default - the image's */
  readonly test?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default - the image's, else 30s */
  readonly interval?: pulumi.Input<string>;
  /** @default - the image's, else 30s */
  readonly timeout?: pulumi.Input<string>;
  /** Failures in a row that make it unhealthy. @default - the image's, else 3 */
  readonly retries?: pulumi.Input<number>;
  /** Failures do not count that long after the start. @default - the image's, else none */
  readonly startPeriod?: pulumi.Input<string>;
  /** Interval within the start period; needs engine 25. @default "5s" */
  readonly startInterval?: pulumi.Input<string>;
}

/** A limit of the process, `nofile`. -1 means none. */
export interface Ulimit {
  /** Name of the limit, as in ulimit(3): `nofile`, `nproc`, `memlock`. */
  readonly name: pulumi.Input<string>;
  /** Limit that a process may raise by itself; -1 is unlimited. */
  readonly soft: pulumi.Input<number>;
  /** Limit of that limit; -1 is unlimited. */
  readonly hard: pulumi.Input<number>;
}

/**
 * Files of the node, or memory, inside the container.
 * @see https://docs.docker.com/engine/swarm/services/#give-a-service-access-to-volumes-or-bind-mounts
 */
export interface Mount {
  /** `image` is refused: no engine takes it for a service so far. @default "volume" */
  readonly type?: pulumi.Input<"volume" | "bind" | "tmpfs" | "npipe" | "cluster" | "image">;
  /** Name of the volume, or path on the node. @default - a volume without a name */
  readonly source?: pulumi.Input<string>;
  /** Path in the container. */
  readonly target: pulumi.Input<string>;
  /** @default false */
  readonly readOnly?: pulumi.Input<boolean>;
  /** Consistency on Docker Desktop; refused, because no engine keeps it for a service so far. @default "default" */
  readonly consistency?: pulumi.Input<"default" | "consistent" | "cached" | "delegated">;
  /** Propagation of mounts below a bind mount. @default "rprivate" */
  readonly bindPropagation?: pulumi.Input<
    "rprivate" | "private" | "rshared" | "shared" | "rslave" | "slave"
  >;
  /** Leaves mounts below a bind mount out. @default false */
  readonly bindNonRecursive?: pulumi.Input<boolean>;
  /** Makes the folder on the node; refused, because no engine keeps it for a service so far. @default false */
  readonly bindCreateMountpoint?: pulumi.Input<boolean>;
  /** Of a read-only bind mount: mounts below it stay writable; refused likewise. @default false */
  readonly bindReadOnlyNonRecursive?: pulumi.Input<boolean>;
  /** Of a read-only bind mount: fails where mounts below it cannot be read-only too; refused likewise. @default false */
  readonly bindReadOnlyForceRecursive?: pulumi.Input<boolean>;
  /** Path within the image of a mount of type `image`; refused likewise. @default - all of it */
  readonly imageSubpath?: pulumi.Input<string>;
  /** Does not copy the image's files into an empty volume. @default false */
  readonly volumeNoCopy?: pulumi.Input<boolean>;
  /** Path within the volume; needs engine 26. @default - all of it */
  readonly volumeSubpath?: pulumi.Input<string>;
  /** Labels of a volume that is made on the way. @default {} */
  readonly volumeLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Driver of a volume that is made on the way. @default "local" */
  readonly volumeDriver?: pulumi.Input<string>;
  /** Driver options of a volume that is made on the way. @default {} */
  readonly volumeOptions?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Size of a tmpfs, `64M`. @default - no limit */
  readonly tmpfsSize?: pulumi.Input<string>;
  /** Permission bits of a tmpfs, octal. @default "01777" */
  readonly tmpfsMode?: pulumi.Input<string>;
  /** Further options of a tmpfs, `noexec` or `uid=1000`; needs engine 27. @default [] */
  readonly tmpfsOptions?: pulumi.Input<pulumi.Input<string>[]>;
}

/** Where a Windows service account is described; one of the three. */
export interface CredentialSpec {
  /** Name of a config. */
  readonly config?: pulumi.Input<string>;
  /** File on the node. */
  readonly file?: pulumi.Input<string>;
  /** Registry value on the node. */
  readonly registry?: pulumi.Input<string>;
}

/** What the container's processes may do. */
export interface Privileges {
  /** They gain none by running a program; needs engine 25. @default false */
  readonly noNewPrivileges?: pulumi.Input<boolean>;
  /** No SELinux label. @default false */
  readonly seLinuxDisable?: pulumi.Input<boolean>;
  /** SELinux user. @default - the engine's */
  readonly seLinuxUser?: pulumi.Input<string>;
  /** SELinux role. @default - the engine's */
  readonly seLinuxRole?: pulumi.Input<string>;
  /** SELinux type. @default - the engine's */
  readonly seLinuxType?: pulumi.Input<string>;
  /** SELinux level. @default - the engine's */
  readonly seLinuxLevel?: pulumi.Input<string>;
  /** AppArmor profile; needs engine 25. @default "default" */
  readonly appArmor?: pulumi.Input<"default" | "disabled">;
  /** Which system calls are allowed; needs engine 25. @default "default" */
  readonly seccomp?: pulumi.Input<"default" | "unconfined" | "custom">;
  /** JSON text of the profile, with seccomp `custom`. @default - none */
  readonly seccompProfile?: pulumi.Input<string>;
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
