import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { join } from "node:path";
import type { Paths } from "./paths";
import type { Say } from "./progress";
import { runPulumi, type Session } from "./session";
import { shortName } from "./stack-file";

/** Name of the project in Pulumi.yaml. */
export const PROJECT = "swarm";

/** Whether the clone's own backend knows the stack. */
export async function stackExists(paths: Paths, stack: string): Promise<boolean> {
  return (await readState(paths, stack)) !== undefined;
}

interface State {
  readonly checkpoint?: {
    readonly latest?: {
      readonly secrets_providers?: { readonly state?: { readonly salt?: string } };
      readonly pending_operations?: readonly unknown[];
    };
  };
}

async function readState(paths: Paths, stack: string): Promise<State | undefined> {
  const file = join(paths.state, ".pulumi", "stacks", PROJECT, `${shortName(stack)}.json`);
  try {
    return JSON.parse(await readFile(file, "utf8")) as State;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${file}: the state of stack ${stack} cannot be read: ${String(error)}`, {
      cause: error,
    });
  }
}

/** Salt of the passphrase that the stack's secrets are encrypted with; undefined for other kinds of encryption. */
export async function readSalt(paths: Paths, stack: string): Promise<string | undefined> {
  return (await readState(paths, stack))?.checkpoint?.latest?.secrets_providers?.state?.salt;
}

/** Locks that the clone's own backend holds for a stack: Pulumi's, and those of {@link withStackLock}. */
async function locksOf({ state }: Pick<Paths, "state">, stack: string): Promise<string[]> {
  const folder = lockFolder(state, stack);
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".json")).map((name) => join(folder, name));
}

function lockFolder(state: string, stack: string): string {
  return join(state, ".pulumi", "locks", "organization", PROJECT, shortName(stack));
}

/**
 * Runs what must not happen beside an `up`, under a lock that Pulumi itself respects. A run that goes on is not waited
 * for.
 *
 * @throws Error when a run of the stack goes on
 */
export async function withStackLock<T>(
  session: Session,
  stack: string,
  task: () => Promise<T>,
): Promise<T> {
  if (!session.backend.own) {
    await refuseBeside(session, stack);
    return task();
  }
  const folder = lockFolder(session.paths.state, stack);
  const lock = join(folder, `${randomUUID()}.json`);
  const holder = { pid: process.pid, hostname: hostname(), timestamp: new Date().toISOString() };
  await mkdir(folder, { recursive: true });
  await writeFile(lock, JSON.stringify({ ...holder, username: userInfo().username }));
  try {
    // Looked at after the own one is there: of two that begin at once none misses the other.
    if ((await locksOf(session.paths, stack)).length > 1) throw new Error(besideMessage(stack));
    return await task();
  } finally {
    await rm(lock, { force: true });
  }
}

/** A backend elsewhere is asked; there the lock is Pulumi's alone. */
async function refuseBeside(session: Session, stack: string): Promise<void> {
  const printed = await runPulumi(session, session.paths.root, ["stack", "ls", "--json"]);
  const stacks = JSON.parse(printed) as readonly { name: string; updateInProgress?: boolean }[];
  const isBusy = stacks.some(
    ({ name, updateInProgress }) =>
      shortName(name) === shortName(stack) && updateInProgress === true,
  );
  if (isBusy) throw new Error(besideMessage(stack));
}

function besideMessage(stack: string): string {
  return (
    `stack ${stack}: another run is at work on it, which may be restarting managers; expected none. ` +
    "Wait for its end, then try again."
  );
}

/** Clears what a killed run left in the clone's own backend. While a run goes on nothing is touched; Pulumi says so. */
export async function clearKilledRun(session: Session, stack: string, say: Say): Promise<void> {
  for (const lock of await locksOf(session.paths, stack)) {
    if (!(await isStale(lock))) return;
    await rm(lock, { force: true });
    await rm(`${lock}.attrs`, { force: true });
    say(`stack ${stack}: the last run was killed; its lock is cleared`);
  }
  const state = await readState(session.paths, stack);
  if ((state?.checkpoint?.latest?.pending_operations ?? []).length > 0) {
    await forgetPendingOperations(session, stack);
    say(`stack ${stack}: what the last run was at is looked for again`);
  }
}

/** Milliseconds by which a process may seem to begin after it took its lock. */
const CLOCK_MARGIN = 2000;

/** Whether the process that holds a lock is gone. Those of other machines, and what is not a lock, are left alone. */
async function isStale(lock: string): Promise<boolean> {
  const text = await readFile(lock, "utf8").catch(() => "");
  const pid = /"pid": *(\d+)/.exec(text)?.[1];
  if (pid === undefined || !text.includes(JSON.stringify(hostname()))) return false;
  // By name, too: after a restart of the machine the number may be somebody else's. One that was killed stays listed
  // as a zombie until its parent has taken note.
  const running = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  if (!/^Name:\s*(pulumi|node.*|MainThread)$/m.test(running) || /^State:\s*[ZX]/m.test(running))
    return true;
  // The number may be another run's by now: that one began after the lock was taken.
  const taken = Date.parse(/"timestamp": *"([^"]+)"/.exec(text)?.[1] ?? "");
  return !Number.isNaN(taken) && (await startOf(pid)) > taken + CLOCK_MARGIN;
}

/** When a process began, in milliseconds of this machine's clock. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
async function startOf(pid: string): Promise<number> {
  const [stat, uptime] = await Promise.all(
    [`/proc/${pid}/stat`, "/proc/uptime"].map((file) => readFile(file, "utf8")),
  );
  // The name in brackets may hold blanks; of what follows it the 20th is the start, in hundredths of a second since boot.
  const ticks = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19]);
  return Date.now() - (Number(uptime?.split(" ")[0]) - ticks / 100) * 1000;
}

/**
 * Forgets the operations that were under way when a run was killed; an import does so. Every resource type here takes
 * over what it finds, so that the next run goes on from there; Pulumi alone would warn about them for ever.
 *
 * @see https://www.pulumi.com/docs/support/troubleshooting/#interrupted-update-recovery
 */
async function forgetPendingOperations(session: Session, stack: string): Promise<void> {
  const file = join(session.paths.stacks, `${shortName(stack)}.pending.json`);
  const { root } = session.paths;
  await runPulumi(session, root, ["stack", "export", "--stack", stack, "--file", file]);
  await runPulumi(session, root, ["stack", "import", "--stack", stack, "--file", file]);
  await rm(file, { force: true });
}
