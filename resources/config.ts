import * as pulumi from "@pulumi/pulumi";
import { withContent, type PayloadArgs } from "./payload";

/**
 * Up to 1000 KB of value.
 * @see https://docs.docker.com/engine/swarm/configs/
 */
export type ConfigArgs = PayloadArgs;

/** A file of configuration, kept by the swarm. A changed text is a new config; services move to it first. */
export class Config extends pulumi.CustomResource {
  /** The whole name in Docker, which services refer to: `configs: [{ source: config.name, … }]`. */
  declare readonly name: pulumi.Output<string>;
  /** Names in Docker of the older versions that are kept, newest first. */
  declare readonly previous: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: ConfigArgs, opts?: pulumi.CustomResourceOptions) {
    const inputs = { name: undefined, ...withContent("config", name, args), previous: undefined };
    super("swarm:index:Config", name, inputs, opts);
  }
}
