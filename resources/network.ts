import * as pulumi from "@pulumi/pulumi";

/** @see https://docs.docker.com/reference/cli/docker/network/create/ */
export interface NetworkArgs {
  /** Name in Docker. */
  readonly name: pulumi.Input<string>;
  /** @default "overlay" */
  readonly driver?: pulumi.Input<string>;
  /** Plain containers may attach as well. @default false */
  readonly attachable?: pulumi.Input<boolean>;
  /** No way out of the network. @default false */
  readonly internal?: pulumi.Input<boolean>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A network of the swarm. */
export class Network extends pulumi.CustomResource {
  /** What services refer to: `networks: [{ target: network.name }]`. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Network", name, { ...args }, opts);
  }
}
