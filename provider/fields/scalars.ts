import { z } from "zod";
import type { Form } from "./form";
import {
  parseBytes,
  parseDuration,
  parseFileMode,
  renderBytes,
  renderDuration,
  renderFileMode,
} from "../../units/units";

/** A schema's message. What was got is added by the adapter, which knows whether it is a secret. */
export function expecting(what: string): { error: string } {
  return { error: `expected ${what}` };
}

function plain<User>(schema: z.ZodType<User>): Form<User> {
  return { schema, toWire: (value) => value, toUser: (wire) => wire as User };
}

/** Any text. */
export const text: Form<string> = plain(z.string(expecting("text")));

/** Text of a given shape. */
export function textLike(pattern: RegExp, what: string): Form<string> {
  return plain(z.string(expecting(what)).regex(pattern, expecting(what)));
}

/** True or false. */
export const flag: Form<boolean> = plain(z.boolean(expecting("true or false")));

/** One of some words. */
export function choice<const Word extends string>(words: readonly Word[]): Form<Word> {
  const what = words.map((word) => `"${word}"`).join(", ");
  return plain(z.enum(words, expecting(`one of ${what}`)) as unknown as z.ZodType<Word>);
}

/** A whole number in a range. */
export function integer(minimum: number, maximum = Number.MAX_SAFE_INTEGER): Form<number> {
  const what =
    maximum === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${minimum}`
      : `a whole number from ${minimum} to ${maximum}`;
  const schema = z.number(expecting(what)).int(expecting(what));
  return plain(schema.min(minimum, expecting(what)).max(maximum, expecting(what)));
}

/** A number in a range. */
export function decimal(minimum: number, maximum: number): Form<number> {
  const what = `a number from ${minimum} to ${maximum}`;
  return plain(
    z.number(expecting(what)).min(minimum, expecting(what)).max(maximum, expecting(what)),
  );
}

/** Text with a number behind it: `parse` answers undefined for anything that is none. */
function measured(
  what: string,
  parse: (value: string) => number | undefined,
  render: (value: number) => string,
): Form<string> {
  const exact = (value: string): number => {
    const amount = parse(value);
    if (amount === undefined) throw new Error(`got "${value}"; expected ${what}.`);
    return amount;
  };
  return {
    schema: z
      .string(expecting(what))
      .refine((value) => parse(value) !== undefined, expecting(what)),
    toWire: exact,
    toUser: (wire) => render(Number(wire)),
    normal: exact,
  };
}

/** A Go duration; Docker keeps nanoseconds. */
export const duration: Form<string> = measured(
  'a duration such as "1m30s" or "500ms"',
  (value) => {
    const nanoseconds = parseDuration(value);
    return nanoseconds === undefined || nanoseconds < 0 ? undefined : nanoseconds;
  },
  renderDuration,
);

/** A size with binary units; Docker keeps bytes. */
export const bytes: Form<string> = measured(
  'a size such as "512M" or "1.5GiB"',
  parseBytes,
  renderBytes,
);

/** A size with binary units, or `-1` for as much as there is; Docker keeps bytes. */
export const bytesOrUnlimited: Form<string> = measured(
  'a size such as "512M", or "-1" for as much as there is',
  (value) => (value === "-1" ? -1 : parseBytes(value)),
  (value) => (value === -1 ? "-1" : renderBytes(value)),
);

/** Permission bits as octal text; Docker keeps the number. */
export const fileMode: Form<string> = measured(
  'octal permission bits such as "0440"',
  parseFileMode,
  renderFileMode,
);

/** CPUs as a decimal number; Docker keeps billionths of one. */
export const cpus: Form<number> = {
  schema: z.number(expecting("a number of CPUs such as 0.5")).min(0, expecting("0 or more CPUs")),
  toWire: (value) => Math.round(value * 1e9),
  toUser: (wire) => Number(wire) / 1e9,
  normal: (value) => Math.round(value * 1e9),
};
