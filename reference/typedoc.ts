import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** More than a busy machine needs. */
const LONGEST_MILLISECONDS = 300_000;

/**
 * Writes the reference of the public door into a folder, in place of what is in it; typedoc.json says how.
 *
 * @throws Error with what TypeDoc says, such as an export without a doc comment
 */
export function makeReference(root: string, folder: string): void {
  const program = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const { status, stdout, stderr, error } = spawnSync(
    process.execPath,
    [program, "--out", folder, "--logLevel", "Warn"],
    { cwd: root, encoding: "utf8", timeout: LONGEST_MILLISECONDS },
  );
  if (error !== undefined) throw error;
  if (status !== 0)
    throw new Error(`typedoc: ended with code ${status}:\n${stdout}${stderr}`.trim());
}
