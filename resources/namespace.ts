import * as pulumi from "@pulumi/pulumi";

/** What a stack uses and does not make. */
export interface External {
  /** What it is in Docker. */
  readonly kind: "network" | "secret" | "config";
  /** Name in Docker. */
  readonly name: pulumi.Input<string>;
  /** What the stack's files call it. */
  readonly key: pulumi.Input<string>;
}

/** What a stack declares, by which everything else under its label is told. */
export interface NamespaceArgs {
  /** Name of the stack: the value of the label `com.docker.stack.namespace`. A change is another one. */
  readonly name: pulumi.Input<string>;
  /** Services that the stack declares, by name in Docker. */
  readonly services: pulumi.Input<pulumi.Input<string>[]>;
  /** Networks that the stack declares, by name in Docker. */
  readonly networks: pulumi.Input<pulumi.Input<string>[]>;
  /** Secrets that the stack declares: what was given as their `name`, which is the first part of that in Docker. */
  readonly secrets: pulumi.Input<pulumi.Input<string>[]>;
  /** Configs that the stack declares: what was given as their `name`, which is the first part of that in Docker. */
  readonly configs: pulumi.Input<pulumi.Input<string>[]>;
  /** What must be in the swarm already; the preview refuses what is not. @default [] */
  readonly externals?: pulumi.Input<pulumi.Input<External>[]>;
  /**
   * Removes what else is under the label: services, then networks, secrets and configs, as far as nobody else uses
   * them; never volumes. @default false
   */
  readonly prune?: pulumi.Input<boolean>;
}

/**
 * Everything under a stack's label. Makes nothing: says in each preview what somebody else has put there, and removes
 * it with `prune`. It is to depend on all other resources of the stack.
 */
export class Namespace extends pulumi.CustomResource {
  /** What else is under the label, sorted: `service shop_old`. */
  declare readonly others: pulumi.Output<string[]>;

  constructor(name: string, args: NamespaceArgs, opts?: pulumi.CustomResourceOptions) {
    super("swarm:index:Namespace", name, { ...args, others: undefined }, opts);
  }
}
