import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Say } from "./progress";
import { runPulumi, type Session } from "./session";
import type { StackFile } from "./stack-file";
import { clearKilledRun, PROJECT, readSalt, stackExists } from "./stack-state";

/**
 * Makes the stack where it does not exist yet, clears what a killed run left of it, and says which configuration file
 * Pulumi is to be given.
 *
 * With the clone's own passphrase that is a copy. Pulumi writes the salt of the passphrase into the file, every clone
 * has another passphrase, and so the committed file would be dirty in every clone. A file that says itself how its
 * secrets are encrypted is used as it is.
 *
 * @throws Error with what Pulumi said when the stack cannot be made
 */
export async function prepareStack(
  session: Session,
  stack: string,
  file: StackFile,
  say: Say,
): Promise<string> {
  if (!session.backend.own) {
    await runPulumi(session, session.paths.root, ["stack", "select", "--create", stack]);
    return file.path;
  }
  await mkdir(session.paths.stacks, { recursive: true });
  await clearKilledRun(session, stack, say);
  if (!(await stackExists(session.paths, stack))) {
    // In a folder with a project file of its own, so that the salt does not go into the committed file.
    const project = `name: ${PROJECT}\nruntime: nodejs\n`;
    await writeFile(join(session.paths.stacks, "Pulumi.yaml"), project);
    const { root, stacks } = session.paths;
    const folder = file.encrypted ? root : stacks;
    await runPulumi(session, folder, ["stack", "init", "--no-select", stack]);
  }
  if (file.encrypted) return file.path;
  const copy = join(session.paths.stacks, basename(file.path));
  const salt = await readSalt(session.paths, stack);
  const text = salt === undefined ? file.text : `${file.text.trimEnd()}\nencryptionsalt: ${salt}\n`;
  await writeFile(copy, text, { mode: 0o600 });
  return copy;
}
