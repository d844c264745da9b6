/**
 * `npm run status`: what the cluster says of itself.
 *
 *   pulumi config --json --show-secrets --stack NAME | node dist/status/main.js --stack NAME [--json]
 *     [--service NAME] [--wait SECONDS | --watch]
 *
 * The configuration comes over standard input, because it may hold passwords: `{"swarm:hosts": {"value": "…"}, …}`.
 * `--wait` gives what is not well yet so many seconds (default 0): after a change a node may still be on its way back,
 * and a URL answers only once its node has heard of the services; nothing announces either.
 * `--watch` tells every change until it is ended (exit code 0).
 * Started in the project's folder, below which a lab is kept. Exit code: 0 all is well, 1 something is not, 2 nobody
 * could be asked or the configuration cannot be used.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { createLogUpdate } from "log-update";
import pc from "picocolors";
import { labProviderArgs } from "../components/lab-args";
import { messageOf } from "../hosts/errors";
import { printable } from "../hosts/printable";
import { openLab } from "../lab/open";
import { configurationSchema } from "../cluster/configuration";
import { openEnvironment, type Environment } from "../cluster/environment";
import { QuorumError } from "../cluster/managers";
import { type HandedConfiguration, parseHanded } from "../settings/handed";
import type { Settings } from "../settings/schema";
import { NameError } from "../tasks/names";
import { machineStates, type Subject } from "./gather";
import { lookUntilWell } from "./look";
import { plainScreen, terminalScreen } from "./screen";
import { asObject, asText, wrongIn } from "./sight";
import type { Colors } from "./table";
import { watch } from "./watch";

const unhealthy = 1;
const unanswered = 2;

/** Somebody waits at the terminal: who does not answer by then is told of. */
const ANSWER_SECONDS = 10;

/** What the words after `npm run status --` say. */
interface Wish {
  readonly stack: string;
  readonly json: boolean;
  readonly watch: boolean;
  readonly service: string | undefined;
  /** Seconds. */
  readonly wait: number;
}

function parseWish(): Wish {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      service: { type: "string" },
      stack: { type: "string", default: "dev" },
      wait: { type: "string", default: "0" },
      watch: { type: "boolean", short: "w", default: false },
    },
  });
  if (values.watch && values.wait !== "0")
    throw new Error("--watch: got --wait with it; expected one of them: a watch goes on by itself");
  const { json, service, stack, wait, watch: isWatched } = values;
  return { json, service, stack, watch: isWatched, wait: seconds(wait) };
}

async function main(): Promise<number> {
  const wish = parseWish();
  const input = process.stdin.isTTY ? "" : await text(process.stdin);
  const settings = parseConfiguration(input, wish.stack);
  const environment = openEnvironment(
    configurationSchema.parse(labProviderArgs(settings)),
    openLab,
    ANSWER_SECONDS,
  );
  try {
    const subject = { settings, environment };
    return await (wish.watch ? keepTelling(subject, wish) : tell(subject, wish));
  } catch (error) {
    if (error instanceof NameError) throw error;
    await tellWhyNot(settings, environment, messageOf(error), wish.json);
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

async function tell(subject: Subject, { json, service, wait }: Wish): Promise<number> {
  const sight = await lookUntilWell(subject, service, wait);
  const now = Date.now();
  if (json) process.stdout.write(jsonText(asObject(sight, now)));
  else process.stdout.write(asText(sight, { colors: ownColors(), width: ownWidth(), now }));
  return wrongIn(sight, now).length === 0 ? 0 : unhealthy;
}

/** Until somebody has seen enough. */
async function keepTelling(subject: Subject, { json, service }: Wish): Promise<number> {
  const { stdout } = process;
  const screen =
    stdout.isTTY && !json
      ? terminalScreen(stdout, ownColors(), createLogUpdate(stdout))
      : plainScreen(stdout, ownColors(), json);
  const stop = new AbortController();
  const onEnd = (): void => {
    stop.abort();
  };
  // Not once: without a listener that stays, what restores the cursor would end this process by the same signal.
  process.on("SIGINT", onEnd).on("SIGTERM", onEnd);
  // Whoever read it (head, less) has seen enough.
  stdout.on("error", onEnd).on("resize", screen.redraw);
  try {
    await watch(subject, service, screen.show, stop.signal);
  } finally {
    screen.end();
  }
  return 0;
}

function ownColors(): Colors {
  return pc.createColors(process.stdout.isTTY && pc.isColorSupported);
}

function ownWidth(): number | undefined {
  return process.stdout.isTTY ? process.stdout.columns : undefined;
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

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${printable(messageOf(error))}\n`);
    process.exitCode = unanswered;
  },
);
