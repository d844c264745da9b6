import { parseBytes, parseCpus, parseDuration } from "../units/units";
import { alternatives } from "../words/alternatives";
import type { Path, Position } from "./finding";
import { apply, type Form, type Reading } from "./reading";
import { describe, quote, shorten, type Scalar, type Value } from "./value";

/** Reports a value that is not what it should be. */
export function mismatch(
  value: Value,
  path: Path,
  { report }: Reading,
  expected: string,
  advice = "",
): void {
  const more = advice === "" ? "" : ` ${advice}`;
  report.error(value.at, path, `got ${describe(value)}; expected ${expected}.${more}`);
}

function isScalar(value: Value): value is Scalar {
  return value.kind !== "list" && value.kind !== "map";
}

/** Any value: for keys whose value means nothing here. */
export const anything: Form<Value> = (value) => value;

export const text: Form<string> = (value, path, reading) => {
  if (value.kind === "text") return value.text;
  const quotable = isScalar(value) && value.kind !== "null";
  mismatch(value, path, reading, "text", quotable ? `Quote it: ${quote(value.written)}.` : "");
  return undefined;
};

/** Text that `accept` answers for; what it was is in `expected`. */
export function textFor<T>(expected: string, accept: (text: string) => T | undefined): Form<T> {
  return (value, path, reading) => {
    const words = text(value, path, reading);
    if (words === undefined) return undefined;
    const accepted = accept(words);
    if (accepted === undefined) mismatch(value, path, reading, expected);
    return accepted;
  };
}

export function choice<const Word extends string>(words: readonly Word[]): Form<Word> {
  const shown = words.filter((word) => word !== "");
  return textFor(alternatives(shown), (got) => words.find((word) => word === got));
}

const yes = ["true", "yes", "y", "on"];
const no = ["false", "no", "n", "off"];

/** True or false; as text too, as Docker has it after variables and Compose everywhere. */
export const flag: Form<boolean> = (value, path, reading) => {
  const word = value.kind === "boolean" || value.kind === "text" ? value.text.toLowerCase() : "";
  if (yes.includes(word)) return true;
  if (no.includes(word)) return false;
  mismatch(value, path, reading, "true or false");
  return undefined;
};

