import { linkSync, mkdirSync, existsSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Content by path from the project's folder. */
export type Files = Readonly<Record<string, string | Buffer>>;

/** @throws Error that names every file that is there already */
export function refuseOverwriting(paths: readonly string[]): void {
  const there = paths.filter((path) => existsSync(path)).sort();
  if (there.length === 0) return;
  throw new Error(
    `${there.join(", ")}: there already; expected a new file, because nothing is overwritten. Move it away, or choose another name. Nothing was written.`,
  );
}

/**
 * Writes all files or none: each beside its place first, and all into their places in the end.
 *
 * @throws Error when one is there already, or cannot be written
 */
export function writeFiles(files: Files): void {
  const paths = Object.keys(files).sort();
  refuseOverwriting(paths);
  const temporary = (path: string): string => `${path}.${process.pid}.tmp`;
  const placed: string[] = [];
  try {
    for (const path of paths) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(temporary(path), files[path] ?? "", { flag: "wx" });
    }
    for (const path of paths) {
      // A link, unlike a rename, takes the place of nothing that somebody has made meanwhile.
      linkSync(temporary(path), path);
      placed.push(path);
    }
  } catch (error) {
    for (const path of placed) rmSync(path, { force: true });
    throw error;
  } finally {
    for (const path of paths) rmSync(temporary(path), { force: true });
  }
}
