import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStackArguments } from "./arguments";
import { chooseBackend, type Backend } from "./backend";
import type { Paths } from "./paths";
import { runAttached, runGathered } from "./process";
import { providePulumi } from "./provide";
import { type Session, sessionEnvironment } from "./session";
import { prepareStack } from "./stack";
import { readStackFile } from "./stack-file";

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
  const { stack, configFile, rest } = parseStackArguments(words);
  const file = await readStackFile(paths.root, stack, configFile);
  const backend = await chooseBackend(paths);
  const passphrase = await passphraseOf(backend, process.env);
  const session = { paths, backend, pulumi: await providePulumi(paths, { lab: undefined }) };
  const config = await prepareStack(session, stack, file, (line) => {
    console.log(line);
  });
  const configuration = await ask(session, [
    ...["config", "--json", "--show-secrets"],
    ...["--stack", stack, "--config-file", config],
  ]);
  const unlockKey = task === "recover" ? await unlockKeyOf(session, stack) : "";
  const handed = { configuration: JSON.parse(configuration) as object, passphrase, unlockKey };
  const input = JSON.stringify(handed);
  const program = join(paths.dist, "operations", "main.js");
  return runAttached(process.execPath, [program, task, "--stack", stack, ...rest], { input });
}

/** What a command of Pulumi's prints; it may be secret, so it is shown nowhere. */
async function ask(session: Session, words: readonly string[]): Promise<string> {
  const { code, output } = await runGathered(session.pulumi.command, words, {
    cwd: session.paths.root,
    environment: sessionEnvironment(session),
    showErrors: true,
  });
  if (code !== 0) throw new Error(`pulumi ${words[0] ?? ""} ended with code ${code}, see above`);
  return output;
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
async function unlockKeyOf(session: Session, stack: string): Promise<string> {
  const state = JSON.parse(
    await ask(session, ["stack", "export", "--show-secrets", "--stack", stack]),
  ) as Deployment;
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
