import { z } from "zod";
import type { StackArgs } from "./stack-args";

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
  namespace: z.boolean().exactOptional(),
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

/** What a stack of a program in another language may say. */
export const stackInputsSchema = stackSchema
  .omit({ file: true })
  .extend({ files: stackSchema.shape.files.unwrap() });

/** A stack as the configuration declares it; values may have become outputs since, so that they stay secret. */
export type StackSettings = z.infer<typeof stackSchema>;

/** The arguments that the configuration means. */
export function stackArgs({ file, ...args }: StackSettings): StackArgs {
  // Each binding is a text or has one way to its value: the schema has seen to it.
  return { ...(args as StackArgs), files: args.files ?? (file === undefined ? [] : [file]) };
}
