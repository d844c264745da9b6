import { advise } from "./advice";
import { mismatch, anything } from "./forms";
import type { Path, Position } from "./finding";
import { apply, type Form, type Reading } from "./reading";
import type { Value } from "./value";

/** What a key of a stack file comes to. */
export interface Row<T> {
  /**
   * - `honoured`: as Docker does.
   * - `newer`: Docker refuses it, and it means what it means to Compose.
   * - `ignored`: Docker takes it, or it does nothing to a running service; said, with what to write instead.
   * - `refused`: the service would be another one without it, and a swarm cannot do it.
   */
  readonly status: "honoured" | "newer" | "ignored" | "refused";
  readonly form: Form<T>;
  /** Why it does nothing, and what to write instead; of what stands there. */
  readonly say: string | ((value: Value) => string);
}

export function honoured<T>(form: Form<T>): Row<T> {
  return { status: "honoured", form, say: "" };
}

export function newer<T>(form: Form<T>): Row<T> {
  return { status: "newer", form, say: "" };
}

/** @param form - what Docker wants it to look like, although nothing comes of it */
export function ignored(say: Row<never>["say"], form: Form<unknown> = anything): Row<never> {
  return { status: "ignored", form: form as Form<never>, say };
}

export function refused(say: string): Row<never> {
  return { status: "refused", form: anything as Form<never>, say };
}

const fewKeys = 6;

export type Rows = Readonly<Record<string, Row<unknown>>>;

/** What is read of a map by its rows: what is ignored or refused is not in it, and keys that are not there are absent. */
export type Read<R extends Rows> = {
  readonly [
    Key in keyof R as R[Key] extends Row<infer T> ? ([T] extends [never] ? never : Key) : never
  ]?: R[Key] extends Row<infer T> ? T : never;
};

/**
 * A map with known keys.
 *
 * @param unknown - what a key is that no row has: an error as for most maps, or a warning where Docker reads over it
 */
export function record<R extends Rows>(
  rows: R,
  unknown: "error" | "warning" = "error",
): Form<Read<R>> {
  return (value, path, reading) => {
    if (value.kind !== "map") {
      mismatch(value, path, reading, mapWith(Object.keys(rows)));
      return undefined;
    }
    const read: Record<string, unknown> = {};
    for (const [key, { at, value: inner }] of value.entries) {
      const here = [...path, key];
      const row = Object.hasOwn(rows, key) ? rows[key] : undefined;
      if (row === undefined)
        unknownKey(key, inner, Object.keys(rows), { at, path: here, unknown }, reading);
      else {
        const one = readRow(row, inner, at, here, reading);
        if (one !== undefined) read[key] = one;
      }
    }
    return read as Read<R>;
  };
}

/** Few keys are all named. */
function mapWith(keys: readonly string[]): string {
  if (keys.length > fewKeys) return "a map";
  const last = keys.slice(-1).join("");
  return `a map with ${keys.length < 2 ? last : `${keys.slice(0, -1).join(", ")} or ${last}`}`;
}

function readRow(
  row: Row<unknown>,
  value: Value,
  at: Position,
  path: Path,
  reading: Reading,
): unknown {
  if (row.status === "refused") {
    reading.report.error(at, path, sayOf(row, value));
    return undefined;
  }
  const read = apply(row.form, value, path, reading);
  if (row.status !== "ignored") return read;
  if (read !== undefined) reading.report.warn(at, path, sayOf(row, value));
  return undefined;
}

function sayOf({ say }: Row<unknown>, value: Value): string {
  return typeof say === "string" ? say : say(value);
}

function unknownKey(
  key: string,
  value: Value,
  known: readonly string[],
  place: { at: Position; path: Path; unknown: "error" | "warning" },
  { report }: Reading,
): void {
  if (key.startsWith("x-")) return;
  const misplaced = known.includes("services") && isService(value);
  const advice = misplaced
    ? "It looks like a service: write it below services, further in."
    : advise(key, known, report);
  if (place.unknown === "error") report.error(place.at, place.path, `unknown key. ${advice}`);
  else report.warn(place.at, place.path, `unknown key, which Docker reads over. ${advice}`);
}

function isService(value: Value): boolean {
  return value.kind === "map" && ["image", "build"].some((key) => value.entries.has(key));
}
