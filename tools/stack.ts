import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { Backend } from "./backend";
import type { Paths } from "./paths";
import { runGathered } from "./process";
import type { Say } from "./progress";
import type { Pulumi } from "./pulumi";

/** A stack's configuration file, as far as the tasks need it. */
export interface StackFile {
  readonly path: string;
  readonly text: string;
  /** The hosts are machines of the lab on this machine. */
  readonly lab: boolean;
  /** The file says how its secrets are encrypted. */
  readonly encrypted: boolean;
}

/** A Pulumi and a backend to run it with. */
export interface Session {
  readonly paths: Paths;
  readonly pulumi: Pulumi;
  readonly backend: Backend;
}

const PROJECT = "swarm";

/** Environment of every `pulumi` of a session, in addition to the user's. */
export function sessionEnvironment(session: Session): Record<string, string> {
  return {
    TS_NODE_CACHE_DIRECTORY: session.paths.tsNode,
    ...session.pulumi.environment,
    ...session.backend.environment,
  };
}

/**
 * Reads `Pulumi.<stack>.yaml`. An organisation before the name (`acme/swarm/prod`) is not part of the file's name.
 *
 * @param file another file, from `--config-file`
 * @throws Error when there is no such file or it is not YAML
 */
export async function readStackFile(
  root: string,
  stack: string,
  file?: string,
): Promise<StackFile> {
  const path = file ?? join(root, `Pulumi.${stack.split("/").at(-1) ?? stack}.yaml`);
  const text = await readFile(path, "utf8").catch(async (error: unknown) => {
    const names = (await readdir(root)).flatMap(
      (name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? [],
    );
    const cause = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new Error(
      `--stack ${stack}: ${path} cannot be read (${cause}); expected the configuration of that stack. ` +
        `There are: ${names.sort().join(", ")}. Copy one of them.`,
    );
  });
  return { path, text, ...inspect(path, text) };
}

function inspect(
  path: string,
  text: string,
): { readonly lab: boolean; readonly encrypted: boolean } {
  let content: Readonly<Record<string, unknown>>;
  try {
    content = (parse(text) ?? {}) as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new Error(
      `${path}: not YAML: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
  const config = (content.config ?? {}) as Readonly<Record<string, unknown>>;
  const encryption = ["encryptionsalt", "encryptedkey", "secretsprovider"];
  return {
    lab: (config["swarm:lab"] ?? config.lab) !== undefined,
    encrypted: encryption.some((key) => content[key] !== undefined),
  };
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
    await pulumi(session, session.paths.root, ["stack", "select", "--create", stack]);
    return file.path;
  }
  await mkdir(session.paths.stacks, { recursive: true });
  if (await clearStaleLocks(session.paths, stack)) {
    say(`stack ${stack}: the last run was killed; its lock is cleared`);
    await forgetPendingCreates(session, stack);
  }
  if (file.encrypted) {
    if (!(await stackExists(session.paths, stack))) {
      await pulumi(session, session.paths.root, ["stack", "init", "--no-select", stack]);
    }
    return file.path;
  }
  if (!(await stackExists(session.paths, stack))) {
    // In a folder with a project file of its own, so that the salt does not go into the committed file.
    const project = `name: ${PROJECT}\nruntime: nodejs\n`;
    await writeFile(join(session.paths.stacks, "Pulumi.yaml"), project);
    await pulumi(session, session.paths.stacks, ["stack", "init", "--no-select", stack]);
  }
  const copy = join(session.paths.stacks, `Pulumi.${stack}.yaml`);
  const salt = await readSalt(session.paths, stack);
  const text = salt === undefined ? file.text : `${file.text.trimEnd()}\nencryptionsalt: ${salt}\n`;
  await writeFile(copy, text, { mode: 0o600 });
  return copy;
}

/** Whether the clone's own backend knows the stack. */
export async function stackExists(paths: Paths, stack: string): Promise<boolean> {
  return (await readState(paths, stack)) !== undefined;
}

interface State {
  readonly checkpoint?: {
    readonly latest?: {
      readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
    };
  };
}

async function readState(paths: Paths, stack: string): Promise<State | undefined> {
  const file = join(paths.state, ".pulumi", "stacks", PROJECT, `${stack}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file}: the state of stack ${stack} cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}

async function readSalt(paths: Paths, stack: string): Promise<string | undefined> {
  return (await readState(paths, stack))?.checkpoint?.latest?.secrets_providers?.state?.salt;
}

async function pulumi(session: Session, cwd: string, args: readonly string[]): Promise<string> {
  const { code, output } = await runGathered(
    session.pulumi.command,
    [...args, "--non-interactive", "--color", "never"],
    { cwd, environment: sessionEnvironment(session) },
  );
  if (code === 0) return output;
  throw new Error(`pulumi ${args.join(" ")} ended with code ${code}:\n${output}`);
}

/** Removes locks of runs on this machine whose process is gone; a living one's stays, Pulumi explains it. */
async function clearStaleLocks(paths: Paths, stack: string): Promise<boolean> {
  const folder = join(paths.state, ".pulumi", "locks", "organization", PROJECT, stack);
  const names = await readdir(folder).catch(() => []);
  let cleared = false;
  for (const name of names.filter((candidate) => candidate.endsWith(".json"))) {
    const path = join(folder, name);
    if (!(await isStale(path))) continue;
    await rm(path, { force: true });
    cleared = true;
  }
  return cleared;
}

async function isStale(lock: string): Promise<boolean> {
  const text = await readFile(lock, "utf8").catch(() => "{}");
  const { pid, hostname: host } = JSON.parse(text) as { pid?: number; hostname?: string };
  if (pid === undefined || host !== hostname()) return false;
  // By name, too: after a restart of the machine the number may be somebody else's.
  const running = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
  return running.trim() !== "pulumi";
}

/**
 * Forgets the creations that were under way when a run was killed. Every resource type here takes over what it finds,
 * so that the next run goes on from there; Pulumi alone would warn about them for ever.
 */
async function forgetPendingCreates(session: Session, stack: string): Promise<void> {
  const file = join(session.paths.stacks, `${stack}.pending.json`);
  const { root } = session.paths;
  await pulumi(session, root, ["stack", "export", "--stack", stack, "--file", file]);
  const exported = JSON.parse(await readFile(file, "utf8")) as {
    deployment?: { pending_operations?: readonly { readonly type: string }[] };
  };
  const pending = exported.deployment?.pending_operations;
  if (exported.deployment !== undefined && pending?.some(({ type }) => type === "creating")) {
    exported.deployment.pending_operations = pending.filter(({ type }) => type !== "creating");
    await writeFile(file, JSON.stringify(exported), { mode: 0o600 });
    await pulumi(session, root, ["stack", "import", "--stack", stack, "--file", file]);
  }
  await rm(file, { force: true });
}
