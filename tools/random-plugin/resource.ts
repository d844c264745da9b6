import { hash } from "bcryptjs";
import { makePassword, type PasswordRules } from "./password";

/** The one resource type that this plugin serves. */
export const PASSWORD_TOKEN = "random:index/randomPassword:RandomPassword";
/** In a property: a value that is not known before the update. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Outputs that are always secret. */
export const SECRET_OUTPUTS = ["bcryptHash", "result"] as const;

/** Property names and values as the engine sends them. */
export type Properties = Readonly<Record<string, unknown>>;

/** One wrong argument; `property` is empty where several are at odds. */
export interface Failure {
  readonly property: string;
  readonly reason: string;
}

const FLAGS = ["lower", "upper", "special", "numeric", "number"] as const;
const MINIMUMS = ["minLower", "minUpper", "minNumeric", "minSpecial"] as const;
/** Work factor of the official plugin. */
const BCRYPT_COST = 10;

/** Everything wrong with the arguments; those that are not known yet are left for later. */
export function checkArguments(args: Properties): Failure[] {
  const failures: Failure[] = [];
  for (const [property, value] of Object.entries(args)) {
    const expected = expectation(property);
    if (expected === undefined) {
      failures.push({ property, reason: "unknown argument of RandomPassword; remove it" });
    } else if (value !== UNKNOWN && !expected.accepts(value)) {
      const got = property === "overrideSpecial" ? typeof value : JSON.stringify(value);
      failures.push({ property, reason: `got ${got}; expected ${expected.words}` });
    }
  }
  if (args.length === undefined) {
    failures.push({ property: "length", reason: "missing; expected a whole number of at least 1" });
  }
  const unknown = Object.values(args).includes(UNKNOWN);
  return failures.length > 0 || unknown ? failures : checkTogether(args);
}

interface Expectation {
  readonly words: string;
  accepts(value: unknown): boolean;
}

function expectation(property: string): Expectation | undefined {
  const wholeFrom = (minimum: number) => (value: unknown) =>
    Number.isInteger(value) && (value as number) >= minimum;
  if (property === "length") {
    return { words: "a whole number of at least 1", accepts: wholeFrom(1) };
  }
  if (FLAGS.some((flag) => flag === property)) {
    return { words: "true or false", accepts: (value) => typeof value === "boolean" };
  }
  if (MINIMUMS.some((minimum) => minimum === property)) {
    return { words: "a whole number of at least 0", accepts: wholeFrom(0) };
  }
  if (property === "overrideSpecial") {
    return { words: "a string", accepts: (value) => typeof value === "string" };
  }
  if (property === "keepers") {
    return { words: "a map", accepts: (value) => typeof value === "object" };
  }
  return undefined;
}

function checkTogether(args: Properties): Failure[] {
  const failures: Failure[] = [];
  const rules = passwordRules(args);
  const least = rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial;
  if (rules.length < least) {
    failures.push({
      property: "length",
      reason: `got ${rules.length}; expected at least ${least}, the sum of minLower, minUpper, minNumeric and minSpecial`,
    });
  }
  if (args.number !== undefined && args.number !== (args.numeric ?? args.number)) {
    const reason = `got ${JSON.stringify(args.number)} beside a different numeric; leave number out, numeric has replaced it`;
    failures.push({ property: "number", reason });
  }
  if (!rules.lower && !rules.upper && !rules.numeric && !rules.special) {
    const reason =
      "lower, upper, numeric and special are all false; expected at least one of them to be true";
    failures.push({ property: "", reason });
  }
  return failures;
}

/** Arguments with the defaults of the official plugin. */
function passwordRules(args: Properties): PasswordRules {
  const flag = (name: string) => (args[name] as boolean | undefined) ?? true;
  const count = (name: string) => (args[name] as number | undefined) ?? 0;
  return {
    length: count("length"),
    lower: flag("lower"),
    upper: flag("upper"),
    numeric: args.numeric === undefined ? flag("number") : flag("numeric"),
    special: flag("special"),
    minLower: count("minLower"),
    minUpper: count("minUpper"),
    minNumeric: count("minNumeric"),
    minSpecial: count("minSpecial"),
    overrideSpecial: (args.overrideSpecial as string | undefined) ?? "",
  };
}

/** Arguments and defaults as the state keeps them, without the password itself. */
export function plannedState(args: Properties): Properties {
  const { overrideSpecial, ...rules } = passwordRules(args);
  return {
    ...rules,
    number: rules.numeric,
    ...(overrideSpecial !== "" && { overrideSpecial }),
    ...(args.keepers !== undefined && { keepers: args.keepers }),
  };
}

/** The whole state around a password; without one, a new one is made. */
export async function passwordState(args: Properties, given?: string): Promise<Properties> {
  const result = given ?? makePassword(passwordRules(args));
  return { ...plannedState(args), result, bcryptHash: await hash(result, BCRYPT_COST) };
}

/** Arguments that differ from the state; each means a new password. Sorted. */
export function changedArguments(state: Properties, args: Properties): string[] {
  const planned = plannedState(args);
  const names = ["keepers", "length", ...FLAGS, ...MINIMUMS, "overrideSpecial"];
  return names.filter((name) => canonical(state[name]) !== canonical(planned[name])).sort();
}

/** Absent, null and empty mean the same to the official plugin; the order of keys means nothing. */
function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? "");
  const entries = Object.entries(value).filter(([, entry]) => entry !== null);
  return entries.length === 0 ? '""' : JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
