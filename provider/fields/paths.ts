/** Any JSON object: a Docker spec, or the arguments of a resource. */
export type Tree = Record<string, unknown>;

/** Whether a value is an object with keys (neither a list nor null). */
export function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Parts of the paths that tables are made of: a preview goes each of them some times for each resource. */
const known = new Map<string, readonly string[]>();

function partsOf(path: string): readonly string[] {
  const before = known.get(path);
  if (before !== undefined) return before;
  const parts = path.split(".");
  known.set(path, parts);
  return parts;
}

/** The value at a dotted path, or undefined where any part of the way is missing. */
export function getAt(tree: Tree, path: string): unknown {
  let here: unknown = tree;
  for (const part of partsOf(path)) {
    if (!isTree(here)) return undefined;
    here = here[part];
  }
  return here ?? undefined;
}

/**
 * Sets the value at a dotted path and makes the objects on the way. Undefined removes the last key, and the objects on
 * the way that have nothing else: Docker takes some empty ones for a mistake.
 */
export function setAt(tree: Tree, path: string, value: unknown): void {
  if (value === undefined) {
    removeAt(tree, partsOf(path));
    return;
  }
  const parts = partsOf(path);
  const last = parts.at(-1) ?? path;
  let here = tree;
  for (const part of parts.slice(0, -1)) {
    const next = here[part];
    if (isTree(next)) {
      here = next;
      continue;
    }
    const made: Tree = {};
    here[part] = made;
    here = made;
  }
  here[last] = value;
}

function removeAt(tree: Tree, [key = "", ...rest]: readonly string[]): void {
  const below = tree[key];
  if (rest.length > 0) {
    if (!isTree(below) || Object.keys(below).length === 0) return;
    removeAt(below, rest);
    // An engine also writes out the texts that are not set.
    if (Object.values(below).some((value) => value !== "")) return;
  }
  Reflect.deleteProperty(tree, key);
}

/** One key or index below a path, in Pulumi's notation: `labels["com.example.tier"]`, `env.MODE`, `ports[0]`. */
export function childPath(base: string, key: string | number): string {
  if (typeof key === "number") return `${base}[${key}]`;
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${base}[${JSON.stringify(key)}]`;
  return joinPaths(base, key);
}

/** A path below another: `("ports[0]", "published")` → `ports[0].published`, `("ports", "[0]")` → `ports[0]`. */
export function joinPaths(base: string, below: string): string {
  if (base === "" || below === "" || below.startsWith("[")) return `${base}${below}`;
  return `${base}.${below}`;
}
