/**
 * `npm run backup`, `restore` and `recover`: what is done to a swarm that Pulumi cannot do.
 *
 *   node dist/operations/main.js backup|restore|recover --stack NAME [--file FILE] [--host NAME] [--yes]
 *   node dist/operations/main.js show --file FILE        what a backup says of itself, without its secrets
 *
 * Standard input: `{"configuration": {"swarm:hosts": {"value": "…"}, …}, "passphrase": "…", "unlockKey": "…"}`, because
 * all of it may be secret. Exit code: 0 done, 1 not done.
 */
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { labProviderArgs } from "../components/lab-args";
import { printable } from "../hosts/printable";
import { openLab } from "../lab/open";
import { configurationSchema } from "../cluster/configuration";
import { openEnvironment } from "../cluster/environment";
import { type HandedConfiguration, parseHanded } from "../settings/handed";
import { backUp } from "./backup";
import type { Operation } from "./operation";
import { recover } from "./recover";
import { readBackup, restore } from "./restore";

interface Handed {
  readonly configuration: HandedConfiguration;
  readonly passphrase: string;
  readonly unlockKey: string;
}

const operations: Readonly<
  Record<string, (operation: Operation, handed: Handed) => Promise<void>>
> = {
  backup: backUp,
  restore,
  recover: async (operation, { unlockKey }) => recover(operation, unlockKey),
  show: async (operation) => {
    const { manifest } = await readBackup(operation);
    const { clusterId, host, takenAt } = manifest;
    operation.say(JSON.stringify({ clusterId, host, takenAt }));
  },
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      stack: { type: "string", default: "dev" },
      file: { type: "string" },
      host: { type: "string" },
      yes: { type: "boolean", short: "y", default: false },
    },
  });
  const [name = "", ...more] = positionals;
  const run = operations[name];
  if (run === undefined || more.length > 0) {
    const known = Object.keys(operations).join(", ");
    throw new Error(`got "${positionals.join(" ")}"; expected one of ${known}`);
  }
  const handed = JSON.parse(await text(process.stdin)) as Handed;
  const settings = parseHanded(handed.configuration, values.stack);
  const environment = openEnvironment(
    configurationSchema.parse(labProviderArgs(settings)),
    openLab,
  );
  const stop = new AbortController();
  process.once("SIGINT", () => {
    stop.abort(new Error("cancelled"));
  });
  try {
    const { file, host, stack, yes } = values;
    const say = (line: string): void => {
      process.stdout.write(`${printable(line)}\n`);
    };
    const { passphrase } = handed;
    const given = { settings, environment, passphrase, stack, file, host };
    await run({ ...given, isAgreed: yes, signal: stop.signal, say }, handed);
  } finally {
    await environment.close();
  }
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${printable(message)}\n`);
  process.exitCode = 1;
});
