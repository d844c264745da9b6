import * as pulumi from "@pulumi/pulumi";

/** @see https://docs.docker.com/engine/swarm/secrets/ */
export interface SecretArgs {
  /** First part of the name in Docker; eight characters follow, others for each value. @default - the resource's name */
  readonly name?: pulumi.Input<string>;
  /** The value itself, up to 500 KB. */
  readonly value: pulumi.Input<string>;
  /** How `value` is written; base64 is for values that are no text. @default "text" */
  readonly encoding?: pulumi.Input<"text" | "base64">;
  /** Fills in templates in the value for each task: `golang`. @default - the value is taken as it is */
  readonly templateDriver?: pulumi.Input<string>;
  /** @default {} */
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>>;
}

/** A secret of the swarm. A changed value is a new secret; services move to it before the old one goes. */
export class Secret extends pulumi.CustomResource {
  /** The whole name in Docker, which services refer to: `secrets: [{ source: secret.name, … }]`. */
  declare readonly name: pulumi.Output<string>;

  constructor(name: string, args: SecretArgs, opts?: pulumi.CustomResourceOptions) {
    const guarded = { name: undefined, ...args, value: pulumi.secret(args.value) };
    super("swarm:index:Secret", name, guarded, opts);
  }
}