/** A number that is whole after YAML, `2.0` and `1e1` too; as text too, as Docker has it after variables. */
export function whole(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Form<number> {
  const range =
    maximum === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${minimum}`
      : `a whole number from ${minimum} to ${maximum}`;
  return (value, path, reading) => {
    const amount = amountOf(value, /^[+-]?\d+$/);
    const fits = Number.isSafeInteger(amount) && amount >= minimum && amount <= maximum;
    if (fits) return amount;
    mismatch(value, path, reading, range);
    return undefined;
  };
}

/** Any number from `minimum` to `maximum`. */
export function decimal(minimum: number, maximum: number): Form<number> {
  return (value, path, reading) => {
    const amount = amountOf(value, /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i);
    if (amount >= minimum && amount <= maximum) return amount;
    mismatch(value, path, reading, `a number from ${minimum} to ${maximum}`);
    return undefined;
  };
}

function amountOf(value: Value, asText: RegExp): number {
  if (value.kind === "integer" || value.kind === "float") return Number(value.text);
  return value.kind === "text" && asText.test(value.text) ? Number(value.text) : Number.NaN;
}

/** A Go duration in nanoseconds, of at least `minimum` where it is not nought. */
export function duration(minimum = 0): Form<number> {
  return (value, path, reading) => {
    const expected = 'a duration such as "1m30s" or "500ms"';
    const written = isScalar(value) ? value.written : "";
    if (value.kind === "integer") {
      mismatch(value, path, reading, expected, `For seconds write ${written}s.`);
      return undefined;
    }
    const days = /^(\d+)d$/.exec(written)?.[1];
    if (days !== undefined) {
      mismatch(value, path, reading, expected, `Write ${24 * Number(days)}h.`);
      return undefined;
    }
    const amount = textFor(expected, parseDuration)(value, path, reading);
    if (amount === undefined || amount === 0 || amount >= minimum) return amount;
    const least = minimum >= 1e6 ? "0, or at least 1ms" : "0 or more";
    mismatch(value, path, reading, `a duration of ${least}`);
    return undefined;
  };
}

/** A size in bytes; `bare` also takes a plain number, as for `tmpfs.size`. */
export function size(bare: "bare" | "unit"): Form<number> {
  const expected = 'a size such as "512M" or "1.5g"';
  const sized = textFor(expected, parseBytes);
  return (value, path, reading) => {
    if (value.kind !== "integer" && value.kind !== "float") return sized(value, path, reading);
    if (bare === "bare") return whole(0)(value, path, reading);
    mismatch(value, path, reading, expected, `For bytes quote it: "${value.written}".`);
    return undefined;
  };
}

/** Billionths of a CPU. */
export const cpus: Form<number> = (value, path, reading) => {
  const number = value.kind === "integer" || value.kind === "float";
  const amount = number || value.kind === "text" ? parseCpus(value.text) : undefined;
  const expected = 'a number of CPUs with at most nine decimals, such as "0.5" or "1/4"';
  if (amount === undefined) mismatch(value, path, reading, expected);
  return amount;
};

/** A list; `unique` refuses items that are there twice, as Docker does. */
export function listOf<T>(form: Form<T>, unique: "unique" | "any" = "any"): Form<readonly T[]> {
  return (value, path, reading) => {
    if (value.kind !== "list") {
      mismatch(value, path, reading, 'a list, each item with "- " before it');
      return undefined;
    }
    const seen = new Set<string>();
    return value.items.flatMap((item, index) => {
      const here = [...path, index];
      if (unique === "unique" && !("broken" in item)) {
        const same = canonical(item);
        if (seen.has(same)) {
          mismatch(item, here, reading, "each item once");
          return [];
        }
        seen.add(same);
      }
      const read = apply(form, item, here, reading);
      return read === undefined ? [] : [read];
    });
  };
}

/** What makes two values equal to Docker's `uniqueItems`. */
function canonical(value: Value): string {
  if (value.kind === "list") return `[${value.items.map(canonical).join(",")}]`;
  if (value.kind === "map")
    return `{${[...value.entries]
      .map(([key, entry]) => `${JSON.stringify(key)}:${canonical(entry.value)}`)
      .sort()
      .join(",")}}`;
  return `${value.kind === "text" ? "" : value.kind}${JSON.stringify(value.text)}`;
}

/** One value or a list of them. */
export function oneOrMoreOf<T>(form: Form<T>): Form<readonly T[]> {
  return (value, path, reading) => {
    if (value.kind === "list") return listOf(form, "unique")(value, path, reading);
    const one = form(value, path, reading);
    return one === undefined ? undefined : [one];
  };
}

/** One text or a list of texts. */
export const oneOrMore = oneOrMoreOf(text);

/** A map with any keys that `key` takes. */
export function mapOf<T>(
  form: Form<T>,
  key: { readonly pattern: RegExp; readonly expected: string } = { pattern: /./, expected: "text" },
): Form<Readonly<Record<string, T>>> {
  return (value, path, reading) => {
    if (value.kind !== "map") {
      mismatch(value, path, reading, "a map");
      return undefined;
    }
    const read: [string, T][] = [];
    for (const [name, entry] of value.entries) {
      const here = [...path, name];
      if (!key.pattern.test(name))
        reading.report.error(
          entry.at,
          here,
          `got the key ${quote(name)}; expected ${key.expected}.`,
        );
      const one = apply(form, entry.value, here, reading);
      if (one !== undefined) read.push([name, one]);
    }
    return Object.fromEntries(read);
  };
}

/** A value of a map of texts: numbers and true or false are taken, with a word where they change on the way. */
const textual: Form<string | null> = (value, path, reading) => {
  if (!isScalar(value)) {
    mismatch(value, path, reading, "text");
    return undefined;
  }
  if (value.kind === "null") return null;
  if (value.kind !== "text" && value.text !== value.written)
    reading.report.warn(
      value.at,
      path,
      `${shorten(value.written)} is sent as ${quote(value.text)}. Quote it to send what is written.`,
    );
  return value.text;
};

/** `NAME=value`, or a name alone. */
const assignment: Form<{
  readonly name: string;
  readonly value: string | null;
  readonly at: Position;
}> = (value, path, reading) => {
  if (value.kind === "map") {
    const [name = "NAME"] = value.entries.keys();
    mismatch(value, path, reading, "text", `In a list write ${shorten(name)}=value.`);
    return undefined;
  }
  const item = text(value, path, reading);
  if (item === undefined) return undefined;
  const cut = item.indexOf("=");
  const { at } = value;
  return cut < 0
    ? { name: item, value: null, at }
    : { name: item.slice(0, cut), value: item.slice(cut + 1), at };
};

/** Texts by name, of a map or of a list of `NAME=value`; null where there is a name alone. */
export const assignments: Form<Readonly<Record<string, string | null>>> = (
  value,
  path,
  reading,
) => {
  if (value.kind === "map") return mapOf(textual)(value, path, reading);
  if (value.kind !== "list") {
    mismatch(value, path, reading, "a map, or a list of NAME=value");
    return undefined;
  }
  const items = listOf(assignment, "unique")(value, path, reading) ?? [];
  for (const { name, at } of items) reading.places.set([...path, name], at);
  return Object.fromEntries(items.map(({ name, value: one }) => [name, one]));
};

/** Texts by name, of a map or of a list; a name alone has an empty text. */
export const texts: Form<Readonly<Record<string, string>>> = (value, path, reading) => {
  const read = assignments(value, path, reading);
  return read === undefined ? undefined : filled(read);
};

/** Texts by name, of a map alone; a name alone has an empty text. */
export const options: Form<Readonly<Record<string, string>>> = (value, path, reading) => {
  const read = mapOf(textual)(value, path, reading);
  return read === undefined ? undefined : filled(read);
};

function filled(read: Readonly<Record<string, string | null>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(read).map(([name, one]) => [name, one ?? ""]));
}
