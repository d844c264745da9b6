import { z } from "zod";
import type { Failure } from "../resource";
import { formatPath, overlaps, valueAt } from "./path";
import type { Path } from "./path";

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

const LONGEST_VALUE = 60;

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "an object",
  record: "an object",
  never: "nothing",
};

/** What a schema wanted, in plain words; the error map of every parse. A schema's own `error` text goes first. */
export function expectation(issue: RawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `expected ${TYPE_WORDS[isWhole(issue.inst) ? "int" : issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return `expected ${alternatives(issue.values.map((value) => JSON.stringify(value)))}`;
    case "too_small":
      return `expected ${bound(issue.origin, "at least", issue.inclusive === false ? "more than" : "at least", issue.minimum)}`;
    case "too_big":
      return `expected ${bound(issue.origin, "at most", issue.inclusive === false ? "less than" : "at most", issue.maximum)}`;
    case "invalid_format":
      return issue.format === "regex"
        ? `expected text of the form ${issue.pattern ?? ""}`
        : `expected text in the form of ${issue.format}`;
    case "not_multiple_of":
      return `expected a multiple of ${issue.divisor}`;
    case "unrecognized_keys":
      return `expected ${alternatives(knownKeys(issue.inst))}`;
    case "invalid_union":
      return Array.isArray(issue.options)
        ? `expected ${alternatives(issue.options.map((value) => JSON.stringify(value)))}`
        : "expected another form";
    default:
      return "expected another value";
  }
}

function isWhole(schema: unknown): boolean {
  return schema instanceof z.ZodNumber && (schema.format ?? "").endsWith("int");
}

function knownKeys(schema: unknown): string[] {
  const shape = (schema as { def?: { shape?: object } } | undefined)?.def?.shape;
  return shape === undefined ? [] : Object.keys(shape).sort();
}

function bound(
  origin: string,
  ofSize: string,
  ofValue: string,
  limit: number | bigint | undefined,
): string {
  const number = String(limit);
  if (origin === "string") return `${ofSize} ${number} characters`;
  if (origin === "array" || origin === "set") return `${ofSize} ${number} items`;
  if (origin === "object" || origin === "record") return `${ofSize} ${number} entries`;
  return `${ofValue} ${number}`;
}

/** `a`, `a or b`, `a, b or c`. */
function alternatives(words: readonly string[]): string {
  const unique = [...new Set(words)];
  if (unique.length === 0) return "nothing";
  if (unique.length === 1) return unique[0] ?? "";
  return `${unique.slice(0, -1).join(", ")} or ${unique.at(-1) ?? ""}`;
}

/** A value as it is quoted in a message: short, on one line. */
function quote(value: unknown): string {
  if (Array.isArray(value)) return value.length === 1 ? "a list of 1" : `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) return "nothing";
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}

interface Place {
  readonly root: unknown;
  readonly secrets: readonly Path[];
}

/** The issues of one parse as failures, one for each thing that is wrong; no secret value is quoted. */
export function failuresOf(
  issues: readonly Issue[],
  root: unknown,
  secrets: readonly Path[],
): Failure[] {
  return issues.flatMap((issue) => failureOf(issue, [], { root, secrets }));
}

function failureOf(issue: Issue, above: Path, place: Place): Failure[] {
  const path = [...above, ...(issue.path as (string | number)[])];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: formatPath([...path, key]),
        reason: `unknown key; ${issue.message}`,
      }));
    case "invalid_key":
      return [
        {
          path: formatPath(path),
          reason: `got this key; expected ${issue.issues.map((inner) => inner.message.replace(/^expected /, "")).join("; ")}`,
        },
      ];
    case "invalid_union":
      return unionFailures(issue, path, place);
    default:
      return [{ path: formatPath(path), reason: reasonAt(path, issue.message, place) }];
  }
}

function unionFailures(
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
  place: Place,
): Failure[] {
  const isOfThisForm = (branch: readonly Issue[]): boolean =>
    branch.every(
      ({ code, path: below }) =>
        below.length > 0 || (code !== "invalid_type" && code !== "invalid_value"),
    );
  const meant = issue.errors.filter(isOfThisForm).sort((a, b) => a.length - b.length)[0];
  if (meant !== undefined) return meant.flatMap((inner) => failureOf(inner, path, place));
  const wanted = issue.errors.flat().map((inner) => inner.message.replace(/^expected /, ""));
  const message = wanted.length === 0 ? issue.message : `expected ${alternatives(wanted)}`;
  return [{ path: formatPath(path), reason: reasonAt(path, message, place) }];
}

function reasonAt(path: Path, message: string, place: Place): string {
  if (/^(got|missing)\b/.test(message)) return message;
  // Schemas that settings have, too, say what was expected and nothing else.
  const wanted = message.startsWith("expected ") ? message : `expected ${message}`;
  const value = valueAt(place.root, path);
  if (value === undefined) return `missing; ${wanted}`;
  const isSecret = place.secrets.some((secret) => overlaps(secret, path));
  return `got ${isSecret ? "[secret]" : quote(value)}; ${wanted}`;
}
