import type { Scalar } from "./value";

type Resolved = Pick<Scalar, "kind" | "text">;

const words: Readonly<Record<string, Resolved>> = Object.fromEntries([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, { kind: "null", text: "" }]),
  ...["true", "True", "TRUE"].map((word) => [word, { kind: "boolean", text: "true" }]),
  ...["false", "False", "FALSE"].map((word) => [word, { kind: "boolean", text: "false" }]),
]) as Record<string, Resolved>;

const notFinite = /^(?:[+-]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const floatPattern = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * What Docker takes an unquoted scalar for. Its reader is neither YAML 1.1's nor 1.2's: `yes` is text, `0440` and
 * `0o440` are octal, `1_000` is a number, `22:22` is text, `2001-12-14` is a date.
 *
 * @returns undefined for what no stack file can hold (`.inf`, `.nan`)
 * @see https://github.com/yaml/go-yaml/blob/v3.0.4/resolve.go
 */
export function resolvePlain(written: string): Resolved | undefined {
  if (Object.hasOwn(words, written)) return words[written];
  if (notFinite.test(written)) return undefined;
  if (!/^[-+.\d]/.test(written)) return { kind: "text", text: written };
  const date = goDate(written);
  if (date !== undefined) return { kind: "date", text: date };
  const plain = written.replaceAll("_", "");
  const integer = goInteger(plain);
  if (integer !== undefined) return { kind: "integer", text: integer.toString() };
  if (floatPattern.test(plain) && Number.isFinite(Number(plain)))
    return { kind: "float", text: printFloat(Number(plain)) };
  return { kind: "text", text: written };
}

const integerPattern = /^([+-]?)(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+|0[0-7]*|[1-9]\d*)$/;

function goInteger(plain: string): bigint | undefined {
  const [, sign, digits] = integerPattern.exec(plain) ?? [];
  if (digits === undefined) return undefined;
  const amount = BigInt(/^0[0-7]+$/.test(digits) ? `0o${digits.slice(1)}` : digits);
  if (sign === "-") return amount <= 2n ** 63n ? -amount : undefined;
  return amount < 2n ** 64n ? amount : undefined;
}

/** A number as Go's `%v` prints it: with an exponent below 0.0001 and from a million on. */
function printFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return value.toString();
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

const datePattern =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})?)?$/;

/** A date and time as Go prints it, of the four forms that Docker's reader knows. */
function goDate(written: string): string | undefined {
  const match = datePattern.exec(written);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", between, hour = "0", minute = "0", second = "0"] =
    match;
  const [fraction = "", zone] = [match[8], match[9]];
  // With a T there must be a zone, with a space there must be none.
  if (between !== undefined && (between === " ") !== (zone === undefined)) return undefined;
  const date = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute)),
  );
  const exists = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!exists || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const two = (part: string): string => part.padStart(2, "0");
  const rest = fraction.replace(/0+$/, "");
  const time = `${two(hour)}:${two(minute)}:${two(second)}${rest === "" ? "" : `.${rest}`}`;
  const offset = zone === undefined || zone === "Z" ? "+0000" : zone.replace(":", "");
  const name = offset === "+0000" ? "UTC" : offset;
  return `${year}-${two(month)}-${two(day)} ${time} ${offset} ${name}`;
}
