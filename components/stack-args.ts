import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { Config, ConfigArgs } from "../resources/config";
import type { Network, NetworkArgs } from "../resources/network";
import type { Secret, SecretArgs } from "../resources/secret";
import type { ServiceArgs } from "../resources/service";

/** A value that is given as it is. */
export interface GivenValue {
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
  readonly network: NetworkArgs;
  readonly secret: SecretArgs;
  readonly config: ConfigArgs;
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

const path = z.string().min(1, "a path from the project's folder");

const text = z.string("text, in quotes");

const source = {
  value: text.exactOptional(),
  encoding: z.enum(["text", "base64"]).exactOptional(),
  file: path.exactOptional(),
};

const passwordLength = "8 to 256 characters";

const generate = z.int().min(8, passwordLength).max(256, passwordLength).exactOptional();

/** A map has one way to a value, and says how it is written at most beside a given one. */
function isOneSource({ encoding, ...ways }: object & { readonly encoding?: string }): boolean {
  return Object.keys(ways).length === 1 && (encoding === undefined || "value" in ways);
}

const secret = z.union(
  [
    z.string(),
    z
      .strictObject({ ...source, generate })
      .refine(isOneSource, "one of value (with encoding, or without), file and generate"),
  ],
  "text, or a map with value, file or generate",
);

const config = z.union(
  [
    z.string(),
    z.strictObject(source).refine(isOneSource, "one of value (with encoding, or without) and file"),
  ],
  "text, or a map with value or file",
);

/** What a stack of the configuration with `file` or `files` may say. */
export const stackSchema = z.strictObject({
  file: path.exactOptional(),
  files: z.array(path).min(1, "one path at least").exactOptional(),
  variables: z.record(z.string(), text).exactOptional(),
  envFile: path.exactOptional(),
  profiles: z.array(z.string()).exactOptional(),
  projectDirectory: z
    .string()
    .startsWith("/", "a folder on the nodes, such as /srv/shop")
    .exactOptional(),
  secrets: z.record(z.string(), secret).exactOptional(),
  configs: z.record(z.string(), config).exactOptional(),
  networks: z
    .record(z.string(), z.string("the name of a network in Docker").min(1, "a network's name"))
    .exactOptional(),
  imageRefresh: z.enum(["changed", "always", "never"]).exactOptional(),
  adopt: z
    .union(
      [
        z.boolean(),
        z.strictObject({
          services: z.boolean().exactOptional(),
          secrets: z.boolean().exactOptional(),
        }),
      ],
      "true, or a map with services or secrets",
    )
    .exactOptional(),
  prune: z.boolean().exactOptional(),
});

/** A stack as the configuration declares it; values may have become outputs since, so that they stay secret. */
export type StackSettings = z.infer<typeof stackSchema>;

/** The arguments that the configuration means. */
export function stackArgs({ file, ...args }: StackSettings): StackArgs {
  // Each binding is a text or has one way to its value: the schema has seen to it.
  return { ...(args as StackArgs), files: args.files ?? (file === undefined ? [] : [file]) };
}

/** What is to be taken over. */
export function adopted({ adopt = false }: Pick<StackArgs, "adopt">): Required<AdoptArgs> {
  if (typeof adopt === "boolean") return { services: adopt, secrets: adopt };
  return { services: adopt.services ?? false, secrets: adopt.secrets ?? false };
}
