import { isDeepStrictEqual } from "node:util";
import { isUnknown } from "../value";
import type { Changes, Form, References } from "./form";
import { normalForm, settled } from "./form";
import type { Tree } from "./paths";
import { getAt, setAt } from "./paths";

/** Where a value lives in Docker's spec, when a path alone cannot say it. Undefined stands for "not set". */
export interface Place<User> {
  read(wire: Tree, references: References): User | undefined;
  write(wire: Tree, value: User | undefined, references: References): void;
}

/** One row of a noun's table. */
export interface Field<User> {
  readonly form: Form<User>;
  /** Dotted path in Docker's spec, or a pair of functions. */
  readonly at: string | Place<User>;
  /** What it means, for the served schema and the reference. Says the unit. */
  readonly description: string;
  /** Docker's documented default, in the user's form. @default - empty, zero, false */
  readonly fallback?: User;
  /** Docker reads zero as "the default". @default false */
  readonly zeroIsDefault?: boolean;
  /** Zero, or false, is something else than nothing. Only where there is no `fallback`. @default false */
  readonly zeroCounts?: boolean;
  /** A change makes a new object. @default false */
  readonly replace?: boolean;
  /**
   * Docker, or its command line, fills it in by itself, always or with some values: without a declaration the live
   * value stays and is no drift. @default false
   */
  readonly byDocker?: boolean | ((live: User) => boolean);
  /** Written even when it has Docker's default: always, or once the object that holds it is there. @default - not */
  readonly explicit?: "always" | "with-parent";
  /** Must be given. @default false */
  readonly required?: boolean;
  /** First release of Docker that knows it, or that knows a value of it. @default - every one that is supported */
  readonly since?: number | ((value: User) => number | undefined);
}

/** Releases of Docker by the path of what needs them; the empty path is the property itself. */
export type Needs = Readonly<Record<string, number>>;

/** A row whatever its type. The table keeps the types of its rows apart from this. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- values of different types in one table need it
export type AnyField = Field<any>;

/** Makes a row. */
export function field<User>(
  form: Form<User>,
  at: string | Place<User>,
  description: string,
  rules: Omit<Partial<Field<User>>, "form" | "at" | "description"> = {},
): Field<User> {
  return { form, at, description, ...rules };
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "object") return Object.keys(value).length === 0;
  return value === "" || value === 0 || value === false;
}

/** What the defaults of rows come to. */
const fallbacks = new WeakMap<object, unknown>();

function fallbackOf<User>(row: Field<User>): unknown {
  if (row.fallback === undefined) return undefined;
  if (!fallbacks.has(row)) fallbacks.set(row, normalForm(row.form, row.fallback));
  return fallbacks.get(row);
}

/** What a value, or its absence, comes to: Docker's default stands in where nothing is set. */
export function meaningOf<User>(row: Field<User>, value: User | undefined): unknown {
  const fallback = fallbackOf(row);
  if (value === undefined) return fallback;
  const normal = normalForm(row.form, value);
  if (fallback === undefined) {
    const isZero = normal === 0 || normal === false;
    return isEmpty(normal) && !(row.zeroCounts === true && isZero) ? undefined : normal;
  }
  return row.zeroIsDefault === true && normal === 0 ? fallback : normal;
}

/** The releases that a declared value needs: a default needs none, it is not written. */
export function neededFor<User>(row: Field<User>, value: User | undefined): Needs {
  if (value === undefined || isUnknown(value)) return {};
  if (isDeepStrictEqual(meaningOf(row, value), meaningOf(row, undefined))) return {};
  const release = typeof row.since === "function" ? row.since(value) : row.since;
  return { ...(release === undefined ? {} : { "": release }), ...row.form.needs?.(value) };
}

function isByDocker<User>({ byDocker }: Field<User>, live: User | undefined): boolean {
  return typeof byDocker === "function" ? live !== undefined && byDocker(live) : byDocker === true;
}

/** Changes of one row; empty when both sides come to the same. */
export function compareField<User>(
  row: Field<User>,
  old: User | undefined,
  news: User | undefined,
): Changes {
  if (isUnknown(news)) return { "": old === undefined ? "add" : "update" };
  if (news === undefined && isByDocker(row, old)) return {};
  const [before, after] = [meaningOf(row, old), meaningOf(row, news)];
  if (isDeepStrictEqual(before, after)) return {};
  if (old === undefined || before === undefined) return { "": "add" };
  if (news === undefined || after === undefined) return { "": "delete" };
  return row.form.compare?.(old, news) ?? { "": "update" };
}

/** The value of a row in a spec, in the user's form. */
export function readField<User>(
  row: Field<User>,
  wire: Tree,
  references: References,
): User | undefined {
  if (typeof row.at !== "string") return row.at.read(wire, references);
  const value = getAt(wire, row.at);
  return value === undefined ? undefined : row.form.toUser(value, references);
}

/** Puts a value into a spec; undefined takes it out. */
export function writeField<User>(
  row: Field<User>,
  wire: Tree,
  value: User | undefined,
  references: References,
): void {
  if (typeof row.at !== "string") row.at.write(wire, value, references);
  else setAt(wire, row.at, value === undefined ? undefined : row.form.toWire(value, references));
}

/** The live value as the state shows it: in the known spelling, and left out where it is an undeclared default. */
export function shownValue<User>(
  row: Field<User>,
  live: User | undefined,
  known: User | undefined,
): User | undefined {
  const meaning = meaningOf(row, live);
  if (known === undefined || isUnknown(known)) {
    return isDeepStrictEqual(meaning, meaningOf(row, undefined)) ? undefined : live;
  }
  if (isDeepStrictEqual(meaning, meaningOf(row, known))) {
    return live === undefined ? known : settled(row.form, live, known);
  }
  return live === undefined ? undefined : settled(row.form, live, known);
}
