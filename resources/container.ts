import * as pulumi from "@pulumi/pulumi";
import type {
  ContainerLimits,
  ContainerMount,
  ContainerNetwork,
  ContainerPort,
  ContainerReservations,
  ContainerRestartPolicy,
} from "./container-parts";
import type { Healthcheck, LogDriver, Ulimit } from "./service-container";

/**
 * A plain container on one host. Limits, restart policy, networks and the name are changed while it runs; whatever else
 * changes makes a new container, for which the old one stops first.
 * Durations are Docker's (`90s`, `1m30s`), sizes too (`512M`).
 * @see https://docs.docker.com/reference/cli/docker/container/run/
 */
export interface ContainerArgs {
  /** Machine that it runs on. */
  readonly host: pulumi.Input<string>;
  /** Name in Docker and in the networks' DNS. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** Image with tag or digest. */
  readonly image: pulumi.Input<string>;
  /**
   * When the registry is asked which digest the tag stands for: when the container is made, the tag's text changes
   * or the last run failed (`changed`), in every preview, so that a tag that moved shows as a change (`always`), or `never`.
   * @default "changed"
   */
  readonly imageRefresh?: pulumi.Input<"changed" | "always" | "never">;
  /** The container is to run to its end with exit code 0, and then stays as it is. @default false */
  readonly job?: pulumi.Input<boolean>;
  /** Program and its first words, instead of the image's entrypoint. @default - the image's */
  readonly entrypoint?: pulumi.Input<pulumi.Input<string>[]>;
  /** Words after the entrypoint. @default - the image's */
  readonly command?: pulumi.Input<pulumi.Input<string>[]>;
  /** Environment. Whoever may ask the host's engine reads it; in Pulumi's state a secret stays one. @default {} */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Names of the image's variables that the container does not get; `env: { A: "" }` leaves an empty `A`. @default [] */
  readonly envUnset?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default - the image's */
  readonly workingDir?: pulumi.Input<string>;
  /** `name`, `uid` or `uid:gid`. @default - the image's */
  readonly user?: pulumi.Input<string>;
  /** Further groups of the user, by name or number. @default [] */
  readonly groups?: pulumi.Input<pulumi.Input<string>[]>;
  /** Host name inside the container. @default - the start of the container's id */
  readonly hostname?: pulumi.Input<string>;
  /** Domain of that host name. @default - none */
  readonly domainname?: pulumi.Input<string>;
  /** Further lines for /etc/hosts: `address name`, or `name:address`; `host-gateway` is the host's address. @default [] */
  readonly hosts?: pulumi.Input<pulumi.Input<string>[]>;
  /** Addresses of name servers, asked in this order. @default - the host's */
  readonly dns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Domains to search, in this order. @default [] */
  readonly dnsSearch?: pulumi.Input<pulumi.Input<string>[]>;
  /** Options of resolv.conf, `ndots:2`. @default [] */
  readonly dnsOptions?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default false */
  readonly tty?: pulumi.Input<boolean>;
  /** Standard input stays open. @default false */
  readonly stdin?: pulumi.Input<boolean>;
  /** The container's own file system cannot be written. @default false */
  readonly readOnly?: pulumi.Input<boolean>;
  /** A small init as process 1 forwards signals and reaps processes. @default - as the host's engine does */
  readonly init?: pulumi.Input<boolean>;
  /** @default - the image's, else "SIGTERM" */
  readonly stopSignal?: pulumi.Input<string>;
  /** From the stop signal to the kill, in whole seconds. @default "10s" */
  readonly stopGracePeriod?: pulumi.Input<string>;
  /** Added to the score by which the kernel picks what to kill without memory, -1000 to 1000. @default 0 */
  readonly oomScoreAdj?: pulumi.Input<number>;
  /** When it counts as healthy. @default - the image's */
  readonly healthcheck?: Healthcheck;
  /** Linux capabilities added, `NET_ADMIN`. @default [] */
  readonly capAdd?: pulumi.Input<pulumi.Input<string>[]>;
  /** Linux capabilities taken away. @default [] */
  readonly capDrop?: pulumi.Input<pulumi.Input<string>[]>;
  /** Nearly all that root may do on the host. @default false */
  readonly privileged?: pulumi.Input<boolean>;
  /** Options of SELinux, AppArmor and seccomp, `no-new-privileges`. @default [] */
  readonly securityOpt?: pulumi.Input<pulumi.Input<string>[]>;
  /** Kernel parameters of the container's namespaces. @default {} */
  readonly sysctls?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default [] */
  readonly ulimits?: pulumi.Input<pulumi.Input<Ulimit>[]>;
  /** Devices of the host, `/dev/snd` or `/dev/snd:/dev/snd:rw`. @default [] */
  readonly devices?: pulumi.Input<pulumi.Input<string>[]>;
  /** `host` shows the host's processes. @default - its own alone */
  readonly pidMode?: pulumi.Input<string>;
  /** `host`, `private`, `shareable` or `none`. @default - the engine's */
  readonly ipcMode?: pulumi.Input<string>;
  /** `host` switches the engine's mapping of users off. @default - the engine's */
  readonly usernsMode?: pulumi.Input<string>;
  /** Size of /dev/shm. @default - the engine's, 64M */
  readonly shmSize?: pulumi.Input<string>;
  /** Runtime of the engine, `runc`. @default - its own */
  readonly runtime?: pulumi.Input<string>;
  /** @default [] */
  readonly mounts?: pulumi.Input<pulumi.Input<ContainerMount>[]>;
  /** Changed in place, but for `host` and `none`. @default - Docker's own `bridge` */
  readonly networks?: pulumi.Input<pulumi.Input<ContainerNetwork>[]>;
  /** @default [] */
  readonly ports?: pulumi.Input<pulumi.Input<ContainerPort>[]>;
  /** @default - no limit */
  readonly limits?: ContainerLimits;
  /** @default - nothing */
  readonly reservations?: ContainerReservations;
  /** @default - it is not started again */
  readonly restartPolicy?: ContainerRestartPolicy;
  /** @default - the engine's own */
  readonly logDriver?: LogDriver;
  /** Takes over a container of this name that is there already and differs. @default false */
  readonly adopt?: pulumi.Input<boolean>;
  /** Time within which its image is there and it runs (and is healthy, or has ended as a job); then it is an error. @default "5m" */
  readonly convergeTimeout?: pulumi.Input<string>;
}

/** A port as Docker has published it. */
export interface HostPort {
  /** Port in the container. */
  readonly target: number;
  /** Port on the host. */
  readonly published: number;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  /** Address of the host that it is published at. */
  readonly hostIp: string;
}

/**
 * A plain container on one host, beside the swarm. Creating it waits until it runs, is healthy where that is checked, or
 * has ended well where it is a job. Removing it leaves its volumes.
 */
export class Container extends pulumi.CustomResource {
  /** Name in Docker. */
  declare readonly name: pulumi.Output<string>;
  /** `running`, `complete` for a job that ended well, else Docker's word, such as `exited (1)`. */
  declare readonly state: pulumi.Output<string>;
  /** Docker's id. */
  declare readonly containerId: pulumi.Output<string>;
  /** Digest that the image's tag is pinned to. */
  declare readonly imageDigest: pulumi.Output<string | undefined>;
  /** Ports as Docker has published them, with those that it picked. */
  declare readonly publishedPorts: pulumi.Output<HostPort[]>;

  constructor(name: string, args: ContainerArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      state: undefined,
      containerId: undefined,
      imageDigest: undefined,
      publishedPorts: undefined,
    };
    super("swarm:index:Container", name, { name: undefined, ...outputs, ...args }, opts);
  }
}
