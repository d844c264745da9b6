import * as pulumi from "@pulumi/pulumi";

/** Who shall be a manager. */
export interface QuorumArgs {
  /** Hosts that are managers once the run is over. All of them, by name. */
  readonly managers: pulumi.Input<pulumi.Input<string>[]>;
  /** The other hosts: one of them that is a manager stops being one. @default [] */
  readonly workers?: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * The managers of a swarm as a whole. Says in the preview what a run does to their quorum, and refuses a run that
 * would lose it. Nodes depend on it.
 */
export class Quorum extends pulumi.CustomResource {
  /** Hosts that are managers, by name. */
  declare readonly managers: pulumi.Output<string[]>;
  /** How many managers may fail. */
  declare readonly tolerance: pulumi.Output<number>;
  /** Managers that the others hear from. */
  declare readonly reachable: pulumi.Output<string[]>;

  constructor(name: string, args: QuorumArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { tolerance: undefined, reachable: undefined };
    super("swarm:index:Quorum", name, { ...args, ...outputs }, opts);
  }
}
