import { z } from "zod";
import { isUnknown } from "../value";
import type { Changes, Form } from "./form";
import { childPath } from "./paths";
import { expecting } from "./scalars";

/** Key → text. */
export type TextMap = Record<string, string>;

function sortedMap(map: TextMap): TextMap {
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What changes between two maps, key by key. */
function compareMaps(old: TextMap, news: TextMap): Changes {
  const changes: Changes = {};
  for (const key of Object.keys({ ...old, ...news }).sort()) {
    const [before, after] = [old[key], news[key]];
    if (before === after) continue;
    const kind = before === undefined ? "add" : after === undefined ? "delete" : "update";
    changes[childPath("", key)] = kind;
  }
  return changes;
}

function mapForm(
  toWire: (map: TextMap) => unknown,
  toUser: (wire: unknown) => TextMap,
): Form<TextMap> {
  return {
    schema: z.record(z.string(), z.string(expecting("text"))),
    toWire: (map) => toWire(sortedMap(map)),
    toUser,
    normal: sortedMap,
    compare: compareMaps,
  };
}

/** Key → text, as Docker keeps labels and options. */
export const textMap: Form<TextMap> = mapForm(
  (map) => map,
  (wire) => ({ ...(wire as TextMap) }),
);

function splitAt(line: string, separator: string): [string, string] {
  const at = line.indexOf(separator);
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

/** Key → text, which Docker keeps as `KEY=value` lines. */
export const assignments: Form<TextMap> = mapForm(
  (map) => Object.entries(map).map(([key, value]) => `${key}=${value}`),
  (wire) => Object.fromEntries((wire as string[]).map((line) => splitAt(line, "="))),
);

const wordList = z.array(z.string(expecting("text")), expecting("a list of texts"));

/** A list of words whose order counts. */
export const words: Form<string[]> = {
  schema: wordList,
  toWire: (value) => [...value],
  toUser: (wire) => [...(wire as string[])],
};

/** A list of words whose order counts. `spell` brings a word into Docker's own spelling. */
export function spelledWords(spell: (word: string) => string): Form<string[]> {
  const normal = (value: string[]): string[] =>
    value.map((word) => (isUnknown(word) ? word : spell(word)));
  return { ...words, toWire: normal, normal };
}

/** A list of words whose order means nothing. `spell` brings a word into Docker's own spelling. */
export function wordSet(spell: (word: string) => string = (word) => word): Form<string[]> {
  const normal = (value: string[]): string[] =>
    [...new Set(value.map((word) => (isUnknown(word) ? word : spell(word))))].sort();
  return { ...words, toWire: normal, normal };
}

/** A list of words, each kept by Docker in an object of its own. Its order counts. */
export function wrappedWords(
  wrap: (word: string) => unknown,
  unwrap: (wire: unknown) => string,
): Form<string[]> {
  return {
    schema: wordList,
    toWire: (value) => value.map(wrap),
    toUser: (wire) => (wire as unknown[]).map(unwrap),
  };
}
