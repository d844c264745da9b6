import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { addedFlags, parseStackArguments, type StackTask } from "./arguments";
import { chooseBackend } from "./backend";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import type { Say } from "./progress";
import { providePulumi } from "./provide";
import { type Session, sessionEnvironment } from "./session";
import { prepareStack } from "./stack";
import { readStackFile, type StackFile } from "./stack-file";
import { stackExists } from "./stack-state";

const say: Say = (line) => {
  console.log(line);
};

/**
 * `up`, `preview`, `refresh` and `destroy`: the same command of Pulumi's, with everything around it seen to.
 *
 * @returns the exit code
 * @throws Error with the way out when something is missing
 */
export async function runStackTask(
  task: StackTask,
  paths: Paths,
  words: readonly string[],
): Promise<number> {
  const { stack, configFile, rest } = parseStackArguments(words);
  const file = await readStackFile(paths.root, stack, configFile);
  const pulumi = await providePulumi(paths, { lab: file.lab && task === "up" });
  const session = { paths, pulumi, backend: await chooseBackend(paths, pulumi) };
  if (task === "destroy" && session.backend.own && !(await stackExists(paths, stack))) {
    say(`stack ${stack}: never made in this clone`);
    return file.lab ? removeLab(paths) : 0;
  }
  const code = await runOn(session, task, stack, file, rest);
  if (code !== 0) return code;
  if (task === "up") return showStatus(session, stack, file, []);
  // What a killed run left of the lab is not in the state.
  if (task === "destroy" && file.lab && isWhole(rest)) return removeLab(paths);
  return 0;
}

/** Whether a destroy takes everything away: not when the user picked resources, or only looked. */
export function isWhole(rest: readonly string[]): boolean {
  return !rest.some((word) => /^(-t|--target|--exclude|-x|--preview-only|--help|-h)\b/.test(word));
}

async function runOn(
  session: Session,
  task: StackTask,
  stack: string,
  file: StackFile,
  rest: readonly string[],
): Promise<number> {
  const config = await prepareStack(session, stack, file, say);
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const added = addedFlags(task, rest, { terminal, lab: file.lab });
  return runAttached(
    session.pulumi.command,
    [task, "--stack", stack, "--config-file", config, ...added, ...rest],
    { cwd: session.paths.root, environment: sessionEnvironment(session) },
  );
}

/**
 * What the cluster says of itself, as `status/main.ts` shows it.
 *
 * @returns the exit code
 */
export async function runStatusTask(paths: Paths, words: readonly string[]): Promise<number> {
  const { stack, configFile, rest } = parseStackArguments(words);
  const file = await readStackFile(paths.root, stack, configFile);
  const pulumi = await providePulumi(paths, { lab: false });
  const session = { paths, pulumi, backend: await chooseBackend(paths, pulumi) };
  return showStatus(session, stack, file, rest);
}

/** The configuration may hold passwords: Pulumi decrypts it, and it goes on over standard input. */
async function showStatus(
  session: Session,
  stack: string,
  file: StackFile,
  words: readonly string[],
): Promise<number> {
  const config = await prepareStack(session, stack, file, () => undefined);
  const { stdout } = await promisify(execFile)(
    session.pulumi.command,
    ["config", "--json", "--show-secrets", "--stack", stack, "--config-file", config],
    {
      cwd: session.paths.root,
      env: { ...process.env, ...sessionEnvironment(session) },
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  const program = join(session.paths.dist, "status", "main.js");
  return runAttached(process.execPath, [program, "--stack", stack, ...words], { input: stdout });
}

/**
 * The lab's own commands.
 *
 * @returns the exit code
 */
export function runLabTask(paths: Paths, words: readonly string[]): Promise<number> {
  return runAttached(process.execPath, [join(paths.dist, "lab", "main.js"), ...words]);
}

function removeLab(paths: Paths): Promise<number> {
  return runLabTask(paths, ["remove"]);
}

/**
 * Any other command of Pulumi's with the clone's CLI, backend and passphrase: `npm run pulumi -- stack output`.
 *
 * @returns the exit code
 */
export async function runPulumiTask(paths: Paths, words: readonly string[]): Promise<number> {
  const pulumi = await providePulumi(paths, { lab: false });
  const backend = await chooseBackend(paths, pulumi);
  const environment = sessionEnvironment({ paths, pulumi, backend });
  return runAttached(pulumi.command, words, { environment });
}
