import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Absolute path of a folder of this project, the same from the sources and from a bundle in `dist/`.
 *
 * @throws Error when the folder is not there
 */
export function sourceFolder(path: string): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const found = join(folder, path);
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) {
      throw new Error(
        `${path}: not found in ${__dirname} or a folder above it; expected this program inside its clone. ` +
          "Run it from the clone, or restore the folder with git checkout.",
      );
    }
  }
}

/** Hash over names, modes and contents of the files in a folder, TypeScript left out: what a recipe is made of. */
export function folderHash(folder: string): string {
  const hash = createHash("sha256");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  for (const name of names) {
    const path = join(folder, name);
    const { mode } = statSync(path);
    if (name.endsWith(".ts") || statSync(path).isDirectory()) continue;
    hash.update(`${name}\0${(mode & 0o111) === 0 ? "file" : "program"}\0`);
    hash.update(createHash("sha256").update(readFileSync(path)).digest());
  }
  return hash.digest("hex");
}
