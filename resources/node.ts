import * as pulumi from "@pulumi/pulumi";

/** What a machine shall be in the swarm. */
export interface NodeArgs {
  /** Machine that is the node. */
  readonly host: pulumi.Input<string>;
  /** Managers keep the cluster's state; both kinds run tasks. */
  readonly role: pulumi.Input<"manager" | "worker">;
  /** The full set: a label added by hand is drift. @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /**
   * Whether the node gets tasks.
   * @default "active"
   * @see https://docs.docker.com/reference/cli/docker/node/update/
   */
  readonly availability?: pulumi.Input<"active" | "pause" | "drain">;
  /**
   * How tasks leave the node when it is drained or removed: `gentle` starts those of services that update start-first
   * on other nodes before they stop here; `now` stops all at once.
   * @default "gentle"
   */
  readonly drain?: pulumi.Input<"gentle" | "now">;
  /** IP address or interface the other nodes reach it by. */
  readonly advertiseAddr?: pulumi.Input<string>;
  /** IP address or interface for the traffic between containers. @default - `advertiseAddr` */
  readonly dataPathAddr?: pulumi.Input<string>;
  /** IP address or interface, with a port, on which the node listens for the managers' traffic. @default "0.0.0.0:2377" */
  readonly listenAddr?: pulumi.Input<string>;
}

/** A machine's membership in the swarm. */
export class Node extends pulumi.CustomResource {
  /** Machine that is the node. */
  declare readonly host: pulumi.Output<string>;
  /** Its role, as the managers know it. */
  declare readonly role: pulumi.Output<"manager" | "worker">;
  /** Docker's id of the node. */
  declare readonly nodeId: pulumi.Output<string>;
  /** `ready`, `down`, `disconnected` or `unknown`. */
  declare readonly state: pulumi.Output<string>;
  /** Version of the engine that runs there. */
  declare readonly engineVersion: pulumi.Output<string>;
  /** Address as the managers know it. */
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, args: NodeArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      nodeId: undefined,
      state: undefined,
      engineVersion: undefined,
      address: undefined,
    };
    super("swarm:index:Node", name, { ...args, ...outputs }, opts);
  }
}
