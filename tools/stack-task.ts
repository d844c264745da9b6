import { join } from "node:path";
import { runExportTask } from "./adoption-task";
import { addedFlags, type StackTask } from "./arguments";
import { chooseBackend } from "./backend";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { say } from "./progress";
import { runPreview } from "./preview";
import { isJson, runEvents } from "./record";
import { providePulumi } from "./provide";
import { sessionEnvironment } from "./session";
import {
  type ChosenStack,
  chooseStack,
  configurationOf,
  type OpenStack,
  openStack,
  provideConfigured,
} from "./stack";
import { stackExists } from "./stack-state";

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
  const chosen = await chooseStack(paths, words);
  const { file, rest } = chosen;
  if (task === "destroy" && !(await mayExist(paths, chosen))) {
    return file.lab === undefined ? 0 : removeLab(paths);
  }
  const opened = await openStack(paths, chosen, task === "up" ? file.lab : undefined);
  const { session, stack, config } = opened;
  const risk = backendRisk(chosen);
  if (risk !== undefined) say(risk);
  const terminal = process.stdin.isTTY && process.stdout.isTTY;
  const added = addedFlags(task, rest, { terminal, lab: file.lab !== undefined });
  const all = [task, "--stack", stack, "--config-file", config, ...added, ...rest];
  if (task === "preview") return runPreview(session, all);
  const isRead = isJson(rest);
  const code = isRead
    ? await runEvents(session, all)
    : await runAttached(session.pulumi.command, all, {
        cwd: paths.root,
        environment: sessionEnvironment(session),
      });
  if (code !== 0 || !isWhole(rest)) return code;
  if (task === "up" && !isRead) return showStatus(opened, ["--wait", "90"]);
  // What a killed run left of the lab is not in the state.
  if (task === "destroy" && file.lab !== undefined) return removeLab(paths);
  return 0;
}

/**
 * What is lost with the clone when it keeps the state of machines that exist, and the passphrase of their secrets, in
 * itself; undefined for a lab, which goes with it anyway, and where the user has chosen.
 */
export function backendRisk({ backend, file, stack }: ChosenStack): string | undefined {
  if (file.lab !== undefined || backend.environment.PULUMI_BACKEND_URL === undefined)
    return undefined;
  if (backend.environment.PULUMI_CONFIG_PASSPHRASE_FILE === undefined) return undefined;
  return (
    `stack ${stack}: its state and the passphrase of its secrets are in this clone alone (.swarm/state, ` +
    ".swarm/passphrase), and whoever reads the folder reads the secrets. For machines that exist choose a backend " +
    "(pulumi login) or give a passphrase of your own (PULUMI_CONFIG_PASSPHRASE_FILE)."
  );
}

/** Whether a command did all it could: not when the user picked resources, or only looked. */
export function isWhole(rest: readonly string[]): boolean {
  return !rest.some((word) => /^(-t|--target|--exclude|-x|--preview-only|--help|-h)\b/.test(word));
}

/** Says so when the clone's own backend does not know the stack; a backend elsewhere is asked by Pulumi. */
export async function mayExist(paths: Paths, { backend, stack }: ChosenStack): Promise<boolean> {
  if (!backend.own || (await stackExists(paths, stack))) return true;
  say(`stack ${stack}: never made in this clone`);
  return false;
}

/**
 * What the cluster says of itself, as `status/main.ts` shows it.
 *
 * @returns the exit code: that of `status/main.ts`, 2 for a stack that was never made
 */
export async function runStatusTask(paths: Paths, words: readonly string[]): Promise<number> {
  const chosen = await chooseStack(paths, words);
  if (!(await mayExist(paths, chosen))) return 2;
  return showStatus(await openStack(paths, chosen), chosen.rest);
}

/**
 * The live map, or a file with the picture of a moment, as `map/main.ts` makes them.
 *
 * @returns the exit code: that of `map/main.ts`, 2 for a stack that was never made
 */
export async function runMapTask(paths: Paths, words: readonly string[]): Promise<number> {
  const chosen = await chooseStack(paths, words);
  if (!(await mayExist(paths, chosen))) return 2;
  return runConfigured("map", await openStack(paths, chosen), chosen.rest);
}

function showStatus(opened: OpenStack, words: readonly string[]): Promise<number> {
  return runConfigured("status", opened, words);
}

/** The configuration may hold passwords: Pulumi decrypts it, and it goes on over standard input. */
async function runConfigured(
  room: "map" | "status",
  opened: OpenStack,
  words: readonly string[],
): Promise<number> {
  const { session, stack } = opened;
  const input = await configurationOf(opened);
  const program = join(session.paths.dist, room, "main.js");
  return runAttached(process.execPath, [program, "--stack", stack, ...words], { input });
}

/**
 * The lab's own commands.
 *
 * @returns the exit code
 */
export function runLabTask(paths: Paths, words: readonly string[]): Promise<number> {
  return runAttached(process.execPath, [join(paths.dist, "lab", "main.js"), ...words]);
}

/**
 * What stack files mean, without a cluster.
 *
 * @returns the exit code
 */
export function runStackFilesTask(paths: Paths, words: readonly string[]): Promise<number> {
  if (words[0] === "export") return runExportTask(paths, words.slice(1));
  return runAttached(process.execPath, [join(paths.dist, "stack", "main.js"), ...words]);
}

function removeLab(paths: Paths): Promise<number> {
  return runLabTask(paths, ["remove"]);
}

/**
 * Any other command of Pulumi's with the clone's CLI, backend and passphrase: `npm run pulumi -- stack output`.
 *
 * @returns the exit code
 * @throws Error when the stack whose configuration it is about cannot be made
 */
export async function runPulumiTask(paths: Paths, words: readonly string[]): Promise<number> {
  const backend = await chooseBackend(paths);
  const pulumi = await providePulumi(paths, { lab: undefined });
  const session = { paths, pulumi, backend };
  await provideConfigured(session, words);
  const environment = sessionEnvironment(session);
  return runAttached(pulumi.command, words, { environment });
}
