import type * as pulumi from "@pulumi/pulumi";
import type { Mount } from "./service-container";
import type { Limits } from "./service-deployment";

/** What services leave out of a mount, and containers take. */
type OfContainers =
  | "type"
  | "consistency"
  | "bindCreateMountpoint"
  | "bindReadOnlyNonRecursive"
  | "bindReadOnlyForceRecursive"
  | "imageSubpath";

/**
 * Files of the host, or memory, inside the container.
 * @see https://docs.docker.com/engine/storage/
 */
export interface ContainerMount extends Omit<Mount, OfContainers> {
  /** `image` needs engine 28. @default "volume" */
  readonly type?: pulumi.Input<"volume" | "bind" | "tmpfs" | "npipe" | "image">;
  /** Consistency on Docker Desktop. @default "default" */
  readonly consistency?: pulumi.Input<"default" | "consistent" | "cached" | "delegated">;
  /** Makes the folder on the host; needs engine 23. @default false */
  readonly bindCreateMountpoint?: pulumi.Input<boolean>;
  /** Of a read-only bind mount: mounts below it stay writable; needs engine 25. @default false */
  readonly bindReadOnlyNonRecursive?: pulumi.Input<boolean>;
  /** Of a read-only bind mount: fails where mounts below it cannot be read-only too; needs engine 25. @default false */
  readonly bindReadOnlyForceRecursive?: pulumi.Input<boolean>;
  /** Path within the image of a mount of type `image`; needs engine 28. @default - all of it */
  readonly imageSubpath?: pulumi.Input<string>;
}

/** A network that the container is on. */
export interface ContainerNetwork {
  /** Name of a network of the host or of an attachable one of the swarm; `bridge`, `host` and `none` are Docker's own. */
  readonly target: pulumi.Input<string>;
  /** Further names of the container in this network. @default [] */
  readonly aliases?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default - a free one */
  readonly ipv4Address?: pulumi.Input<string>;
  /** @default - a free one */
  readonly ipv6Address?: pulumi.Input<string>;
  /** Options for the network's driver. @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A port of the container that answers on the host. */
export interface ContainerPort {
  /** Port in the container. */
  readonly target: pulumi.Input<number>;
  /** Port on the host. @default - one that Docker picks */
  readonly published?: pulumi.Input<number>;
  /** @default "tcp" */
  readonly protocol?: pulumi.Input<"tcp" | "udp" | "sctp">;
  /** Address of the host on which it answers, `127.0.0.1`. @default - all of them */
  readonly hostIp?: pulumi.Input<string>;
}

/** The most that the container gets. Set and changed in place; taken away by a new container. */
export interface ContainerLimits extends Omit<Limits, "memorySwap" | "memorySwappiness"> {
  /** Swap beside the memory, `512M`; "0" is none, "-1" unlimited. @default - as much as the memory */
  readonly memorySwap?: pulumi.Input<string>;
  /** How readily memory is swapped out, 0 to 100. A change makes a new container. @default - the host's */
  readonly memorySwappiness?: pulumi.Input<number>;
  /** Weight among containers that want more CPU than there is. @default 1024 */
  readonly cpuShares?: pulumi.Input<number>;
  /** CPUs that it runs on, `0-2` or `0,1`. @default - all */
  readonly cpuset?: pulumi.Input<string>;
}

/** What the container is to have in any case. */
export interface ContainerReservations {
  /** Memory down to which it is pressed when the host runs short, `512M`. @default - none */
  readonly memory?: pulumi.Input<string>;
}

/** When Docker starts a container that ended once more. Changed in place. */
export interface ContainerRestartPolicy {
  /** `unless-stopped` stays stopped where somebody stopped it. @default "no" */
  readonly name?: pulumi.Input<"no" | "always" | "on-failure" | "unless-stopped">;
  /** With `on-failure`: times that it is started again; 0 is without end. @default 0 */
  readonly maximumRetryCount?: pulumi.Input<number>;
}
