/** A property path taken apart: object keys and array indexes. */
export type Path = readonly (string | number)[];

const PLAIN_KEY = /^[A-Za-z_$][\w$-]*$/;

/**
 * A path in the words of Pulumi (`ports[0].published`, `labels["com.example/tier"]`). A key with a hyphen is plain
 * (`hosts.web-2.role`), as Pulumi's own parser reads it.
 */
export function formatPath(path: Path): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (!PLAIN_KEY.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === "" ? part : `.${part}`;
  }
  return text;
}

const TOKEN = /\.?([^.[\]"]+)|\[(\d+|\*)\]|\[("(?:[^"\\]|\\.)*")\]/y;

/** The opposite of `formatPath`; `*` stays as it is. Text that is no path is one key. */
export function parsePath(text: string): Path {
  const parts: (string | number)[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (match === null) return [text];
    const [, key, index, quoted] = match;
    if (key !== undefined) parts.push(key);
    else if (quoted !== undefined) parts.push(JSON.parse(quoted) as string);
    else if (index === "*") parts.push("*");
    else parts.push(Number(index));
  }
  return parts;
}

/** Whether `prefix` is `path` or an ancestor of it; `*` in the prefix stands for any one part. */
export function isWithin(path: Path, prefix: Path): boolean {
  return (
    prefix.length <= path.length &&
    prefix.every((part, i) => part === "*" || String(part) === String(path[i]))
  );
}

/** Whether one of the two paths contains the other. */
export function overlaps(a: Path, b: Path): boolean {
  return isWithin(a, b) || isWithin(b, a);
}

/** The value at a path; undefined where there is nothing. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const part of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** A copy of `root` with another value at the path; undefined removes the property. The parents must be there. */
export function withValueAt<T>(root: T, path: Path, value: unknown): T {
  const [first, ...rest] = path;
  if (first === undefined) return value as T;
  if (typeof root !== "object" || root === null) return root;
  const copy = (Array.isArray(root) ? [...(root as unknown[])] : { ...root }) as Record<
    string | number,
    unknown
  >;
  const changed = rest.length === 0 ? value : withValueAt(copy[first], rest, value);
  if (changed === undefined && !Array.isArray(copy)) Reflect.deleteProperty(copy, first);
  else copy[first] = changed;
  return copy as T;
}
