/** A part of the configuration that may still be of any shape: the rules run beside the schema, not after it. */
export type Loose = Readonly<Record<string, unknown>>;

/** Keys and values of a map; none of anything else. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isMap(value) ? Object.entries(value) : [];
}

/** Whether it is a map, whatever is in it. */
export function isMap(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The hosts by name; one that is no map counts as an empty one. */
export function hostsOf(raw: Loose): [string, Loose][] {
  return entriesOf(raw.hosts).map(([name, host]) => [name, isMap(host) ? host : {}]);
}
