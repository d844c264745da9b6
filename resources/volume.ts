import * as pulumi from "@pulumi/pulumi";

/** @see https://docs.docker.com/reference/cli/docker/volume/create/ */
export interface VolumeArgs {
  /** Machine that holds it. */
  readonly host: pulumi.Input<string>;
  /** Name in Docker. */
  readonly name: pulumi.Input<string>;
  /** @default "local" */
  readonly driver?: pulumi.Input<string>;
  /** Options of the driver. @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A volume on one machine. Its data stays when the resource is deleted. */
export class Volume extends pulumi.CustomResource {
  /** What mounts refer to: `mounts: [{ type: "volume", source: volume.name, … }]`. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Volume", name, { ...args }, opts);
  }
}
