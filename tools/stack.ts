import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { namedStack, parseStackArguments } from "./arguments";
import { type Backend, chooseBackend } from "./backend";
import { withExamples } from "./examples";
import type { Paths } from "./paths";
import { type Say, say } from "./progress";
import { providePulumi } from "./provide";
import { askPulumi, runPulumi, type Session } from "./session";
import { readStackFile, type StackFile, stackFilePath } from "./stack-file";
import { clearKilledRun, PROJECT, readSalt, stackExists } from "./stack-state";

/** The stack that the words after a task name. */
export interface ChosenStack {
  readonly stack: string;
  readonly backend: Backend;
  readonly file: StackFile;
  /** The words that are none of ours. */
  readonly rest: readonly string[];
}

/** A stack that Pulumi can be asked about. */
export interface OpenStack {
  readonly session: Session;
  readonly stack: string;
  /** Path of the configuration file that Pulumi is to be given. */
  readonly config: string;
}

/**
 * Reads what a task is to be done to; changes nothing of it.
 *
 * @throws Error with the way out when a word or the stack's file is not as it must be
 */
export async function chooseStack(paths: Paths, words: readonly string[]): Promise<ChosenStack> {
  const { stack, configFile, examples, rest } = parseStackArguments(words);
  const backend = await chooseBackend(paths);
  const declared = await readStackFile(paths.root, stack, configFile);
  return { stack, backend, file: await withExamples(paths, backend, declared, examples), rest };
}

/**
 * Gets Pulumi where it is not there yet, and prepares the stack.
 *
 * @param lab - whose base image is to be built meanwhile
 * @throws Error with the way out when something is missing
 */
export async function openStack(
  paths: Paths,
  { stack, backend, file }: ChosenStack,
  lab?: StackFile["lab"],
): Promise<OpenStack> {
  const session = { paths, backend, pulumi: await providePulumi(paths, { lab }) };
  return { session, stack, config: await prepareStack(session, stack, file, say) };
}

/**
 * Makes the stack for which a command of Pulumi's own sets or reads configuration, where its file is here and the stack
 * is not yet: a secret is encrypted for a stack, and the login is set before there is anything to preview.
 *
 * @throws Error with what Pulumi said when the stack cannot be made
 */
export async function provideConfigured(session: Session, words: readonly string[]): Promise<void> {
  const stack = words[0] === "config" ? namedStack(words) : undefined;
  if (stack === undefined || !existsSync(stackFilePath(session.paths.root, stack))) return;
  if (session.backend.own && (await stackExists(session.paths, stack))) return;
  await prepareStack(session, stack, await readStackFile(session.paths.root, stack), say);
}

/** A stack's configuration as JSON, its secrets decrypted. */
export async function configurationOf({ session, stack, config }: OpenStack): Promise<string> {
  return askPulumi(session, ["config", "--json", "--stack", stack, "--config-file", config]);
}

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
