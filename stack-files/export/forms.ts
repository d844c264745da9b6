import type { Written } from "./yaml";

/** What is said of it; undefined where nothing is. */
export function nonEmpty(
  part: Readonly<Record<string, Written>>,
): Record<string, Written> | undefined {
  const entries = Object.entries(part).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Entries by their keys, sorted. */
export function sorted<Value>(entries: Readonly<Record<string, Value>>): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}
