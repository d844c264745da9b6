import type * as pulumi from "@pulumi/pulumi";

/** The words of `Role`. */
export const roles = ["manager", "worker"] as const;
/** What a node is in the swarm: `manager` or `worker`. Managers keep the cluster's state; both kinds run tasks. */
export type Role = (typeof roles)[number];

/** The words of `Availability`. */
export const availabilities = ["active", "pause", "drain"] as const;
/**
 * Whether a node gets tasks: `active` does, `pause` keeps those it has, `drain` hands them over.
 * @see https://docs.docker.com/engine/swarm/swarm-tutorial/drain-node/
 */
export type Availability = (typeof availabilities)[number];

/** The words of `Drain`. */
export const drains = ["gentle", "now"] as const;
/**
 * How tasks leave a node: `gentle` starts those of services that update start-first on other nodes before they stop
 * here, `now` stops all at once.
 */
export type Drain = (typeof drains)[number];

/** How to log in to a machine. */
export interface SshArgs {
  /** Account to log in to; root, or one that may use sudo. @default "root" */
  readonly user?: string;
  /** TCP port of the SSH server. @default 22 */
  readonly port?: number;
  /** Private key, PEM or OpenSSH text. A secret. */
  readonly privateKey?: string;
  /** Passphrase of `privateKey`. A secret. @default - the key has none */
  readonly passphrase?: string;
  /** Path of an ssh-agent's socket. */
  readonly agent?: string;
  /** Password of the account. A secret. */
  readonly password?: string;
  /** Password that sudo asks for. A secret. @default - sudo asks for none */
  readonly sudoPassword?: string;
  /** Machine to go through. @default - none */
  readonly jump?: JumpArgs;
}

