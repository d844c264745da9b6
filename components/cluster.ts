import { isIP } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { Host } from "../resources/host";
import { Node } from "../resources/node";
import { Provider } from "../resources/provider";
import { Quorum } from "../resources/quorum";
import { Swarm } from "../resources/swarm";
import { connectionOf, type Connection } from "./connection";
import type { ClusterArgs, ClusterHostArgs, MadeMachines, Role } from "./cluster-args";
import { hostDeclaration, membersOf, namesOf } from "./host-declaration";
import { providerArgs } from "./provider-args";

/** What is worth knowing of a node from outside. */
export interface NodeSummary {
  /** What the configuration makes of it. */
  readonly role: Role;
  /** How the machine is reached from here. */
  readonly address: string;
}

/** What its type was called in the states of earlier versions. */
const formerly: pulumi.ComponentResourceOptions = {
  aliases: [{ type: "swarm:components:Cluster" }],
};

/**
 * A swarm from its machines up: they are prepared, and joined.
 *
 * ```ts
 * const cluster = new Cluster("cluster", {
 *   ssh: { agent: process.env.SSH_AUTH_SOCK },
 *   hosts: { "manager-1": { role: "manager", address: "203.0.113.11", hostKey: "ssh-ed25519 AAAA…" } },
 * });
 * new Network("front", {}, { provider: cluster.provider, dependsOn: cluster.managers });
 * ```
 */
