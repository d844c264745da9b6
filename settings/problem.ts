import type { z } from "zod";
import { alternatives } from "../words/alternatives";
import { pathOf } from "../words/path";
import { advise } from "../words/suggest";

/** One thing wrong with the configuration. */
export interface Problem {
  /** Where: `hosts.web-2.role`. */
  readonly path: string;
  /** `got "boss"; expected "manager" or "worker"`. */
  readonly reason: string;
}

/** What is below these, and their own value where it is a text, may be a secret in the wrong place. */
const closed = new Set(["ssh", "jump", "registries", "secrets", "daemon", "options", "caKey"]);

/** What is none, in there. */
const open = new Set(["address", "hostKey", "port", "user", "username"]);

/** Longer texts, and those of several lines, are described: a key that was pasted into the wrong place is one. */
const longestShown = 80;

/** The line a user reads. */
export function render({ path, reason }: Problem): string {
  return `${path}: ${reason}`;
}

/** A value as it is shown in a message; a secret's never is. */
function show(value: unknown, keys: readonly PropertyKey[] = []): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "a map";
  // A key that is wrong stands in the path anyway.
  const isOpen = open.has(String(keys.at(-1))) || value === keys.at(-1);
  if (!isOpen && keys.some((key) => closed.has(String(key)))) return "a value that is not shown";
  if (typeof value !== "string") return JSON.stringify(value);
  if (value.startsWith("-----BEGIN") || (value.length > 40 && value.includes("\n")))
    return `a text of ${value.length} characters`;
  const text = JSON.stringify(value.replace(/\/\/[^/@\s]*@/g, "//…@"));
  return text.length > longestShown ? `${text.slice(0, longestShown - 20)}…"` : text;
}

/** A problem with one value: what it is and what it should be. */
export function mismatch(keys: readonly PropertyKey[], got: unknown, expected: string): Problem {
  return { path: pathOf(keys), reason: `got ${show(got, keys)}; expected ${expected}` };
}

/**
 * Everything wrong with `raw`, in our own words. A schema's own error text is read as what was expected
 * (`z.ipv4("an IP address, such as 203.0.113.11")`).
 */
export function problemsOf(schema: z.ZodType, raw: unknown, prefix: PropertyKey[] = []): Problem[] {
  const result = schema.safeParse(raw, { error: expectation });
  if (result.success) return [];
  return result.error.issues.flatMap((issue) => fromIssue(issue, raw, prefix));
}

function fromIssue(issue: z.core.$ZodIssue, raw: unknown, prefix: PropertyKey[]): Problem[] {
  const keys = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => ({
      path: pathOf([...keys, key]),
      reason: `unknown key. ${advise(key, issue.message.split("\n"))}`,
    }));
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => mismatch(keys, keys.at(-1), message));
  if (issue.code === "invalid_union") {
    const meant = issue.errors.find((errors) => errors.some(isInside));
    if (meant !== undefined)
      return meant.flatMap((inner) => fromIssue(inner, valueAt(raw, issue.path), keys));
  }
  return [mismatch(keys, valueAt(raw, issue.path), issue.message)];
}

/** Of several forms, the one that was meant is the one whose problems are further in. */
function isInside({ code, path }: z.core.$ZodIssue): boolean {
  return code === "unrecognized_keys" || path.length > 0;
}

function valueAt(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], raw);
}

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a map",
  record: "a map",
};

/** What was expected, where the schema itself says nothing. For unknown keys: the known ones, a line each. */
function expectation(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return Object.keys((issue.inst as z.ZodObject | undefined)?.shape ?? {}).join("\n");
    case "invalid_value":
      return alternatives(issue.values);
    case "invalid_type":
      return kinds[issue.expected] ?? issue.expected;
    case "too_small":
      return `at least ${String(issue.minimum)}`;
    case "too_big":
      return `at most ${String(issue.maximum)}`;
    default:
      return issue.message ?? issue.code;
  }
}
