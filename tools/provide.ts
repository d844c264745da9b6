import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Paths } from "./paths";
import { type Ended, runGathered } from "./process";
import { findPulumi, type Pulumi } from "./pulumi";
import type { StackFile } from "./stack-file";

/** `flock`'s exit code for "somebody else has it". */
const CONFLICT = 75;
/** Seconds that another run's build is waited for. */
const LOCK_SECONDS = 3600;
/** Task of main.ts that gets the CLI; started here under a lock. */
export const GET_PULUMI_TASK = "get-pulumi";

/**
 * The CLI to use; gets it when it is not there, which takes minutes. For a lab its base image is built meanwhile,
 * and a machine that cannot have a lab is told so at once.
 *
 * @throws Error when either fails; what it is was printed
 */
export async function providePulumi(
  paths: Paths,
  options: { readonly lab: StackFile["lab"] },
): Promise<Pulumi> {
  const found = await findPulumi(paths);
  if (found !== undefined) return found;
  const stop = new AbortController();
  const work = [runPrefixed("pulumi", () => getUnderLock(paths, stop.signal))];
  const { lab } = options;
  if (lab !== undefined) {
    work.push(runPrefixed("lab", () => prepareLab(paths, lab, stop.signal)));
  }
  try {
    await Promise.all(work);
  } catch (error) {
    stop.abort();
    await Promise.allSettled(work);
    throw error;
  }
  const made = await findPulumi(paths);
  if (made === undefined)
    throw new Error(`Pulumi: ${paths.pulumiBin} lacks what was just put there`);
  return made;
}

async function runPrefixed(name: string, run: () => Promise<Ended>): Promise<void> {
  const { code } = await run();
  if (code !== 0) throw new Error(`${name}: ended with code ${code}, see above`);
}

const show = (name: string) => (line: string) => {
  console.log(`${name.padEnd(6)} │ ${line}`);
};

/** The lock belongs to the process that gets the CLI: the kernel frees it when that ends, in whatever way. */
async function getUnderLock(paths: Paths, signal: AbortSignal): Promise<Ended> {
  await mkdir(paths.locks, { recursive: true });
  const locked = (...options: readonly string[]) => {
    const flock = ["--no-fork", "--conflict-exit-code", String(CONFLICT), ...options];
    const command = [process.execPath, join(paths.dist, "tools", "main.js"), GET_PULUMI_TASK];
    const lock = join(paths.locks, "pulumi");
    return runGathered("flock", [...flock, lock, ...command], { signal }, show("pulumi"));
  };
  const first = await locked("--nonblock");
  if (first.code !== CONFLICT) return first;
  show("pulumi")("another run is getting it in this clone; waiting …");
  return locked("--timeout", String(LOCK_SECONDS));
}

function prepareLab(
  paths: Paths,
  { image }: { readonly image?: string },
  signal: AbortSignal,
): Promise<Ended> {
  const options = image === undefined ? [] : ["--image", image];
  const command = [join(paths.dist, "lab", "main.js"), ...options, "prepare"];
  return runGathered(process.execPath, command, { signal }, show("lab"));
}