export class Cluster extends pulumi.ComponentResource {
  /** Reaches the machines; give it to every resource that belongs into this swarm. */
  readonly provider: Provider;
  /** The machines, prepared, by host name. */
  readonly hosts: Readonly<Record<string, Host>>;
  /** The swarm itself: its id, its tokens, its settings. */
  readonly swarm: Swarm;
  /** Members by host name. What runs on any node depends on all of them. */
  readonly nodes: Readonly<Record<string, Node>>;
  /** The managers among `nodes`. What is kept by the managers (networks, secrets) depends on these. */
  readonly managers: readonly Node[];
  /** How the machines are reached from here, by host name. */
  readonly addresses: Readonly<Record<string, pulumi.Output<string>>>;
  /** How the nodes reach each other, by host name. */
  readonly nodeAddresses: Readonly<Record<string, pulumi.Output<string>>>;
  /** Declared node labels by host name. */
  readonly labels: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Role and address by host name. */
  readonly summary: pulumi.Output<Record<string, NodeSummary>>;
  readonly #args: ClusterArgs;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("swarm:index:Cluster", name, {}, pulumi.mergeOptions(formerly, opts));
    this.#args = args;
    this.labels = this.#each((_, { labels = {} }) => labels);
    const names = this.#namesByRole();
    this.provider = new Provider(`${name}-provider`, providerArgs(args), { parent: this });
    const made = args.machines?.make(name, (...needs) => this.#options(...needs));
    this.addresses = Object.fromEntries(
      [...names.managers, ...names.workers]
        .sort()
        .map((host) => [host, made?.machines[host]?.address ?? this.#givenAddress(host)]),
    );
    this.nodeAddresses = this.#each((host, { advertiseAddr = "" }) =>
      isIP(advertiseAddr) === 0
        ? (this.addresses[host] ?? this.#givenAddress(host))
        : pulumi.output(advertiseAddr),
    );
    this.hosts = this.#prepare(name, made);
    const [first] = names.managers;
    if (first === undefined)
      throw new pulumi.ResourceError("hosts: got no manager; expected one at least", this, true);
    this.swarm = this.#found(name, first);
    this.nodes = this.#join(name, names);
    this.managers = names.managers.flatMap((host) => this.nodes[host] ?? []);
    this.summary = this.#summarise();
    this.registerOutputs({ nodes: this.summary });
  }

  /**
   * How `@pulumi/command` reaches a machine: `new remote.Command("x", { connection: cluster.connection("web-1"), … })`.
   *
   * @throws pulumi.ResourceError for a host that the cluster does not have, and for a lab's: its keys never leave the lab
   */
  connection(host: string): Connection {
    const declared = this.#args.hosts[host];
    if (declared === undefined) {
      const known = Object.keys(this.#args.hosts).sort().join(", ");
      throw new pulumi.ResourceError(`got host "${host}"; expected one of ${known}`, this, true);
    }
    const connection = connectionOf(declared, this.#args.ssh);
    if (connection !== undefined) return connection;
    const { machines } = this.#args;
    const inLab =
      machines === undefined ? "" : ` For a machine of the lab use \`npm run lab -- ssh ${host}\`.`;
    throw new pulumi.ResourceError(
      `hosts.${host}: got no address and hostKey; expected both, to connect from outside the provider.${inLab}`,
      this,
      true,
    );
  }

  #namesByRole(): HostNames {
    const names = Object.keys(this.#args.hosts).sort();
    const isManager = (host: string) => this.#args.hosts[host]?.role === "manager";
    return {
      managers: names.filter(isManager),
      workers: names.filter((host) => !isManager(host)),
    };
  }

  #givenAddress(host: string): pulumi.Output<string> {
    const address = this.#args.hosts[host]?.address;
    if (address !== undefined) return pulumi.output(address);
    throw new pulumi.ResourceError(
      `hosts.${host}.address: got nothing; expected an IP address`,
      this,
      true,
    );
  }

  #prepare(name: string, made: MadeMachines | undefined): Record<string, Host> {
    const members = membersOf(this.#args);
    const addresses = Object.fromEntries(
      Object.entries(this.nodeAddresses).flatMap(([host, address]) =>
        namesOf(this.#args, host).map((known) => [known, address] as const),
      ),
    );
    return this.#each((host) => {
      const args = {
        ...hostDeclaration(this.#args, host, made?.engine),
        addresses,
        ...members,
      };
      const needs = made?.machines[host]?.resource;
      return new Host(
        `${name}-host-${host}`,
        args,
        this.#guarded(...(needs === undefined ? [] : [needs])),
      );
    });
  }

  #found(name: string, first: string): Swarm {
    const { defaultAddrPool, externalCas, labels, rotate, ...settings } = this.#args.settings ?? {};
    const args = {
      host: first,
      ...this.#network(first),
      ...settings,
      ...(defaultAddrPool === undefined ? {} : { defaultAddrPool: [...defaultAddrPool] }),
      ...(externalCas === undefined ? {} : { externalCas: [...externalCas] }),
      ...(labels === undefined ? {} : { labels: { ...labels } }),
      ...(rotate === undefined ? {} : { rotate: { ...rotate } }),
    };
    return new Swarm(`${name}-swarm`, args, this.#guarded(...this.#hostsNamed(first)));
  }

  /**
   * The plan for the managers as a whole comes first. Then managers join one after the other, so that there is never
   * more than one change of the quorum; then the workers.
   */
  #join(name: string, { managers, workers }: HostNames): Record<string, Node> {
    const quorum = new Quorum(
      `${name}-quorum`,
      { managers: [...managers], workers: [...workers] },
      this.#options(this.swarm),
    );
    const nodes: Record<string, Node> = {};
    const join = (host: string, after: readonly pulumi.Resource[]): Node => {
      const {
        role = "worker",
        labels = {},
        availability = "active",
        drain,
      } = this.#args.hosts[host] ?? {};
      const args = {
        ...{ host, role, labels: { ...labels }, availability },
        ...(drain === undefined ? {} : { drain }),
        ...this.#network(host),
      };
      const needs = [quorum, this.swarm, ...this.#hostsNamed(host), ...after];
      return new Node(`${name}-node-${host}`, args, this.#guarded(...needs));
    };
    let previous: Node[] = [];
    for (const host of managers) previous = [(nodes[host] = join(host, previous))];
    for (const host of workers) nodes[host] = join(host, previous);
    return nodes;
  }

  #network(host: string): NodeNetwork {
    const { advertiseAddr, dataPathAddr, listenAddr } = this.#args.hosts[host] ?? {};
    return {
      advertiseAddr: advertiseAddr ?? this.addresses[host] ?? this.#givenAddress(host),
      ...(dataPathAddr === undefined ? {} : { dataPathAddr }),
      ...(listenAddr === undefined ? {} : { listenAddr }),
    };
  }

  #summarise(): pulumi.Output<Record<string, NodeSummary>> {
    return pulumi.output(
      Object.fromEntries(
        Object.entries(this.addresses).map(([host, address]) => [
          host,
          { role: this.#args.hosts[host]?.role ?? "worker", address },
        ]),
      ),
    );
  }

  #each<T>(make: (host: string, args: ClusterHostArgs) => T): Record<string, T> {
    return Object.fromEntries(
      Object.entries(this.#args.hosts)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([host, args]) => [host, make(host, args)]),
    );
  }

  #hostsNamed(name: string): Host[] {
    const host = this.hosts[name];
    return host === undefined ? [] : [host];
  }

  #options(...dependsOn: pulumi.Resource[]): pulumi.CustomResourceOptions {
    return { parent: this, provider: this.provider, dependsOn };
  }

  #guarded(...dependsOn: pulumi.Resource[]): pulumi.CustomResourceOptions {
    const protect = this.#args.protect === true ? { protect: true } : {};
    return { ...this.#options(...dependsOn), ...protect };
  }
}

/** A node's own addresses. */
interface NodeNetwork {
  readonly advertiseAddr: pulumi.Input<string>;
  readonly dataPathAddr?: string;
  readonly listenAddr?: string;
}

interface HostNames {
  readonly managers: readonly string[];
  readonly workers: readonly string[];
}
