import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Changes, Form, References } from "./form";
import { meaningOf, readField, shownValue } from "./field";
import type { Needs } from "./field";
import { getAt, joinPaths, childPath, setAt } from "./paths";
import type { Tree } from "./paths";
import { compareTable, neededBy, schemaOf, withArguments } from "./table";
import type { Arguments, Table } from "./table";
import { expecting } from "./scalars";
import { isUnknown } from "../value";

/** How the objects of a list are told apart. Their order means nothing. */
export interface ListRules {
  /** Properties that name an object: two with the same values are one object before and after a change. */
  readonly keys: readonly string[];
  /** Of several with the same keys, those that have these in common too are one. @default [] */
  readonly nearer?: readonly string[];
  /** Fills in a default that depends on other properties of the object (a target named like its source). */
  complete?(element: Tree): Tree;
}

/** One object of the new list and what it was before: its place in both lists. */
interface Pair {
  readonly before: number | undefined;
  readonly after: number | undefined;
}

function complete(rules: ListRules, element: Tree): Tree {
  return rules.complete?.(element) ?? element;
}

function normalElement(columns: Table, rules: ListRules, element: Tree): Tree {
  const full = complete(rules, element);
  return Object.fromEntries(
    Object.entries(columns)
      .map(([path, column]): [string, unknown] => [path, meaningOf(column, getAt(full, path))])
      .filter(([, value]) => value !== undefined),
  );
}

/** Pairs first what is equal, then what is nearer, then what has equal keys; the rest came or went. */
function pairUp(old: readonly Tree[], news: readonly Tree[], rules: ListRules): Pair[] {
  const left = new Set(old.keys());
  const partner = new Map<number, number>();
  const match = (same: (before: Tree, after: Tree) => boolean): void => {
    for (const [after, element] of news.entries()) {
      if (partner.has(after)) continue;
      const before = [...left].find((index) => same(old[index] ?? {}, element));
      if (before === undefined) continue;
      partner.set(after, before);
      left.delete(before);
    }
  };
  match((before, after) => isDeepStrictEqual(before, after));
  const { keys, nearer = [] } = rules;
  for (const common of nearer.length === 0 ? [keys] : [[...keys, ...nearer], keys])
    match((before, after) => common.every((key) => isDeepStrictEqual(before[key], after[key])));
  const kept = [...news.keys()].map((after): Pair => ({ before: partner.get(after), after }));
  return [...kept, ...[...left].map((before): Pair => ({ before, after: undefined }))];
}

/** A list of objects, each described by columns of its own. */
export function objectList<Columns extends Table>(
  columns: Columns,
  rules: ListRules,
): Form<Arguments<Columns>[]> {
  type Element = Arguments<Columns>;
  const trees = (list: Element[]): Tree[] => list;
  const normalList = (list: Element[]): Tree[] =>
    trees(list).map((element) => normalElement(columns, rules, element));

  const compare = (old: Element[], news: Element[]): Changes => {
    const changes: Changes = {};
    for (const { before, after } of pairUp(normalList(old), normalList(news), rules)) {
      const [is, asked] = [old[before ?? -1], news[after ?? -1]];
      if (asked === undefined) {
        // The preview shows what stood at an index and what will: one gone and another there is a change of it.
        const path = childPath("", before ?? 0);
        const taken = Object.keys(changes).filter((other) => other.startsWith(path));
        for (const other of taken) Reflect.deleteProperty(changes, other);
        changes[path] = taken.length > 0 ? "update" : "delete";
        continue;
      }
      const path = childPath("", after ?? 0);
      const within = is === undefined ? { "": "add" as const } : columnChanges(is, asked);
      const moved = is !== undefined && before !== after && Object.keys(within).length > 0;
      if (moved) changes[path] = (after ?? 0) < old.length ? "update" : "add";
      else Object.assign(changes, below(path, within));
    }
    return changes;
  };
  const columnChanges = (is: Tree, asked: Tree): Changes =>
    compareTable(columns, complete(rules, is), complete(rules, asked));
  const settle = (live: Element[], known: Element[]): Element[] =>
    pairUp(normalList(known), normalList(live), rules)
      .filter((pair) => pair.after !== undefined)
      .sort(byKnownPlace)
      .map(({ before, after }) => {
        const is = trees(live)[after ?? 0] ?? {};
        const was = before === undefined ? {} : (trees(known)[before] ?? {});
        const same = isDeepStrictEqual(
          normalElement(columns, rules, is),
          normalElement(columns, rules, was),
        );
        return (same ? was : spelled(columns, is, was)) as Element;
      });

  return {
    schema: z.array(schemaOf(columns), expecting("a list of objects")) as unknown as z.ZodType<
      Element[]
    >,
    toWire: (list, references) =>
      trees(list).map((element) =>
        withArguments(columns, {}, complete(rules, element), references),
      ),
    toUser: (wire, references) =>
      (wire as Tree[]).map((element) => everythingIn(columns, element, references) as Element),
    normal: (list) =>
      normalList(list).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    compare,
    settle,
    needs: (list) => needsOf(columns, list),
  };
}

/** The releases that the objects of a list need, each below its place. */
function needsOf(columns: Table, list: readonly Tree[]): Needs {
  const all = list.map((element, index) =>
    isUnknown(element) ? {} : below(childPath("", index), neededBy(columns, element)),
  );
  return Object.fromEntries(all.flatMap((needs) => Object.entries(needs)));
}

/** What an object says, without what is Docker's default anyway; what must be given is there even so. */
function everythingIn(columns: Table, wire: Tree, references: References): Tree {
  const found: Tree = {};
  for (const [path, column] of Object.entries(columns)) {
    const value: unknown = readField(column, wire, references);
    const isDefault = isDeepStrictEqual(meaningOf(column, value), meaningOf(column, undefined));
    if (!isDefault) setAt(found, path, value);
    // Docker leaves a zero out of what it answers.
    else if (column.required === true) setAt(found, path, value ?? column.fallback);
  }
  return found;
}

/** The live object in the known spelling, column by column. */
function spelled(columns: Table, live: Tree, known: Tree): Tree {
  const shown: Tree = {};
  for (const [path, column] of Object.entries(columns)) {
    const value: unknown = shownValue(column, getAt(live, path), getAt(known, path));
    if (value !== undefined) setAt(shown, path, value);
  }
  return shown;
}

function below<Value>(path: string, found: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(found).map(([rest, value]) => [joinPaths(path, rest), value]),
  );
}

function byKnownPlace(one: Pair, other: Pair): number {
  return (one.before ?? Number.MAX_SAFE_INTEGER) - (other.before ?? Number.MAX_SAFE_INTEGER);
}
