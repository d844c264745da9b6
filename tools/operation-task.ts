import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Backend } from "./backend";
import type { Paths } from "./paths";
import { runAttached } from "./process";
import { askPulumi } from "./session";
import { chooseStack, configurationOf, type OpenStack, openStack } from "./stack";
import { withStackLock } from "./stack-state";

/** What Pulumi cannot do for a swarm. */
export const operationTasks = ["backup", "restore", "recover"] as const;
/** One of {@link operationTasks}. */
export type OperationTask = (typeof operationTasks)[number];

/**
 * Runs an operation of `operations/main.ts` with the stack's configuration, passphrase and unlock key, which go over its
 * standard input.
 *
 * @returns the exit code
 * @throws Error with the way out when something is missing
 */
export async function runOperationTask(
  task: OperationTask,
  paths: Paths,
  words: readonly string[],
): Promise<number> {
  const chosen = await chooseStack(paths, words);
  const { stack, rest } = chosen;
  const passphrase = await passphraseOf(chosen.backend, process.env);
  const opened = await openStack(paths, chosen);
  const configuration = await configurationOf(opened);
  const unlockKey = task === "recover" ? await unlockKeyOf(opened) : "";
  const handed = { configuration: JSON.parse(configuration) as object, passphrase, unlockKey };
  const input = JSON.stringify(handed);
  const program = join(paths.dist, "operations", "main.js");
  return withStackLock(opened.session, stack, () =>
    runAttached(process.execPath, [program, task, "--stack", stack, ...rest], { input }),
  );
}

interface Deployment {
  readonly deployment?: {
    readonly resources?: readonly {
      readonly type: string;
      readonly outputs?: { readonly unlockKey?: { readonly plaintext?: string } | string };
    }[];
  };
}

/** The unlock key in the stack's state; empty when there is none. */
async function unlockKeyOf({ session, stack }: OpenStack): Promise<string> {
  const exported = await askPulumi(session, ["stack", "export", "--stack", stack]);
  const state = JSON.parse(exported) as Deployment;
  const swarm = state.deployment?.resources?.find(({ type }) => type === "swarm:index:Swarm");
  const key = swarm?.outputs?.unlockKey;
  if (key === undefined) return "";
  // Pulumi writes a secret's text as JSON.
  return typeof key === "string" ? key : (JSON.parse(key.plaintext ?? '""') as string);
}

/**
 * The passphrase that the stack's secrets are encrypted with: backups are, too.
 *
 * @throws Error when the secrets are encrypted by a service, which has no passphrase
 */
async function passphraseOf(
  { environment }: Pick<Backend, "environment">,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  if (env.PULUMI_CONFIG_PASSPHRASE !== undefined && env.PULUMI_CONFIG_PASSPHRASE !== "")
    return env.PULUMI_CONFIG_PASSPHRASE;
  const file = env.PULUMI_CONFIG_PASSPHRASE_FILE ?? environment.PULUMI_CONFIG_PASSPHRASE_FILE ?? "";
  const text = file === "" ? "" : (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  if (text !== "") return text;
  throw new Error(
    "PULUMI_CONFIG_PASSPHRASE_FILE: got nothing; expected the path of a file with a passphrase, which backups are encrypted with.",
  );
}
