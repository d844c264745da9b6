import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Config, type ConfigArgs } from "../resources/config";
import type { External } from "../resources/namespace";
import { Network, type NetworkArgs } from "../resources/network";
import { Secret, type SecretArgs } from "../resources/secret";
import type { StackDeclaration } from "../stack-files/declaration";
import type { Cluster } from "./cluster";
import {
  adopted,
  type ConfigBinding,
  type NetworkBinding,
  type SecretBinding,
  type StackArgs,
  type StackResourceArgs,
} from "./stack-args";
import { entriesOf, entryOf, isEverywhere, nouns, type ExternalKind } from "./stack-bindings";

/** What the resources of a stack have in common. */
export interface StackMaking {
  readonly cluster: Cluster;
  readonly declaration: StackDeclaration;
  readonly args: StackArgs;
  /** The component. */
  readonly parent: pulumi.Resource;
  /** Name of the resource that is made for a key of the files. */
  readonly resourceName: (key: string) => string;
  /** The arguments, as the user's `transform` wants them. */
  readonly transformed: <Kind extends keyof StackResourceArgs>(
    kind: Kind,
    key: string,
    args: StackResourceArgs[Kind],
  ) => StackResourceArgs[Kind];
}

type Named = Network | Secret | Config;

/** Something by the name in Docker that files have for it, of each kind. */
type ByName<Item> = Readonly<Record<ExternalKind, Map<string, Item>>>;

function byName<Item>(): ByName<Item> {
  return { networks: new Map(), secrets: new Map(), configs: new Map() };
}

/** What the stacks of a cluster have made so far: one stack's own is another one's external. */
const madeOn = new WeakMap<Cluster, ByName<Named>>();

/** The networks, secrets and configs of a stack, made. */
export class StackObjects {
  readonly networks: Readonly<Record<string, Network>>;
  readonly secrets: Readonly<Record<string, Secret>>;
  readonly configs: Readonly<Record<string, Config>>;
  /** What must be in the swarm already. */
  readonly externals: readonly External[];
  /** Names that the stack's own were given. */
  readonly own: Readonly<Record<ExternalKind, pulumi.Input<string>[]>> = {
    networks: [],
    secrets: [],
    configs: [],
  };
  readonly #making: StackMaking;
  readonly #known: ByName<Named>;
  readonly #names = byName<pulumi.Input<string>>();
  readonly #externals: External[] = [];

  constructor(making: StackMaking) {
    this.#making = making;
    this.#known = madeOn.get(making.cluster) ?? byName();
    madeOn.set(making.cluster, this.#known);
    this.networks = only(Network, this.#all("networks"));
    this.secrets = only(Secret, this.#all("secrets"));
    this.configs = only(Config, this.#all("configs"));
    this.externals = this.#externals;
  }

  /** The name to use for a name that the declaration refers to: that of the resource, where there is one. */
  nameOf(kind: ExternalKind, declared: string): pulumi.Input<string> {
    return this.#names[kind].get(declared) ?? declared;
  }

  #all(kind: ExternalKind): [string, Named][] {
    return entriesOf(this.#making.declaration, kind).flatMap(([key, entry]): [string, Named][] => {
      const made =
        "external" in entry
          ? this.#external(kind, key, entry.external.name)
          : this.#own(kind, key, entry.args);
      return made === undefined ? [] : [[key, made]];
    });
  }

  #own(kind: ExternalKind, key: string, args: NetworkArgs & { readonly name: string }): Named {
    const adopt = kind === "secrets" && adopted(this.#making.args).secrets ? { adopt: true } : {};
    const { made, name } = this.#make(kind, key, { ...args, ...adopt });
    this.own[kind].push(name ?? args.name);
    return this.#note(kind, args.name, made);
  }

  #external(kind: ExternalKind, key: string, name: string): Named | undefined {
    const bindings: StackArgs[ExternalKind] = this.#making.args[kind];
    const bound = entryOf<NetworkBinding | SecretBinding | ConfigBinding>(bindings, key);
    const found = bound ?? this.#known[kind].get(name);
    if (found === undefined) {
      if (!isEverywhere(kind, name)) this.#externals.push({ kind: nouns[kind], name, key });
      return undefined;
    }
    if (isResource(found)) return this.#note(kind, name, found);
    if (kind !== "networks")
      return this.#note(
        kind,
        name,
        this.#make(kind, key, { name, ...this.#value(key, found) }).made,
      );
    this.#names.networks.set(name, found as pulumi.Input<string>);
    return undefined;
  }

  #note(kind: ExternalKind, name: string, made: Named): Named {
    this.#names[kind].set(name, made.name);
    this.#known[kind].set(name, made);
    return made;
  }

  #make(
    kind: ExternalKind,
    key: string,
    given: NetworkArgs & SecretArgs & ConfigArgs,
  ): { readonly made: Named; readonly name: pulumi.Input<string> | undefined } {
    const { cluster, parent, resourceName, transformed } = this.#making;
    const options = { parent, provider: cluster.provider, dependsOn: [...cluster.managers] };
    const args = transformed(nouns[kind], key, given);
    const Type = { networks: Network, secrets: Secret, configs: Config }[kind];
    return { made: new Type(resourceName(key), args, options), name: args.name };
  }

  /** What a binding puts into a secret or a config. */
  #value(
    key: string,
    bound: Exclude<SecretBinding | ConfigBinding, Named>,
  ): Pick<SecretArgs, "value" | "file" | "encoding"> {
    if (typeof bound === "string" || pulumi.Output.isInstance(bound) || bound instanceof Promise)
      return { value: bound };
    if (!("generate" in bound)) return bound;
    // Letters and digits mean the same in SQL, in shells and in URLs.
    const args = { length: bound.generate, special: false };
    const { parent, resourceName } = this.#making;
    return { value: new random.RandomPassword(resourceName(key), args, { parent }).result };
  }
}

function only<Item extends Named>(
  Type: new (...args: never[]) => Item,
  made: readonly (readonly [string, Named])[],
): Record<string, Item> {
  return Object.fromEntries(
    made.flatMap(([key, one]): [string, Item][] => (one instanceof Type ? [[key, one]] : [])),
  );
}

function isResource(bound: unknown): bound is Named {
  return pulumi.Resource.isInstance(bound);
}
