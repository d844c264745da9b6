/**
 * `npm run logs` and `npm run exec`: what tasks say, and commands in them, wherever they run.
 *
 *   node dist/tasks/main.js logs --stack NAME WORD… [--since WHEN] [--tail N] [--grep PATTERN [-i]] [--no-follow] [-t]
 *   node dist/tasks/main.js exec --stack NAME TASK [--user USER] [--workdir PATH] [--env NAME] [-- COMMAND…]
 *
 * The configuration comes over file descriptor 3, because it may hold passwords and standard input is the command's:
 * `{"swarm:hosts": {"value": "…"}, …}`. Exit code of `logs`: 0; 1 when it cannot be done. Of `exec`: the command's own;
 * 125 when it cannot be run.
 */
import { createReadStream } from "node:fs";
import { text } from "node:stream/consumers";
import { labProviderArgs } from "../components/lab-args";
import { messageOf } from "../hosts/errors";
import { printable } from "../hosts/printable";
import { openLab } from "../lab/open";
import { configurationSchema } from "../cluster/configuration";
import { openEnvironment } from "../cluster/environment";
import type { Environment } from "../cluster/environment";
import { type HandedConfiguration, parseHanded } from "../settings/handed";
import { execute, parseExecArguments } from "./exec";
import { parseLogArguments, showLogs } from "./logs";
import { ownTerminal } from "./terminal";

/** As `docker exec` says that it could not run a command. */
const NOT_RUN = 125;

/** Somebody waits at the terminal: who does not answer by then is told of. */
const ANSWER_SECONDS = 10;

const CONFIGURATION = 3;

async function main(verb: string, words: readonly string[]): Promise<number> {
  const [flag, stack = "", ...rest] = words;
  if (flag !== "--stack") throw new Error('got no stack; expected "--stack NAME" first');
  if (verb === "exec") {
    const wish = parseExecArguments(rest);
    const { stdin: input, stdout: output, stderr: errors } = process;
    const ends = { input, output, errors, terminal: ownTerminal() };
    return inEnvironment(stack, async (environment) => execute(environment, wish, ends));
  }
  if (verb !== "logs") throw new Error(`got "${verb}"; expected logs or exec`);
  const wish = parseLogArguments(rest, Date.now());
  const stop = new AbortController();
  const onEnd = (): void => {
    stop.abort();
  };
  process.on("SIGINT", onEnd).on("SIGTERM", onEnd);
  // Whoever read it (head, less) has seen enough.
  process.stdout.on("error", onEnd);
  return inEnvironment(stack, async ({ managers }) => {
    await showLogs(managers, wish, stop.signal);
    return 0;
  });
}

async function inEnvironment(
  stack: string,
  act: (environment: Environment) => Promise<number>,
): Promise<number> {
  const handed = await text(createReadStream("", { fd: CONFIGURATION }));
  const settings = parseHanded(JSON.parse(handed) as HandedConfiguration, stack);
  const configuration = configurationSchema.parse(labProviderArgs(settings));
  const environment = openEnvironment(configuration, openLab, ANSWER_SECONDS);
  try {
    return await act(environment);
  } finally {
    await environment.close();
  }
}

const [verb = "", ...words] = process.argv.slice(2);
main(verb, words).then(
  (code) => {
    // An input that nobody ends, a terminal for one, keeps nobody waiting.
    process.stdin.destroy();
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stdin.destroy();
    process.stderr.write(`${printable(messageOf(error))}\n`);
    process.exitCode = verb === "exec" ? NOT_RUN : 1;
  },
);
