import { z } from "zod";
import type { Failure } from "../resource";
import { containsUnknown } from "../value";
import { expectation, failuresOf } from "./issues";
import { overlaps } from "./path";
import type { Path } from "./path";
import type { Decoded, Properties } from "./wire";

/** Inputs after the schema: with its defaults, and everything that is wrong with them. */
export interface Validated {
  readonly inputs: Properties;
  readonly failures: readonly Failure[];
}

/**
 * Holds inputs against a schema. A value that is not known yet can be neither right nor wrong: issues on it, below
 * it and above it are left for the run in which it is known.
 */
export function validate(schema: z.ZodType, { value, secrets, unknowns }: Decoded): Validated {
  const parsed = schema.safeParse(value, { error: expectation });
  if (parsed.success) return { inputs: parsed.data as Properties, failures: [] };
  const issues = parsed.error.issues.filter((issue) => {
    const path = issue.path as Path;
    if (issue.code === "unrecognized_keys") return true;
    return !unknowns.some((unknown) => overlaps(unknown, path));
  });
  return {
    inputs: withDefaults(schema, value) as Properties,
    failures: failuresOf(issues, value, secrets),
  };
}

/** Fills in the defaults of everything beside the unknown values. */
function withDefaults(schema: z.ZodType, value: unknown): unknown {
  if (!containsUnknown(value)) {
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed.data : value;
  }
  const inner = unwrap(schema);
  if (Array.isArray(value))
    return inner instanceof z.ZodArray
      ? value.map((item) => withDefaults(inner.element as z.ZodType, item))
      : value;
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  const filled: Properties = { ...object };
  if (inner instanceof z.ZodObject) {
    for (const [key, property] of Object.entries(inner.shape)) {
      const result = withDefaults(property as z.ZodType, object[key]);
      if (result !== undefined) filled[key] = result;
    }
  } else if (inner instanceof z.ZodRecord) {
    for (const [key, item] of Object.entries(object))
      filled[key] = withDefaults(inner.valueType as z.ZodType, item);
  }
  return filled;
}

function unwrap(schema: z.ZodType): z.ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodNullable ||
    inner instanceof z.ZodReadonly
  )
    inner = inner.unwrap() as z.ZodType;
  return inner;
}
