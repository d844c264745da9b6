import { isMap, isScalar, parseDocument, type Document, type Pair, type YAMLMap } from "yaml";

/** A text to put under a path of a stack's file. */
export interface Entry {
  /** `["hosts", "web-1", "hostKey"]`, below `config:` and without the namespace. */
  readonly path: readonly string[];
  readonly value: string;
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A stack's file with texts put into it. Not a character besides is changed: comments, blank lines and the layout stay.
 *
 * @throws Error naming the path that the file has no place for
 */
export function withEntries(text: string, entries: readonly Entry[]): string {
  const document = parseDocument(text);
  const splices = entries.map((entry) => spliceFor(document, text, entry));
  const edited = splices
    .sort((a, b) => b.start - a.start)
    .reduce(
      (whole, { start, end, text: part }) => whole.slice(0, start) + part + whole.slice(end),
      text,
    );
  for (const { path, value } of entries)
    if (parseDocument(edited).getIn(fullPath(path)) !== value) throw noPlace(path);
  return edited;
}

function fullPath([top = "", ...below]: readonly string[]): string[] {
  return ["config", `swarm:${top}`, ...below];
}

function spliceFor(document: Document, text: string, { path, value }: Entry): Splice {
  const keys = fullPath(path);
  const parent = document.getIn(keys.slice(0, -1), true);
  if (!isMap(parent)) throw noPlace(path);
  const name = keys.at(-1) ?? "";
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === name);
  const present = isScalar(pair?.value) ? pair.value.range : undefined;
  if (present) {
    const [start, end] = present;
    const before = /\s/.test(text[start - 1] ?? " ") ? "" : " ";
    const after = text.slice(start, end).endsWith("\n") ? "\n" : "";
    return { start, end, text: `${before}${value}${after}` };
  }
  return pair === undefined ? insertion(parent, text, { name, value }, path) : fail(path);
}

/** A new key goes behind the address, or the first key that there is. */
function insertion(
  parent: YAMLMap,
  text: string,
  { name, value }: { readonly name: string; readonly value: string },
  path: readonly string[],
): Splice {
  const items: readonly Pair[] = parent.items;
  const anchor = items.find(({ key }) => isScalar(key) && key.value === "address") ?? items.at(0);
  const [key, end] = [rangeOf(anchor?.key)?.[0], rangeOf(anchor?.value)?.[1]];
  if (key === undefined || end === undefined) return fail(path);
  if (parent.flow === true) return { start: end, end, text: `, ${name}: ${value}` };
  const lineEnd = text.indexOf("\n", end);
  const at = lineEnd < 0 ? text.length : lineEnd;
  const indent = text.slice(text.lastIndexOf("\n", key - 1) + 1, key).replace(/[^ ]/g, " ");
  return { start: at, end: at, text: `\n${indent}${name}: ${value}` };
}

function rangeOf(node: unknown): readonly number[] | undefined {
  return (node as { range?: readonly number[] | null } | null | undefined)?.range ?? undefined;
}

function fail(path: readonly string[]): never {
  throw noPlace(path);
}

function noPlace(path: readonly string[]): Error {
  return new Error(
    `${path.join(".")}: the file has no place for it under config: swarm:${path[0] ?? ""}; expected maps, written out. Put it there by hand.`,
  );
}
