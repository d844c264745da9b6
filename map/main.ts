/**
 * `npm run map`: a live picture of the swarm in the browser, or one moment of it in a file.
 *
 *   pulumi config --json --show-secrets --stack NAME | node dist/map/main.js --stack NAME [--port PORT] [--out FILE]
 *
 * The configuration comes over standard input, because it may hold passwords: `{"swarm:hosts": {"value": "…"}, …}`.
 * Without `--out` it serves until it is interrupted; `--out swarm.html` or `--out swarm.svg` writes a file and ends.
 * Nothing is changed and nothing runs in the cluster: managers are asked for their lists, and for logs. Exit code: 0 it
 * was interrupted or the file is written, 2 nobody could be asked for the file or the configuration cannot be used.
 */
import { readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { labProviderArgs } from "../components/lab-args";
import { messageOf } from "../hosts/errors";
import { printable } from "../hosts/printable";
import { openLab } from "../lab/open";
import { Secrets } from "../cluster/secrets";
import { configurationSchema } from "../cluster/configuration";
import { openEnvironment } from "../cluster/environment";
import { type HandedConfiguration, parseHanded } from "../settings/handed";
import type { Settings } from "../settings/schema";
import { Feed } from "./feed";
import type { Source } from "./look";
import { pictureOf } from "./model";
import { type Assets, filePage, livePage } from "./page";
import { serve } from "./server";
import { SwarmSource } from "./source";
import { drawing } from "./svg";

/** Somebody waits for the picture: a machine that does not say by then whether it is a manager is passed over. */
const ANSWER_SECONDS = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: "string" },
      port: { type: "string", default: "0" },
      stack: { type: "string", default: "dev" },
    },
  });
  const port = portOf(values.port);
  const write = values.out === undefined ? undefined : writerOf(values.out);
  const input = process.stdin.isTTY ? "" : await text(process.stdin);
  const settings = parseConfiguration(input, values.stack);
  const environment = openEnvironment(
    configurationSchema.parse(labProviderArgs(settings)),
    openLab,
    ANSWER_SECONDS,
  );
  const secrets = new Secrets();
  secrets.add([...environment.secrets, ...secretValues(settings)]);
  const declared = { environment: values.stack, hosts: settings.hosts };
  const source = new SwarmSource(environment, declared, (text) => secrets.scrub(text));
  try {
    if (write === undefined) await show(source, port);
    else await write(source);
  } finally {
    await environment.close();
  }
}

/** Serves the map until somebody interrupts. */
async function show(source: Source, port: number): Promise<void> {
  const page = livePage(await assets());
  const served = await serve({ feed: new Feed(source), page, port });
  process.stdout.write(
    `The map of ${printable(source.declared.environment)}, for one browser on this machine; the address works once:\n\n` +
      `  ${served.address}\n\n` +
      `It changes nothing. Ctrl-C ends it.\n`,
  );
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve).once("SIGTERM", resolve);
  });
  await served.close();
}

/** What writes the file. @throws Error when it is of no kind that there is */
function writerOf(file: string): (source: Source) => Promise<void> {
  const kind = extname(file).toLowerCase();
  if (kind !== ".html" && kind !== ".svg")
    throw new Error(`--out: got "${printable(file)}"; expected a file that ends in .html or .svg`);
  return async (source) => {
    const picture = pictureOf(await source.look(), source.declared);
    const content = kind === ".svg" ? drawing(picture) : filePage(await assets(), picture);
    await writeFile(file, content);
    process.stdout.write(`${printable(file)}: written\n`);
  };
}

/** They lie beside this program. */
async function assets(): Promise<Assets> {
  const [script, style] = await Promise.all(
    ["page.js", "page.css"].map(async (name) => readFile(join(__dirname, name), "utf8")),
  );
  return { script: script ?? "", style: style ?? "" };
}

/** @throws Error when it is not a port */
function portOf(word: string): number {
  if (/^\d{1,5}$/.test(word) && Number(word) < 65_536) return Number(word);
  throw new Error(`--port: got "${printable(word)}"; expected a port, such as 8080`);
}

/** Values of secrets that the configuration holds: a service may have written one into its log. */
function secretValues({ stacks = {} }: Settings): string[] {
  return Object.values(stacks)
    .flatMap(({ secrets }) => Object.values((secrets ?? {}) as Readonly<Record<string, unknown>>))
    .flatMap((secret) => Object.values((secret ?? {}) as Readonly<Record<string, unknown>>))
    .filter((value) => typeof value === "string");
}

/** @throws Error that lists everything wrong with the configuration */
function parseConfiguration(json: string, stack: string): Settings {
  if (json.trim() === "")
    throw new Error(
      `map: got no configuration on standard input; expected that of the stack ${stack}, as ` +
        `\`pulumi config --json --show-secrets --stack ${stack}\` prints it. \`npm run map\` hands it over.`,
    );
  return parseHanded(JSON.parse(json) as HandedConfiguration, stack);
}

main().catch((error: unknown) => {
  process.stderr.write(`${printable(messageOf(error))}\n`);
  process.exitCode = 2;
});
