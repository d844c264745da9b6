import * as pulumi from "@pulumi/pulumi";

export interface LabServicesArgs {
  /** System of the lab's machines: one that `swarm:lab: image` may name. */
  readonly image: pulumi.Input<string>;
  /**
   * Versions of the engine that hosts declare; those that not every lab has are made.
   * @default - none
   */
  readonly engines?: pulumi.Input<readonly string[]>;
}

/** What the lab's machines live on: their network, an image registry and a package repository. */
export class LabServices extends pulumi.CustomResource {
  /** URL of the registry that answers for Docker Hub. */
  declare readonly registryMirror: pulumi.Output<string>;
  /** URL of the package repository with Docker's packages. */
  declare readonly repository: pulumi.Output<string>;
  /** Address of this computer in the lab's network. */
  declare readonly gateway: pulumi.Output<string>;
  /** The lab's network, `address/length`. */
  declare readonly subnet: pulumi.Output<string>;
  /** Whether all of it runs. */
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, args: LabServicesArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = {
      registryMirror: undefined,
      repository: undefined,
      gateway: undefined,
      subnet: undefined,
      running: undefined,
    };
    super("swarm:index:LabServices", name, { ...args, ...outputs }, opts);
  }
}
