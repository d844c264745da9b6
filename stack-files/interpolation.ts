import type { Path, Report } from "./finding";
import { quote, type Entry, type Scalar, type Value } from "./value";
import type { Variables } from "./variables";

export interface Interpolation {
  readonly report: Report;
  readonly variables: Variables;
}

/** Fills variables into all values, never into keys. */
export function interpolate(value: Value, path: Path, context: Interpolation): Value {
  switch (value.kind) {
    case "text":
      return value.text.includes("$") ? fillScalar(value, path, context) : value;
    case "list":
      return {
        ...value,
        items: value.items.map((item, index) => interpolate(item, [...path, index], context)),
      };
    case "map": {
      const entries = new Map<string, Entry>();
      for (const [key, entry] of value.entries)
        entries.set(key, { ...entry, value: interpolate(entry.value, [...path, key], context) });
      return { ...value, entries };
    }
    default:
      return value;
  }
}

function fillScalar(value: Scalar, path: Path, context: Interpolation): Scalar {
  const problems: string[] = [];
  const text = fill(value.text, {
    get: (name) => context.variables.get(name),
    unset: (name) => problems.push(unsetMessage(name)),
    problem: (message) => problems.push(message),
    trap: (message) => {
      context.report.warn(value.at, path, message);
    },
  });
  for (const problem of new Set(problems)) context.report.error(value.at, path, problem);
  return {
    ...value,
    text,
    template: value.text,
    ...(problems.length > 0 ? { broken: true as const } : {}),
  };
}

function unsetMessage(name: string): string {
  return `got \${${name}}, which has no value; expected a variable of the stack, of its env file or of the process. Set it, or give a default: \${${name}:-…}.`;
}

interface Filling {
  get(name: string): string | undefined;
  unset(name: string): void;
  problem(message: string): void;
  trap(message: string): void;
}

/** `$$`, `$NAME…`, `${NAME…}` or a lone `$`; an unbraced name takes a default too, up to the next brace. */
const pattern =
  /\$(?:(\$)|([_a-z][_a-z0-9]*(?::?[-?][^}]*)?)|\{([_a-z][_a-z0-9]*(?::?[-?+][^}]*)?)\})?/gi;

/** The same behind the last brace of a text, where looking for one again and again would take for ever. */
const unbraced = /\$(?:(\$)|([_a-z][_a-z0-9]*(?::?[-?][^}]*)?))?/gi;

/**
 * Fills variables into a text, as Docker's stacks do; `${A:+b}` and `${A+b}`, which Docker refuses, as Compose does.
 *
 * @see https://github.com/docker/cli/blob/v29.7.2/cli/compose/template/template.go
 */
function fill(text: string, filling: Filling): string {
  const replace = (match: string, dollar?: string, named?: string, braced?: unknown): string => {
    if (dollar !== undefined) return "$";
    if (named !== undefined) return substitute(named, match, false, filling);
    if (typeof braced === "string") return substitute(braced, match, true, filling);
    filling.problem(
      `got a "$" that begins no variable in ${quote(text)}; expected "$$" for the sign itself.`,
    );
    return "";
  };
  const end = text.lastIndexOf("}") + 1;
  return text.slice(0, end).replace(pattern, replace) + text.slice(end).replace(unbraced, replace);
}

/** The order in which Docker looks for an operator in all of what stands between the braces. */
const operators = [":-", "-", ":?", "?"] as const;

function substitute(written: string, match: string, braced: boolean, filling: Filling): string {
  const [, name = "", operator = "", rest = ""] = /^(\w+)(:?[-?+])?([^]*)$/.exec(written) ?? [];
  if (operator === "") return filling.get(name) ?? unset(name, filling);
  const found = operators.find((one) => written.includes(one)) ?? operator;
  if (!operator.endsWith("+") && found !== operator) {
    filling.problem(
      `got ${quote(match)}, in which Docker takes "${found}" for the operator and not "${operator}"; expected a text without "${found}" after "${operator}".`,
    );
    return "";
  }
  if (!braced)
    filling.trap(
      `got ${quote(match)}: to Docker all after ${name} is a default, and is lost when ${name} is set. Write \${${name}}${operator}….`,
    );
  if (rest.includes("${"))
    filling.trap(
      `got ${quote(match)}: Docker puts no variable into a default, and ends it at the first "}". Give the inner variable its default where it is set.`,
    );
  return apply(operator, filling.get(name), name, rest, filling);
}

function unset(name: string, filling: Filling): string {
  filling.unset(name);
  return "";
}

function apply(
  operator: string,
  value: string | undefined,
  name: string,
  rest: string,
  filling: Filling,
): string {
  const there = operator.startsWith(":")
    ? value !== undefined && value !== ""
    : value !== undefined;
  if (operator.endsWith("+")) return there ? rest : "";
  if (there) return value ?? "";
  if (operator.endsWith("-")) return rest;
  const wish = rest === "" ? "it must be set" : rest.replace(/\.$/, "");
  filling.problem(
    `${name} has no value: ${wish}. Set it as a variable of the stack, of its env file or of the process.`,
  );
  return "";
}
