import * as pulumi from "@pulumi/pulumi";

export interface LabMachineArgs {
  /** Host name of the machine. */
  readonly host: pulumi.Input<string>;
  /** Memory with a unit: `1536MiB`. */
  readonly memory: pulumi.Input<string>;
}

/** A machine with a kernel of its own, on this computer. */
export class LabMachine extends pulumi.CustomResource {
  /** Its IP address in the lab. */
  declare readonly address: pulumi.Output<string>;
  /** Whether it is switched on. */
  declare readonly running: pulumi.Output<boolean>;

  constructor(name: string, args: LabMachineArgs, opts?: pulumi.CustomResourceOptions) {
    const outputs = { address: undefined, running: undefined };
    super("swarm:index:LabMachine", name, { ...args, ...outputs }, opts);
  }
}
