import * as pulumi from "@pulumi/pulumi";

/** An authority that signs the nodes' certificates. */
export interface ExternalCa {
  /** Where certificate signing requests are sent. */
  readonly url: pulumi.Input<string>;
  /** @default "cfssl" */
  readonly protocol?: pulumi.Input<"cfssl">;
  /** Options of the protocol. @default {} */
  readonly options?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The authority's root certificate as PEM text. @default - the swarm's own */
  readonly caCert?: pulumi.Input<string>;
}

/** A changed word rotates once; a word that is taken away does nothing. */
export interface SwarmRotation {
  /** Token that workers join with. @default - stays */
  readonly workerToken?: pulumi.Input<string>;
  /** Token that managers join with. @default - stays */
  readonly managerToken?: pulumi.Input<string>;
  /** Key of a swarm with `autolock`. @default - stays */
  readonly unlockKey?: pulumi.Input<string>;
  /** The swarm's own certificate authority, and with it every node's certificate. @default - stays */
  readonly ca?: pulumi.Input<string>;
}

/** @see https://docs.docker.com/reference/cli/docker/swarm/init/ */
export interface SwarmArgs {
  /** Manager that makes the swarm. Later calls go to any manager. */
  readonly host: pulumi.Input<string>;
  /** IP address or interface the other nodes reach it by. */
  readonly advertiseAddr?: pulumi.Input<string>;
  /** Address and port for the managers' own traffic. @default "0.0.0.0:2377" */
  readonly listenAddr?: pulumi.Input<string>;
  /** IP address or interface for the traffic between containers. @default - `advertiseAddr` */
  readonly dataPathAddr?: pulumi.Input<string>;
  /** UDP port of that traffic, 1024 to 49151. Fixed once the swarm exists. @default 4789 */
  readonly dataPathPort?: pulumi.Input<number>;
  /** Subnets for overlay networks. Fixed once the swarm exists. @default ["10.0.0.0/8"] */
  readonly defaultAddrPool?: pulumi.Input<pulumi.Input<string>[]>;
  /** Prefix length of one network out of the pool. Fixed once the swarm exists. @default 24 */
  readonly defaultAddrPoolMaskLength?: pulumi.Input<number>;
  /** Managers that restart must be unlocked with a key. @default false */
  readonly autolock?: pulumi.Input<boolean>;
  /** Validity of node certificates, a Docker duration of at least 1h. @default "2160h" */
  readonly certExpiry?: pulumi.Input<string>;
  /** How often a node reports, a Docker duration. @default "5s" */
  readonly dispatcherHeartbeat?: pulumi.Input<string>;
  /** Ended tasks remembered per slot; -1 for all. @default 5 */
  readonly taskHistoryLimit?: pulumi.Input<number>;
  /** Raft log entries between two snapshots. @default 10000 */
  readonly snapshotInterval?: pulumi.Input<number>;
  /** Snapshots kept beside the newest. @default 0 */
  readonly maxSnapshots?: pulumi.Input<number>;
  /** Labels of the swarm itself. @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Authorities that sign the nodes' certificates instead of the managers. @default [] */
  readonly externalCas?: pulumi.Input<pulumi.Input<ExternalCa>[]>;
  /** Certificate of an authority of your own, PEM text; a changed one rotates. @default - one that the swarm makes */
  readonly caCert?: pulumi.Input<string>;
  /** Private key of `caCert`, PEM text. Kept as a secret. */
  readonly caKey?: pulumi.Input<string>;
  /** What to make anew. @default {} */
  readonly rotate?: pulumi.Input<SwarmRotation>;
}

/** The swarm, made on its first manager. */
export class Swarm extends pulumi.CustomResource {
  /** Managers that restarted and wait for the unlock key. */
  declare readonly locked: pulumi.Output<string[]>;
  /** Docker's id of the swarm. */
  declare readonly clusterId: pulumi.Output<string>;
  /** Addresses of the managers, `address:2377`. */
  declare readonly managers: pulumi.Output<string[]>;
  /** What a worker joins with. A secret. */
  declare readonly workerToken: pulumi.Output<string>;
  /** What a manager joins with. A secret. */
  declare readonly managerToken: pulumi.Output<string>;
  /** What unlocks a manager of a swarm with `autolock`; empty without. A secret. */
  declare readonly unlockKey: pulumi.Output<string>;

  constructor(name: string, args: SwarmArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      clusterId: undefined,
      managers: undefined,
      workerToken: undefined,
      managerToken: undefined,
      unlockKey: undefined,
      locked: undefined,
    };
    const guarded = args.caKey === undefined ? {} : { caKey: pulumi.secret(args.caKey) };
    const secrets = ["workerToken", "managerToken", "unlockKey"];
    const options = pulumi.mergeOptions({ additionalSecretOutputs: secrets }, opts);
    super("swarm:index:Swarm", name, { ...args, ...guarded, ...outputs }, options);
  }
}
