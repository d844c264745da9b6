import * as pulumi from "@pulumi/pulumi";
import type {
  CredentialSpec,
  Healthcheck,
  LogDriver,
  Mount,
  Privileges,
  ServiceFile,
  Ulimit,
} from "./service-container";
import type {
  Limits,
  Placement,
  Port,
  Reservations,
  RestartPolicy,
  RollbackConfig,
  ServiceNetwork,
  UpdateConfig,
} from "./service-deployment";

/**
 * A service: which container, how many, where, and how it is replaced by its next version.
 * Durations are Docker's (`90s`, `1m30s`), sizes too (`512M`).
 * @see https://docs.docker.com/reference/cli/docker/service/create/
 */
export interface ServiceArgs {
  /** Name in Docker and in the networks' DNS. A change makes a new service. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** Image with tag or digest. */
  readonly image: pulumi.Input<string>;
  /**
   * When the registry is asked which digest the tag stands for: when the service is made, the tag's text changes
   * or the last rollout failed (`changed`), in every preview, so that a tag that moved shows as a change (`always`), or `never`.
   * @default "changed"
   */
  readonly imageRefresh?: pulumi.Input<"changed" | "always" | "never">;
  /** Program and its first words, instead of the image's entrypoint. @default - the image's */
  readonly command?: pulumi.Input<pulumi.Input<string>[]>;
  /** Words after the entrypoint. @default - the image's */
  readonly args?: pulumi.Input<pulumi.Input<string>[]>;
  /** Environment of the container. No place for secrets: everybody who may inspect the service reads it. @default {} */
  readonly env?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Names of the image's variables that the container does not get; `env: { A: "" }` leaves an empty `A`. @default [] */
  readonly envUnset?: pulumi.Input<pulumi.Input<string>[]>;
  /** @default - the image's */
  readonly workingDir?: pulumi.Input<string>;
  /** `name`, `uid` or `uid:gid`. @default - the image's */
  readonly user?: pulumi.Input<string>;
  /** Further groups of the user, by name or number. @default [] */
  readonly groups?: pulumi.Input<pulumi.Input<string>[]>;
  /** Host name inside the container; may be a template (`{{.Node.Hostname}}`). @default - the container's id */
  readonly hostname?: pulumi.Input<string>;
  /** Further lines for /etc/hosts: `address name`, or `name:address`. @default [] */
  readonly hosts?: pulumi.Input<pulumi.Input<string>[]>;
  /** Addresses of name servers, asked in this order. @default - the node's */
  readonly dns?: pulumi.Input<pulumi.Input<string>[]>;
  /** Domains to search, in this order. @default [] */
  readonly dnsSearch?: pulumi.Input<pulumi.Input<string>[]>;
  /** Options of resolv.conf, `ndots:2`. @default [] */
  readonly dnsOptions?: pulumi.Input<pulumi.Input<string>[]>;
  /** Labels of the service. @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Labels of each container. @default {} */
  readonly containerLabels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default false */
  readonly tty?: pulumi.Input<boolean>;
  /** Standard input stays open. @default false */
  readonly stdin?: pulumi.Input<boolean>;
  /** The container's own file system cannot be written. @default false */
  readonly readOnly?: pulumi.Input<boolean>;
  /**
   * A small init as process 1 forwards signals and reaps processes; false also where the node's engine has `init: true`.
   * @default - as the node's engine does
   */
  readonly init?: pulumi.Input<boolean>;
  /** @default "SIGTERM" */
  readonly stopSignal?: pulumi.Input<string>;
  /** From the stop signal to the kill. @default "10s" */
  readonly stopGracePeriod?: pulumi.Input<string>;
  /** Isolation of Windows containers. @default "default" */
  readonly isolation?: pulumi.Input<"default" | "process" | "hyperv">;
  /** Added to the score by which the kernel picks what to kill without memory, -1000 to 1000. @default 0 */
  readonly oomScoreAdj?: pulumi.Input<number>;
  /** When a task counts as healthy. @default - the image's */
  readonly healthcheck?: Healthcheck;
  /** Service account of Windows containers. @default - none */
  readonly credentialSpec?: CredentialSpec;
  /** What the container's processes may do. @default - what the engine allows */
  readonly privileges?: Privileges;
  /** Linux capabilities added, `NET_ADMIN`. @default [] */
  readonly capAdd?: pulumi.Input<pulumi.Input<string>[]>;
  /** Linux capabilities taken away. @default [] */
  readonly capDrop?: pulumi.Input<pulumi.Input<string>[]>;
  /** Kernel parameters of the container's namespaces. @default {} */
  readonly sysctls?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default [] */
  readonly ulimits?: pulumi.Input<pulumi.Input<Ulimit>[]>;
  /** @default [] */
  readonly mounts?: pulumi.Input<pulumi.Input<Mount>[]>;
  /** Secrets as files in memory, below /run/secrets. @default [] */
  readonly secrets?: pulumi.Input<pulumi.Input<ServiceFile>[]>;
  /** Configs as files. @default [] */
  readonly configs?: pulumi.Input<pulumi.Input<ServiceFile>[]>;
  /** @default [] */
  readonly networks?: pulumi.Input<pulumi.Input<ServiceNetwork>[]>;
  /** The most that one task gets. @default - no limit */
  readonly limits?: Limits;
  /** What a node must have to spare for one task. @default - nothing */
  readonly reservations?: Reservations;
  /** What happens when a task ends. @default - it is started again after 5s */
  readonly restartPolicy?: RestartPolicy;
  /** On which nodes. @default - any */
  readonly placement?: Placement;
  /** @default - the engine's own */
  readonly logDriver?: LogDriver;
  /** A number of tasks, or one on each node; the jobs run to their end. A change makes a new service. @default "replicated" */
  readonly mode?: pulumi.Input<"replicated" | "global" | "replicated-job" | "global-job">;
  /** Number of tasks; for a replicated job, of tasks that must end well. @default 1 */
  readonly replicas?: pulumi.Input<number>;
  /** Tasks of a replicated job that run at a time. @default - as many as `replicas` */
  readonly maxConcurrent?: pulumi.Input<number>;
  /** How a new version comes. @default - one task at a time, paused at the first failure */
  readonly updateConfig?: UpdateConfig;
  /** How the old version comes back. @default - one task at a time, paused at the first failure */
  readonly rollbackConfig?: RollbackConfig;
  /** One virtual address for all tasks, or DNS with the address of each. @default "vip" */
  readonly endpointMode?: pulumi.Input<"vip" | "dnsrr">;
  /** @default [] */
  readonly ports?: pulumi.Input<pulumi.Input<Port>[]>;
  /** A changed number restarts all tasks. @default - as it is */
  readonly forceUpdate?: pulumi.Input<number>;
  /** Takes over a service of this name that is there already and differs. @default false */
  readonly adopt?: pulumi.Input<boolean>;
  /** Time within which all tasks must run (and be healthy) after a change; then it is an error. @default "5m" */
  readonly convergeTimeout?: pulumi.Input<string>;
}

/** A port as Docker has published it. */
export interface PublishedPort {
  /** Port in the container. */
  readonly target: number;
  /** Port on the nodes. */
  readonly published: number;
  /** `tcp`, `udp` or `sctp`. */
  readonly protocol: string;
  /** `ingress`: every node answers; `host`: only nodes with a task. */
  readonly mode: string;
}

/** A service of the swarm. Creating it waits until its tasks run, and are healthy where that is checked. */
export class Service extends pulumi.CustomResource {
  /** Name in Docker. */
  declare readonly name: pulumi.Output<string>;
  /** Digest that the image's tag is pinned to. */
  declare readonly imageDigest: pulumi.Output<string | undefined>;
  /** Ports as Docker has published them, with those that it picked. */
  declare readonly publishedPorts: pulumi.Output<PublishedPort[]>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "swarm:index:Service",
      name,
      { name: undefined, imageDigest: undefined, publishedPorts: undefined, ...args },
      opts,
    );
  }
}
