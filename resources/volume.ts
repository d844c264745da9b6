import * as pulumi from "@pulumi/pulumi";

/** @see https://docs.docker.com/reference/cli/docker/volume/create/ */
export interface VolumeArgs {
  /** Machine that holds it. */
  readonly host: pulumi.Input<string>;
  /** Name in Docker. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** @default "local" */
  readonly driver?: pulumi.Input<string>;
  /** Options of the driver. @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** The data goes with the resource. @default false */
  readonly deleteData?: pulumi.Input<boolean>;
}

/** A volume on one machine. Its data outlives the resource unless told otherwise. */
export class Volume extends pulumi.CustomResource {
  /** What mounts refer to: `mounts: [{ type: "volume", source: volume.name, … }]`. */
  declare readonly name: pulumi.Output<string>;
  /** Folder on the machine. */
  declare readonly mountpoint: pulumi.Output<string | undefined>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Volume", name, { name: undefined, ...args, mountpoint: undefined }, opts);
  }
}
