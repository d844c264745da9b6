import { z } from "zod";
import type { AnyResourceType } from "../types";
import type { Path } from "./path";
import { valueAt, withValueAt } from "./path";
import { stringsIn } from "./wire";
import type { Decoded, Secrecy } from "./wire";

/** Shorter texts are too common to be told from others by their value. */
const SHORTEST_TELLING = 8;

/** Every secret string of the given properties, for cleaning messages. */
export function secretStrings(...sources: readonly Decoded[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ value, secrets }) =>
      secrets.flatMap((path) => stringsIn(valueAt(value, path))),
    ),
  );
}

/** Every string of the given properties that is not secret. */
export function openStrings(...sources: readonly Decoded[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap(({ value, secrets }) =>
      stringsIn(secrets.reduce((open, path) => withValueAt(open, path, undefined), value)),
    ),
  );
}

/** What is secret in properties that a noun made from the given ones: the same paths, and what its schema says. */
export function secrecyOf(type: AnyResourceType, sources: readonly Decoded[]): Secrecy {
  const [source] = sources;
  return {
    paths: [...sources.flatMap(({ secrets }) => secrets), ...declaredSecrets(type)],
    source: source?.value ?? {},
    values: new Set(
      [...secretStrings(...sources)].filter((text) => text.length >= SHORTEST_TELLING),
    ),
  };
}

/** What was found out about types. */
const declared = new WeakMap<AnyResourceType, readonly Path[]>();

/** Properties that are always secret: `secretOutputs`, and fields marked with `.meta({ secret: true })`. */
function declaredSecrets(type: AnyResourceType): readonly Path[] {
  const before = declared.get(type);
  if (before !== undefined) return before;
  const marked = [type.inputs, type.outputs].flatMap((schema) =>
    Object.entries(schema.shape)
      .filter(([, field]) => isMarkedSecret(field as z.ZodType))
      .map(([key]) => key),
  );
  const paths = [...new Set([...marked, ...(type.secretOutputs ?? [])])].map((key) => [key]);
  declared.set(type, paths);
  return paths;
}

function isMarkedSecret(field: z.ZodType): boolean {
  if (field.meta()?.secret === true) return true;
  return field instanceof z.ZodOptional || field instanceof z.ZodDefault
    ? isMarkedSecret(field.unwrap() as z.ZodType)
    : false;
}