/** A machine on the way to another one. */
export interface JumpArgs extends Omit<SshArgs, "jump" | "sudoPassword"> {
  /** IP address or DNS name. */
  readonly address: string;
  /** Public host key, `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

/** A user of a machine. */
export interface UserArgs {
  /** Number of the user. One that exists is never changed. @default - the next that is free */
  readonly uid?: number;
  /** Groups that the user is in; made where they are missing. `docker` makes equal to root. @default ["docker"] */
  readonly groups?: readonly string[];
  /** Public keys that may log in as the user, as lines of authorized_keys; others that are there stay. @default [] */
  readonly authorizedKeys?: readonly string[];
  /** What the user may do through sudo: `ALL=(ALL) NOPASSWD: ALL`. @default - nothing */
  readonly sudo?: string;
}

/** Services that keep a machine's clock right; `any` is content with whichever is there. */
export type TimeService = "any" | "chrony" | "timesyncd";

/**
 * How machines shall be. Lists of one machine are added to those of all, maps are put together by their names, and any
 * other value of one machine goes in place of the common one.
 */
export interface HostSettings {
  /**
   * Host name that the machine is given, with or without a domain, whose first part is the machine's name here; `keep`
   * leaves the one that it has.
   * @default - the name of the host
   */
  readonly hostname?: string;
  /** Packages of the system that shall be installed, before the engine. @default [] */
  readonly packages?: readonly string[];
  /** Users that shall exist, by name. @default {} */
  readonly users?: Readonly<Record<string, UserArgs>>;
  /** Kernel modules loaded now and at boot, besides those that a swarm needs. @default [] */
  readonly modules?: readonly string[];
  /** Kernel settings made now and at boot, besides those that a swarm needs. @default {} */
  readonly sysctls?: Readonly<Record<string, string | number>>;
  /** Services of systemd that shall run, now and after each boot. @default [] */
  readonly services?: readonly string[];
  /** What keeps the clock right; installed where it is missing. @default - whatever there is */
  readonly timeService?: TimeService;
  /** `false` turns swap off, now and at boot; `true` takes that back. @default - whatever there is */
  readonly swap?: boolean;
  /** Brings all packages to their newest version, once. The engine stays as it is. @default false */
  readonly update?: boolean;
  /** Installs `docker compose` beside the engine. Stacks do not need it. @default false */
  readonly dockerCompose?: boolean;
  /**
   * A host that is taken out loses the engine's packages, too, and what was declared of daemon.json; /var/lib/docker
   * stays in any case.
   * @default false
   */
  readonly removeEngine?: boolean;
}

/** One machine of the cluster. Its own settings go over the cluster's `host`, `engine` and `firewall`. */
export interface ClusterHostArgs extends HostSettings {
  /** Managers keep the cluster's state; both kinds run tasks. */
  readonly role: Role;
  /**
   * How the machine is reached from here: IP address or, beside `advertiseAddr`, DNS name; where it is behind address
   * translation, the outer one.
   */
  readonly address?: string;
  /** Public host key, `ssh-ed25519 AAAA…`; any other key stops the connection. */
  readonly hostKey?: string;
  /** How to log in, where it differs from the cluster's `ssh`. */
  readonly ssh?: SshArgs;
  /**
   * The node's own address, an IP address or an interface, that the other nodes reach this one by.
   * @default - `address`
   * @see https://docs.docker.com/reference/cli/docker/swarm/init/#advertise-addr
   */
  readonly advertiseAddr?: string;
  /** IP address or interface for the traffic between containers. @default - `advertiseAddr` */
  readonly dataPathAddr?: string;
  /**
   * IP address or interface, with a port, on which the node listens for the managers' traffic. Fixed once it has joined.
   * @default "0.0.0.0:2377"
   */
  readonly listenAddr?: string;
  /** Node labels: the full set, a label added by hand is drift. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default "active" */
  readonly availability?: Availability;
  /**
   * How tasks leave the node when it is drained, is taken out or its engine restarts: `gentle` starts those of services that update
   * start-first on other nodes before they stop here; `now` stops all at once.
   * @default "gentle"
   */
  readonly drain?: Drain;
  /** The machine's own part of the engine's configuration, over the cluster's. @default {} */
  readonly engine?: EngineArgs;
  /** The machine's own part of the firewall's, over the cluster's; false leaves this one alone. @default {} */
  readonly firewall?: FirewallArgs | false;
}

/** Machines that are made with the cluster, where they come from and how they are reached. */
export interface MachineSource {
  /** What the provider is to know of them as a whole. */
  readonly provider: Readonly<Record<string, unknown>>;
  /** What the provider is to know of one of them. */
  connection(host: string): Readonly<Record<string, unknown>>;
  /**
   * Makes them, and what they live on.
   *
   * @param name - the cluster's
   * @param options - of each resource: what it belongs to, and what it waits for
   */
  make(
    name: string,
    options: (...dependsOn: pulumi.Resource[]) => pulumi.CustomResourceOptions,
  ): MadeMachines;
}

/** Machines that were made. */
export interface MadeMachines {
  /** By host name. */
  readonly machines: Readonly<Record<string, MadeMachine>>;
  /** Where their engines find packages and images, unless the cluster says otherwise. */
  readonly engine: Sources;
}

/** Where engines find packages and images, unless the cluster says otherwise. */
export interface Sources {
  /** URL of the package repository, laid out like Docker's. */
  readonly repository: pulumi.Input<string>;
  /** URLs asked for images of Docker Hub first. */
  readonly registryMirrors: pulumi.Input<string>[];
}

/** One of them: its preparation waits for the resource. */
export interface MadeMachine {
  /** How it is reached from here. */
  readonly address: pulumi.Output<string>;
  /** What makes it. */
  readonly resource: pulumi.Resource;
}

/** Docker on every machine. */
export interface EngineArgs {
  /** Version of docker-ce, `26.1.5`, 20.10 or newer; the first digits are enough. @default - the newest in the repository, then kept */
  readonly version?: string;
  /** URL of the package repository, laid out like Docker's. @default - Docker's; in a lab, the lab's */
  readonly repository?: string;
  /**
   * Fingerprints of the keys that may sign the repository's packages, such as a mirror's own; false trusts whatever key
   * lies beside them.
   * @default - Docker's own; in a lab with the lab's repository, false: its key is made with it
   */
  readonly repositoryKey?: readonly string[] | false;
  /** URLs asked for images of Docker Hub first. @default - none; in a lab, the lab's registry */
  readonly registryMirrors?: readonly string[];
  /** Registries spoken to without TLS, `address:port` or a subnet. @default [] */
  readonly insecureRegistries?: readonly string[];
  /** Labels of the engine itself (`engine.labels.…` in constraints). @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * Any further key of daemon.json.
   * @default {}
   * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
   */
  readonly daemon?: pulumi.Input<Readonly<Record<string, unknown>>>;
}

/** Openings in firewalld or ufw, where one of them is at work; those of the swarm are always made. */
export interface FirewallArgs {
  /** Who may come in: only the other nodes and `sources`, or anybody, which Docker advises against. @default "members" */
  readonly source?: FirewallSource;
  /** Addresses and subnets (`10.20.0.0/16`) that may come in beside the nodes, such as a monitoring server's. @default [] */
  readonly sources?: readonly string[];
  /** Further openings: `9100/tcp`, `30000-30010/udp` or a protocol. Published ports need none. @default [] */
  readonly ports?: readonly string[];
}

/** Whom a firewall lets in. */
export type FirewallSource = "any" | "members";

/** An authority that signs the nodes' certificates. */
export interface ExternalCaArgs {
  /** Where certificate signing requests are sent. */
  readonly url: string;
  /** @default "cfssl" */
  readonly protocol?: "cfssl";
  /** Options of the protocol. @default {} */
  readonly options?: pulumi.Input<Readonly<Record<string, string>>>;
  /** The authority's root certificate as PEM text. @default - the swarm's own */
  readonly caCert?: string;
}

/**
 * Settings of the swarm as a whole.
 * @see https://docs.docker.com/reference/cli/docker/swarm/update/
 */
export interface SwarmSettings {
  /** Managers that restart must be unlocked with a key. @default false */
  readonly autolock?: boolean;
  /** Validity of node certificates, as a Docker duration, at least 1h. @default "2160h" */
  readonly certExpiry?: string;
  /** How often a node reports, as a Docker duration. @default "5s" */
  readonly dispatcherHeartbeat?: string;
  /** Ended tasks that are remembered per slot; -1 for all. @default 5 */
  readonly taskHistoryLimit?: number;
  /** Raft log entries between two snapshots. @default 10000 */
  readonly snapshotInterval?: number;
  /** Snapshots kept beside the newest. @default 0 */
  readonly maxSnapshots?: number;
  /** Subnets from which overlay networks take theirs. Fixed once the swarm exists. @default ["10.0.0.0/8"] */
  readonly defaultAddrPool?: readonly string[];
  /** Prefix length of one network out of the pool. Fixed once the swarm exists. @default 24 */
  readonly defaultAddrPoolMaskLength?: number;
  /** UDP port of the traffic between containers, 1024 to 49151. Fixed once the swarm exists. @default 4789 */
  readonly dataPathPort?: number;
  /** Authorities that sign the nodes' certificates instead of the managers. @default [] */
  readonly externalCas?: readonly ExternalCaArgs[];
  /** Labels of the swarm itself. @default {} */
  readonly labels?: Readonly<Record<string, string>>;
  /** Certificate of an authority of your own, PEM text; a changed one rotates. @default - one that the swarm makes */
  readonly caCert?: string;
  /** Private key of `caCert`, PEM text. A secret. */
  readonly caKey?: string;
  /** What to make anew: a changed word rotates once. @default {} */
  readonly rotate?: RotationArgs;
}

/** Words, such as a date: a changed one rotates once, one that is taken away does nothing. */
export interface RotationArgs {
  /** Token that workers join with. @default - stays */
  readonly workerToken?: string;
  /** Token that managers join with. @default - stays */
  readonly managerToken?: string;
  /** Key of a swarm with `autolock`. @default - stays */
  readonly unlockKey?: string;
  /** The swarm's own certificate authority, and with it every node's certificate. @default - stays */
  readonly ca?: string;
}

/** A registry's account. */
export interface RegistryArgs {
  /** Account at the registry. */
  readonly username: string;
  /** Password or token. A secret. */
  readonly password: string;
}

/** A swarm from its machines up. */
export interface ClusterArgs {
  /** Machines that are made with the cluster. @default - the hosts exist */
  readonly machines?: MachineSource;
  /** Machines by host name. The first manager by name makes the swarm. */
  readonly hosts: Readonly<Record<string, ClusterHostArgs>>;
  /** How to log in, for every host that does not say otherwise. @default {} */
  readonly ssh?: SshArgs;
  /** How every machine shall be. @default {} */
  readonly host?: HostSettings;
  /** @default {} */
  readonly engine?: EngineArgs;
  /** Accounts by registry, as images name it (`registry.example.org:5000`); `docker.io` is Docker Hub. @default {} */
  readonly registries?: Readonly<Record<string, RegistryArgs>>;
  /** false leaves the firewalls of the hosts alone. @default {} */
  readonly firewall?: FirewallArgs | false;
  /** @default {} */
  readonly settings?: SwarmSettings;
  /** Refuse to delete hosts, nodes and the swarm until this is false again. @default false */
  readonly protect?: boolean;
}
