import * as pulumi from "@pulumi/pulumi";
import { withContent, type PayloadArgs } from "./payload";

/**
 * Up to 500 KB of value.
 * @see https://docs.docker.com/engine/swarm/secrets/
 */
export type SecretArgs = PayloadArgs;

/** A secret of the swarm. A changed value is a new secret; services move to it before the old one goes. */
export class Secret extends pulumi.CustomResource {
  /** The whole name in Docker, which services refer to: `secrets: [{ source: secret.name, … }]`. */
  declare readonly name: pulumi.Output<string>;
  /** Names in Docker of the older versions that are kept, newest first. */
  declare readonly previous: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.CustomResourceOptions) {
    const { value, ...others } = withContent("secret", name, args);
    const inputs = { name: undefined, ...others, value: pulumi.secret(value), previous: undefined };
    super("swarm:index:Secret", name, inputs, opts);
  }
}
