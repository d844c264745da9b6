/**
 * `npm run hosts`: the machines of a stack before it is brought up, and at any time after.
 *
 *   node dist/inspection/main.js keys --stack NAME [--write] [--replace HOST]… [--json]
 *   node dist/inspection/main.js check --stack NAME [--json]
 *
 * Standard input: `{"configuration": {"swarm:hosts": {"value": "…"}, …}, "file": "Pulumi.prod.yaml"}`, because the
 * configuration may hold passwords. Exit code: 0 all is well, 1 something is to be seen to, 2 the configuration or the
 * command line cannot be used.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { labProviderArgs } from "../components/lab-args";
import { messageOf } from "../hosts/errors";
import { printable } from "../hosts/printable";
import type { Target } from "../hosts/target";
import { openLab } from "../lab/open";
import { configurationSchema } from "../cluster/configuration";
import { openEnvironment, type Environment } from "../cluster/environment";
import { type HandedConfiguration, parseHanded, rawOf } from "../settings/handed";
import type { Settings } from "../settings/schema";
import { checkHosts } from "./check";
import { placesOf, readKeys, withSomeKeys } from "./keys";
import { settleKeys } from "./keys-task";
import { renderHosts, renderKeys } from "./render";

interface Handed {
  readonly configuration: HandedConfiguration;
  readonly file: string;
}

interface Options {
  readonly stack: string;
  readonly json: boolean;
  readonly write: boolean;
  readonly replace: readonly string[];
}

const tasks: Readonly<Record<string, (handed: Handed, options: Options) => Promise<number>>> = {
  keys,
  check,
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: "boolean", default: false },
      replace: { type: "string", multiple: true, default: [] },
      stack: { type: "string", default: "dev" },
      write: { type: "boolean", default: false },
    },
  });
  const [name = "", ...more] = positionals;
  const task = tasks[name];
  if (task === undefined || more.length > 0) {
    const known = Object.keys(tasks).join(" or ");
    throw new Error(
      `hosts: got "${positionals.join(" ")}"; expected ${known}, as in npm run hosts -- check`,
    );
  }
  return task(JSON.parse(await text(process.stdin)) as Handed, values);
}

async function keys({ configuration, file }: Handed, options: Options): Promise<number> {
  const raw = rawOf(configuration);
  if (raw.lab !== undefined) {
    say("The machines of a lab have keys that are made with them: there is nothing to compare.");
    return 0;
  }
  const settings = parseHanded(configuration, options.stack, withSomeKeys);
  const rows = await withEnvironment(settings, async ({ machines }) => {
    const targets = new Map<string, Target>();
    for (const name of machines.names) targets.set(name, await machines.get(name).target());
    return readKeys(placesOf(targets, raw));
  });
  const { lines, isWell } = settleKeys(rows, { ...options, file });
  if (options.json) say(jsonText({ keys: rows, said: lines }));
  else say([renderKeys(rows, colors()), ...lines].join("\n\n"));
  return isWell ? 0 : 1;
}

async function check({ configuration }: Handed, { json, stack }: Options): Promise<number> {
  const settings = parseHanded(configuration, stack);
  const checked = await withEnvironment(settings, async (opened) => checkHosts(settings, opened));
  say(json ? jsonText(checked) : renderHosts(checked, colors()));
  return checked.hosts.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

async function withEnvironment<T>(
  settings: Settings,
  use: (environment: Environment) => Promise<T>,
): Promise<T> {
  const environment = openEnvironment(
    configurationSchema.parse(labProviderArgs(settings)),
    openLab,
  );
  try {
    return await use(environment);
  } finally {
    await environment.close();
  }
}

function colors(): ReturnType<typeof pc.createColors> {
  return pc.createColors(process.stdout.isTTY && pc.isColorSupported);
}

function jsonText(value: object): string {
  return printable(JSON.stringify(value, undefined, 2), Infinity);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${printable(messageOf(error))}\n`);
    process.exitCode = 2;
  },
);
