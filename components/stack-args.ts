import type * as pulumi from "@pulumi/pulumi";
import type { Config, ConfigArgs } from "../resources/config";
import type { Network, NetworkArgs } from "../resources/network";
import type { Secret, SecretArgs } from "../resources/secret";
import type { ServiceArgs } from "../resources/service";

/** A value that is given as it is. */
export interface GivenValue {
  /** The value, as `encoding` says; a secret's stays encrypted. */
  readonly value: pulumi.Input<string>;
  /** How `value` is written. @default "text" */
  readonly encoding?: "text" | "base64";
}

/** A value that is in a file, byte for byte. */
export interface FileValue {
  /** Path from the project's folder. */
  readonly file: string;
}

/** A password of letters and digits that is made once and kept in the state. */
export interface GeneratedValue {
  /** Number of characters. */
  readonly generate: number;
}

/** What a config is that the files call external: its text, or where it comes from. */
export type ConfigBinding = pulumi.Input<string> | GivenValue | FileValue | Config;

/** What a secret is that the files call external: its text, or where it comes from. */
export type SecretBinding = pulumi.Input<string> | GivenValue | FileValue | GeneratedValue | Secret;

/** Which network it is that the files call external: its name in Docker, or a network of the program. */
export type NetworkBinding = pulumi.Input<string> | Network;

/** Arguments of what a stack makes, by kind; all have a `name`. */
export interface StackResourceArgs {
  /** Of one of `networks`. */
  readonly network: NetworkArgs;
  /** Of one of `secrets`. */
  readonly secret: SecretArgs;
  /** Of one of `configs`. */
  readonly config: ConfigArgs;
  /** Of one of `services`. */
  readonly service: ServiceArgs;
}

/**
 * Changes the arguments of what a stack makes before it is made: asked once for each, it answers the arguments to use.
 *
 * @param args - names of the stack's own networks, secrets and configs in them are those in Docker (`shop_front`)
 * @param of - what it is: `{ kind: "service", key: "web" }`
 */
export type StackTransform = <Kind extends keyof StackResourceArgs>(
  args: StackResourceArgs[Kind],
  of: { readonly kind: Kind; readonly key: string },
) => StackResourceArgs[Kind];

/** What a stack takes over beyond what is its own already. */
export interface AdoptArgs {
  /** Services of these names that somebody else has made. @default false */
  readonly services?: boolean;
  /** Secrets that `docker stack deploy` has made, whatever is in them. @default false */
  readonly secrets?: boolean;
}

/** A stack as its files declare it. */
export interface StackArgs {
  /** Paths from the project's folder; a later file changes what the ones before say. */
  readonly files: readonly string[];
  /**
   * false: services, networks, secrets and configs have in Docker the very names that the files have for them, and no
   * label, alias or network is added: for what does not belong to a stack of Docker's.
   * @default true
   */
  readonly namespace?: boolean;
  /** What `${NAME}` in the files stands for. Goes before `envFile` and the process. @default {} */
  readonly variables?: Readonly<Record<string, string>>;
  /** File of lines `NAME=value` for what `variables` leaves open. @default - none is read */
  readonly envFile?: string;
  /** Services with one of these `profiles` are part of the stack. @default [] */
  readonly profiles?: readonly string[];
  /** Folder on the nodes that relative paths of bind mounts start from. @default - such paths are refused */
  readonly projectDirectory?: string;
  /** Values of secrets that the files call external, by their keys. @default {} */
  readonly secrets?: Readonly<Record<string, SecretBinding>>;
  /** Values of configs that the files call external, by their keys. @default {} */
  readonly configs?: Readonly<Record<string, ConfigBinding>>;
  /** Networks that the files call external, by their keys. @default {} */
  readonly networks?: Readonly<Record<string, NetworkBinding>>;
  /** `imageRefresh` of every service. @default "changed" */
  readonly imageRefresh?: "changed" | "always" | "never";
  /**
   * Takes over what is there already. What `docker stack deploy` has made under this name needs none of it, except for
   * secrets: their values cannot be compared, and so new ones take their place. true is both. @default - nothing more
   */
  readonly adopt?: boolean | AdoptArgs;
  /** Removes what somebody else has put under the stack's name. @default false */
  readonly prune?: boolean;
  /** @default - everything is made as the files say */
  readonly transform?: StackTransform;
}

/** What is to be taken over. */
export function adopted({ adopt = false }: Pick<StackArgs, "adopt">): Required<AdoptArgs> {
  if (typeof adopt === "boolean") return { services: adopt, secrets: adopt };
  return { services: adopt.services ?? false, secrets: adopt.secrets ?? false };
}
