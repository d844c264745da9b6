import { z } from "zod";
import type { Changes, References } from "./form";
import type { AnyField, Field, Needs } from "./field";
import { compareField, neededFor, readField, shownValue, writeField } from "./field";
import type { Tree } from "./paths";
import { getAt, joinPaths, setAt } from "./paths";
import { isUnknown } from "../value";
import { forReplacement } from "./replacement";

/** The rows of a noun by property path (`healthcheck.interval`). Rows are written in this order. */
export type Table = Readonly<Record<string, AnyField>>;

type ValueOf<Row> = Row extends Field<infer User> ? User : never;
type Head<Path> = Path extends `${infer First}.${string}` ? First : never;
type Plain<Path> = Path extends `${string}.${string}` ? never : Path;
type Below<Rows, Group extends string> = {
  [Path in keyof Rows as Path extends `${Group}.${infer Rest}` ? Rest : never]: Rows[Path];
};

/** The arguments that a table describes; all optional, because Docker has a default or a check asks for the rest. */
export type Arguments<Rows> = {
  [Path in keyof Rows as Plain<Path>]?: ValueOf<Rows[Path]>;
} & { [Group in Head<keyof Rows>]?: Arguments<Below<Rows, Group>> };

/** What a group of properties (`healthcheck`) is about, for the served schema. */
export type GroupDescriptions = Readonly<Record<string, string>>;

/** A strict schema out of the rows: nested as their paths are, each with its description. */
export function schemaOf(table: Table, groups: GroupDescriptions = {}): z.ZodObject {
  const shape: Record<string, z.ZodType> = {};
  const nested: Record<string, Record<string, AnyField>> = {};
  for (const [path, row] of Object.entries(table)) {
    const [group = "", ...rest] = path.split(".");
    if (rest.length > 0) {
      nested[group] = { ...nested[group], [rest.join(".")]: row };
      continue;
    }
    const { schema } = row.form;
    shape[path] = (row.required === true ? schema : schema.optional()).describe(described(row));
  }
  for (const [group, rows] of Object.entries(nested)) {
    shape[group] = schemaOf(rows)
      .optional()
      .describe(groups[group] ?? group);
  }
  return z.strictObject(shape);
}

/** A row's description with Docker's default and the release that it needs. */
function described({ description, fallback, required, since }: AnyField): string {
  const standard =
    fallback === undefined || required === true ? "" : ` Default: ${String(fallback)}.`;
  const release = typeof since === "number" ? ` Docker ${since} or newer.` : "";
  return `${description}${standard}${release}`;
}

/** The releases of Docker that declared arguments need, by property path. */
export function neededBy(table: Table, declared: Tree): Needs {
  const all = Object.entries(table).flatMap(([path, row]) =>
    Object.entries(neededFor(row, getAt(declared, path))).map(
      ([below, release]): [string, number] => [joinPaths(path, below), release],
    ),
  );
  return Object.fromEntries(all);
}

/** Every change between two sets of arguments, by property path. */
export function compareTable(table: Table, old: Tree, news: Tree): Changes {
  const all: Changes = {};
  for (const [path, row] of Object.entries(table)) {
    const [group = path] = path.split(".");
    if (group !== path && isUnknown(news[group])) {
      all[group] = old[group] === undefined ? "add" : "update";
      continue;
    }
    const changes = compareField(row, getAt(old, path), getAt(news, path));
    for (const [below, kind] of Object.entries(changes)) {
      all[joinPaths(path, below)] = row.replace === true ? forReplacement(kind) : kind;
    }
  }
  return all;
}

/**
 * The arguments that a spec comes from. `known`: what was declared, whose spelling and order are kept where they mean
 * the same; properties that are neither declared nor different from Docker's default are left out.
 */
export function argumentsOf(table: Table, wire: Tree, known: Tree, references: References): Tree {
  const found: Tree = {};
  for (const [path, row] of Object.entries(table)) {
    const live: unknown = readField(row, wire, references);
    const shown: unknown = shownValue(row, live, getAt(known, path));
    if (shown !== undefined) setAt(found, path, shown);
  }
  return found;
}

/**
 * A spec with the arguments in it. A new one says all that is declared, Docker's defaults included. In one that is there
 * only rows that differ from what it says already are written, so whatever else is in it stays byte for byte: a change
 * of one property never restarts a task because of another.
 */
export function withArguments(table: Table, spec: Tree, news: Tree, references: References): Tree {
  const wire = structuredClone(spec);
  const isNew = Object.keys(spec).length === 0;
  for (const [path, row] of Object.entries(table)) {
    const value: unknown = getAt(news, path);
    const live: unknown = readField(row, wire, references);
    const isToSay = isNew && value !== undefined && live === undefined;
    if (isToSay || Object.keys(compareField(row, live, value)).length > 0) {
      writeField(row, wire, value, references);
    }
  }
  for (const [path, row] of Object.entries(table))
    completeField(row, getAt(news, path), wire, references);
  return wire;
}

function completeField(row: AnyField, value: unknown, wire: Tree, references: References): void {
  if (row.explicit === undefined || readField(row, wire, references) !== undefined) return;
  const parent = typeof row.at === "string" ? row.at.replace(/\.[^.]+$/, "") : undefined;
  const hasParent = parent !== undefined && getAt(wire, parent) !== undefined;
  if (row.explicit === "always" || hasParent) {
    writeField(row, wire, value ?? row.fallback, references);
  }
}
