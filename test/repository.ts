import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

/** This repository. */
export const repository = join(__dirname, "..");

/**
 * Lays the repository's files without its history: those that git knows, and new ones that it does not ignore.
 *
 * @returns their paths in the folder
 */
export function copyFiles(directory: string): string[] {
  const words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = execFileSync("git", words, { cwd: repository, encoding: "utf8" });
  // What was removed and not yet committed is still listed.
  const isThere = (name: string): boolean => name !== "" && existsSync(join(repository, name));
  const files = listed.split("\0").filter(isThere);
  return files.map((file) => {
    const copy = join(directory, file);
    mkdirSync(dirname(copy), { recursive: true });
    cpSync(join(repository, file), copy);
    return copy;
  });
}
