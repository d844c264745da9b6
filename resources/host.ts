import * as pulumi from "@pulumi/pulumi";

/** Docker on a machine. */
export interface HostEngine {
  /** Version of docker-ce, `26.1.5`, or its first digits; 20.10 or newer. @default - the one that is there, else the newest; then kept */
  readonly version?: pulumi.Input<string>;
  /** URL of the package repository, laid out like the default. @default "https://download.docker.com/linux" */
  readonly repository?: pulumi.Input<string>;
  /**
   * Fingerprints of the keys that may sign the repository's packages; false trusts whatever key lies beside them.
   * @default - Docker's own
   */
  readonly repositoryKey?: false | pulumi.Input<pulumi.Input<string>[]>;
  /** URLs asked first for images of Docker Hub. @default [] */
  readonly registryMirrors?: pulumi.Input<pulumi.Input<string>[]>;
  /** Registries spoken to without TLS. @default [] */
  readonly insecureRegistries?: pulumi.Input<pulumi.Input<string>[]>;
  /** Labels of the engine (`engine.labels.…` in constraints). @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Any further key of daemon.json.
   * @default {}
   * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
   */
  readonly daemon?: pulumi.Input<Record<string, unknown>>;
}

/** Openings in firewalld or ufw, where one of them is at work. */
export interface HostFirewall {
  /** Only managers get 2377/tcp opened. @default "manager" */
  readonly role?: pulumi.Input<"manager" | "worker">;
  /** Who may come in: only the other nodes and `sources`, or anybody, which Docker advises against. @default "members" */
  readonly source?: pulumi.Input<"any" | "members">;
  /** Addresses and subnets (`10.20.0.0/16`) that may come in beside the nodes. @default [] */
  readonly sources?: pulumi.Input<pulumi.Input<string>[]>;
  /** UDP port of the traffic between containers. @default 4789 */
  readonly dataPathPort?: pulumi.Input<number>;
  /**
   * Openings besides those of the swarm: `9100/tcp`, `30000-30010/udp` or a protocol. Published ports need none.
   * @default []
   */
  readonly ports?: pulumi.Input<pulumi.Input<string>[]>;
}

/** A user of a machine. */
export interface HostUser {
  /** Number of the user. One that exists is never changed. @default - the next that is free */
  readonly uid?: pulumi.Input<number>;
  /** Groups that the user is in; made where they are missing. `docker` makes equal to root. @default ["docker"] */
  readonly groups?: pulumi.Input<pulumi.Input<string>[]>;
  /** Public keys that may log in as the user, as lines of authorized_keys; others that are there stay. @default [] */
  readonly authorizedKeys?: pulumi.Input<pulumi.Input<string>[]>;
  /** What the user may do through sudo: `ALL=(ALL) NOPASSWD: ALL`. @default - nothing */
  readonly sudo?: pulumi.Input<string>;
}

/** What a machine shall be like. */
export interface HostArgs {
  /** Name of the machine in the provider's configuration. */
  readonly host: pulumi.Input<string>;
  /** Host name the machine is given. @default - `host` */
  readonly hostname?: pulumi.Input<string>;
  /** Host names and IP addresses of all nodes, for /etc/hosts. */
  readonly addresses: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Further addresses of nodes, such as those of their data path, that the firewall lets in. @default [] */
  readonly members?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Interfaces by which nodes or their data paths are named, by host: the firewall lets in the addresses that they have.
   * @default {}
   */
  readonly interfaces?: pulumi.Input<Record<string, pulumi.Input<pulumi.Input<string>[]>>>;
  /** @default {} */
  readonly engine?: HostEngine;
  /** false leaves the firewall alone. @default {} */
  readonly firewall?: HostFirewall | false;
  /** Packages of the system that shall be installed, before the engine. @default [] */
  readonly packages?: pulumi.Input<pulumi.Input<string>[]>;
  /** Users that shall exist, by name. @default {} */
  readonly users?: pulumi.Input<Record<string, pulumi.Input<HostUser>>>;
  /** Kernel modules loaded now and at boot. @default ["br_netfilter", "ip_vs", "overlay", "vxlan"] */
  readonly modules?: pulumi.Input<pulumi.Input<string>[]>;
  /** Kernel settings made now and at boot. @default - bridged traffic meets iptables, and packets are forwarded */
  readonly sysctls?: pulumi.Input<Record<string, pulumi.Input<string | number>>>;
  /** Services of systemd that shall run, now and after each boot. @default [] */
  readonly services?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * What keeps the clock right, installed where it is missing; `any` is content with whichever is there.
   * @default - whatever there is
   */
  readonly timeService?: pulumi.Input<"any" | "chrony" | "timesyncd">;
  /** `false` turns swap off, now and at boot; `true` takes that back. @default - whatever there is */
  readonly swap?: pulumi.Input<boolean>;
  /** Bring all packages to their newest version, once. The engine stays as it is. @default false */
  readonly update?: pulumi.Input<boolean>;
  /** Install `docker compose` (docker-compose-plugin) beside the engine. @default false */
  readonly dockerCompose?: pulumi.Input<boolean>;
  /**
   * How tasks leave a node whose engine is to restart: `gentle` starts those of services that update start-first on
   * other nodes before they stop here; `now` stops all at once.
   * @default "gentle"
   */
  readonly drain?: pulumi.Input<"gentle" | "now">;
  /** Delete removes the engine's packages, too; /var/lib/docker stays in any case. @default false */
  readonly removeEngine?: pulumi.Input<boolean>;
}

/** What a machine says of itself. */
export interface HostFacts {
  /** `CentOS Stream 9`. */
  readonly os: string;
  /** `5.14.0-503.el9.x86_64`. */
  readonly kernel: string;
  /** `x86_64`. */
  readonly architecture: string;
  /** Version of docker-ce that is installed; empty for none. */
  readonly engineVersion: string;
}

/** A machine made ready for the swarm: name, hosts, kernel modules, firewall and the Docker Engine. */
export class Host extends pulumi.CustomResource {
  /** Name of the machine in the provider's configuration. */
  declare readonly host: pulumi.Output<string>;
  /** What was found on it, as of the last look. */
  declare readonly facts: pulumi.Output<HostFacts>;
  /**
   * Further addresses of other nodes, by host, as their machines say: those that they speak to this one from, and those
   * of the interfaces that name them. The firewall lets them in, too.
   */
  declare readonly memberSources: pulumi.Output<Record<string, string[]> | undefined>;

  constructor(name: string, args: HostArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Host", name, { ...args, facts: undefined, memberSources: undefined }, opts);
  }
}
