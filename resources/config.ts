import * as pulumi from "@pulumi/pulumi";

/** @see https://docs.docker.com/engine/swarm/configs/ */
export interface ConfigArgs {
  /** First part of the name in Docker; eight characters follow, others for each value. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** The text itself, up to 1000 KB. */
  readonly value: pulumi.Input<string>;
  /** How `value` is written; base64 is for values that are no text. @default "text" */
  readonly encoding?: pulumi.Input<"text" | "base64">;
  /** Fills in templates in the value for each task: `golang`. @default - the value is taken as it is */
  readonly templateDriver?: pulumi.Input<string>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A file of configuration, kept by the swarm. A changed text is a new config; services move to it first. */
export class Config extends pulumi.CustomResource {
  /** The whole name in Docker, which services refer to: `configs: [{ source: config.name, … }]`. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: ConfigArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Config", name, { name: undefined, ...args }, opts);
  }
}
