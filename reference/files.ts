import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Source } from "./troubleshooting";

/** What says nothing to those who use this program. */
const apart = new Set(["backups", "dist", "docs", "examples", "node_modules", "stacks", "test"]);

/** Whatever configures a tool of this project is none of its sources. */
const isSource = (name: string) =>
  /\.(tsx?|mjs|sh)$/.test(name) && !/\.(config\.mjs|d\.ts)$/.test(name);

/** The sources of this project, sorted by path, each with its text. */
export function readSources(root: string): Source[] {
  const top = readdirSync(root, { withFileTypes: true });
  const rooms = top.filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith(".") && !apart.has(entry.name),
  );
  const inside = rooms.flatMap(({ name }) =>
    filesUnder(join(root, name)).map((file) => `${name}/${file}`),
  );
  const files = [...top.filter((entry) => entry.isFile()).map(({ name }) => name), ...inside];
  return files
    .filter(isSource)
    .sort()
    .map((file) => ({ file, text: readFileSync(join(root, file), "utf8") }));
}

/** Paths of all files below a folder, from there, sorted; none where there is no such folder. */
export function filesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** Paths that are in one of two folders alone, or not the same in both; sorted. */
export function differences(one: string, other: string): string[] {
  const all = new Set([...filesUnder(one), ...filesUnder(other)]);
  return [...all].sort().filter((file) => {
    const [a, b] = [join(one, file), join(other, file)];
    return !existsSync(a) || !existsSync(b) || !readFileSync(a).equals(readFileSync(b));
  });
}
