import * as pulumi from "@pulumi/pulumi";
import { withContent, type PayloadArgs } from "./payload";

/**
 * Up to 500 KB of value, or a driver that brings it.
 * @see https://docs.docker.com/engine/swarm/secrets/
 */
export interface SecretArgs extends PayloadArgs {
  /**
   * Plugin on the nodes that brings the value to each task; then there is neither `value` nor `file`.
   * @default - the swarm keeps the value
   */
  readonly driver?: pulumi.Input<string>;
  /** Options of the driver. @default {} */
  readonly driverOpts?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A secret of the swarm. A changed value is a new secret; services move to it before the old one goes. */
export class Secret extends pulumi.CustomResource {
  /** The whole name in Docker, which services refer to: `secrets: [{ source: secret.name, … }]`. */
  declare readonly name: pulumi.Output<string>;
  /** Names in Docker of the older versions that are kept, newest first. */
  declare readonly previous: pulumi.Output<string[] | undefined>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Secret", name, inputsOf(name, args), opts);
  }
}

function inputsOf(name: string, args: SecretArgs): Record<string, unknown> {
  const own = { name: undefined, previous: undefined };
  // What stands beside a driver is the provider's to refuse.
  if (args.driver !== undefined && args.file === undefined && args.value === undefined)
    return { ...own, ...args };
  const { value, ...others } = withContent("secret", name, args);
  return { ...own, ...others, value: pulumi.secret(value) };
}
