/**
 * `npm run status`: what the cluster says of itself.
 *
 *   pulumi config --json --show-secrets --stack NAME | node dist/status/main.js --stack NAME [--json] [--wait SECONDS]
 *
 * The configuration comes over standard input, because it may hold passwords: `{"swarm:hosts": {"value": "…"}, …}`.
 * `--wait` gives what is not well yet so many seconds (default 0): after a change a node may still be on its way back,
 * and a URL answers only once its node has heard of the services; nothing announces either.
 * Started in the project's folder, below which a lab is kept. Exit code: 0 all is well, 1 something is not, 2 nobody
 * could be asked or the configuration cannot be used.
 */
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { providerArgs } from "../components/provider-args";
import { printable } from "../hosts/printable";
import { configurationSchema } from "../cluster/configuration";
import { openEnvironment, type Environment } from "../cluster/environment";
import { NoManagerError, QuorumError } from "../cluster/managers";
import { type HandedConfiguration, parseHanded } from "../settings/handed";
import type { Settings } from "../settings/schema";
import { gather, machineStates, type Gathered } from "./gather";
import type { Answer } from "./probe";
import { render } from "./render";
import { complaints, quorumSentence, report, type Report } from "./report";

const unhealthy = 1;
const unanswered = 2;

/** Somebody waits at the terminal: who does not answer by then is told of. */
const ANSWER_SECONDS = 10;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      stack: { type: "string", default: "dev" },
      wait: { type: "string", default: "0" },
    },
  });
  const input = process.stdin.isTTY ? "" : await text(process.stdin);
  const settings = parseConfiguration(input, values.stack);
  const environment = openEnvironment(
    configurationSchema.parse(providerArgs(settings)),
    ANSWER_SECONDS,
  );
  try {
    return await tell(settings, environment, { json: values.json, wait: seconds(values.wait) });
  } catch (error) {
    await tellWhyNot(settings, environment, messageOf(error), values.json);
    return error instanceof QuorumError ? unhealthy : unanswered;
  } finally {
    await environment.close();
  }
}

/** When the swarm cannot be asked: why, what the machines are, and what to do. */
async function tellWhyNot(
  settings: Settings,
  environment: Environment,
  message: string,
  json: boolean,
): Promise<void> {
  const machines = await machineStates(settings, environment);
  const { locked } = environment.managers;
  const stopped = Object.entries(machines ?? {}).filter(([, state]) => state !== "running");
  const advice = [
    ...stopped.map(([host, state]) => `machine ${host} is ${state}`),
    ...(stopped.length > 0 ? ["`npm run up` boots what is not running."] : []),
    ...(locked.length > 0 ? ["`npm run up` unlocks what waits for the unlock key."] : []),
  ];
  if (json) {
    const all = { problem: message, machines: machines ?? {}, locked, complaints: advice };
    process.stdout.write(jsonText(all));
  } else {
    process.stderr.write(`${printable([message, ...advice].join("\n"))}\n`);
  }
}

/** JSON for programs; somebody may look at it at a terminal all the same. */
function jsonText(value: object): string {
  return `${printable(JSON.stringify(value, undefined, 2), Infinity)}\n`;
}

/** @throws Error when it is not a number of seconds */
function seconds(text: string): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new Error(`--wait: got "${text}"; expected seconds, such as 60`);
}

async function tell(
  settings: Settings,
  environment: Environment,
  { json, wait }: { readonly json: boolean; readonly wait: number },
): Promise<number> {
  const { found, urls, wrong } = await lookUntilWell(settings, environment, wait);
  if (json) {
    const all = { ...found, quorumSentence: quorumSentence(found.quorum), urls, complaints: wrong };
    process.stdout.write(jsonText(all));
  } else {
    const colors = pc.createColors(process.stdout.isTTY && pc.isColorSupported);
    process.stdout.write(render(found, urls, colors));
    if (wrong.length > 0) process.stdout.write(`\n${colors.red(printable(wrong.join("\n")))}\n`);
  }
  return wrong.length === 0 ? 0 : unhealthy;
}

interface Look extends Pick<Gathered, "urls"> {
  readonly found: Report;
  readonly wrong: readonly string[];
  /** URLs that take connections and say nothing: a web server that is just starting, or no web server at all. */
  readonly quiet: readonly string[];
}

/** Seconds that a web server has to give its first answer. */
const QUIET_SECONDS = 30;

/**
 * Looks again, once a second, until nothing is wrong or the time is over.
 * @throws NoManagerError when nobody can be asked to the end
 */
async function lookUntilWell(
  settings: Settings,
  environment: Environment,
  seconds: number,
): Promise<Look> {
  const end = Date.now() + seconds * 1000;
  const quietEnd = Date.now() + Math.min(seconds, QUIET_SECONDS) * 1000;
  let said = "";
  for (;;) {
    const look = await lookOnce(settings, environment).catch((error: unknown) => {
      if (error instanceof NoManagerError && Date.now() < end) return error;
      throw error;
    });
    if (!(look instanceof Error) && Date.now() >= end) return look;
    const quiet = look instanceof Error || Date.now() >= quietEnd ? [] : look.quiet;
    const wrong = look instanceof Error ? [look.message] : [...look.wrong, ...quiet];
    if (!(look instanceof Error) && wrong.length === 0) return look;
    const waiting = `waiting for up to ${seconds} s: ${wrong.join("; ")}`;
    if (waiting !== said) process.stderr.write(`${printable(waiting)}\n`);
    said = waiting;
    await setTimeout(1000);
    environment.managers.forget();
  }
}

async function lookOnce(settings: Settings, environment: Environment): Promise<Look> {
  const { findings, urls } = await gather(settings, environment);
  const found = report(findings);
  const say = ({ url, text: why }: Answer): string => `${url}: ${why}`;
  const quiet = urls.filter(({ answers, listens }) => listens && !answers).map(say);
  const silent = urls.filter(({ listens }) => !listens).map(say);
  return { found, urls, wrong: [...complaints(found), ...silent], quiet };
}

/** @throws Error that lists everything wrong with the configuration */
function parseConfiguration(json: string, stack: string): Settings {
  if (json.trim() === "")
    throw new Error(
      `status: got no configuration on standard input; expected that of the stack ${stack}, as ` +
        `\`pulumi config --json --show-secrets --stack ${stack}\` prints it. \`npm run status\` hands it over.`,
    );
  return parseHanded(JSON.parse(json) as HandedConfiguration, stack);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${printable(messageOf(error))}\n`);
    process.exitCode = unanswered;
  },
);
