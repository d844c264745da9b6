import * as pulumi from "@pulumi/pulumi";

/** An address range of a network. */
export interface Subnet {
  /** `10.20.0.0/16`. */
  readonly subnet: pulumi.Input<string>;
  /** Address of the gateway. @default - the first of the range */
  readonly gateway?: pulumi.Input<string>;
  /** Part of the subnet that tasks get their addresses from. @default - all of it */
  readonly ipRange?: pulumi.Input<string>;
  /** Addresses that no task may get, by name. Docker refuses to keep them for networks of a swarm. @default {} */
  readonly auxAddresses?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/**
 * Every change makes a new network, once the old one is gone.
 * @see https://docs.docker.com/reference/cli/docker/network/create/
 */
export interface NetworkArgs {
  /** Name in Docker. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** @default "overlay" */
  readonly driver?: pulumi.Input<string>;
  /** Plain containers may attach as well. @default false */
  readonly attachable?: pulumi.Input<boolean>;
  /** No way out of the network. @default false */
  readonly internal?: pulumi.Input<boolean>;
  /** It is the network of the routing mesh; there is only one. @default false */
  readonly ingress?: pulumi.Input<boolean>;
  /** IPv6 addresses as well. @default false */
  readonly ipv6?: pulumi.Input<boolean>;
  /** Encrypts what its tasks say between nodes (IPsec ESP, protocol 50). @default false */
  readonly encrypted?: pulumi.Input<boolean>;
  /** Options of the driver. @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Driver that gives out addresses. @default "default" */
  readonly ipamDriver?: pulumi.Input<string>;
  /** Options of the address driver. @default {} */
  readonly ipamOptions?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default - one from the swarm's address pool */
  readonly subnets?: pulumi.Input<pulumi.Input<Subnet>[]>;
  /** Network on each node that holds the driver's settings there (macvlan, ipvlan). @default - none */
  readonly configFrom?: pulumi.Input<string>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A network of the swarm. */
export class Network extends pulumi.CustomResource {
  /** What services refer to: `networks: [{ target: network.name }]`. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs = {}, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Network", name, { name: undefined, ...args }, opts);
  }
}
