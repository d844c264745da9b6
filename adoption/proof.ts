import { posix } from "node:path";
import type { Tree } from "../provider/fields/paths";
import { compareTable, type Table } from "../provider/fields/table";
import { networkTable } from "../provider/network/table";
import { payloadTable } from "../provider/payload/table";
import type { ServiceInputs } from "../provider/service/arguments";
import { guardService } from "../provider/service/guards";
import { maxConcurrentOf } from "../provider/service/service";
import { serviceTable } from "../provider/service/table";
import { declare } from "../stack-files/convert";
import type { Own, StackDeclaration } from "../stack-files/declaration";
import type { ExportedStack } from "../stack-files/export/export";
import type { ExportRequest, LiveConfig, LiveService } from "../stack-files/export/live";
import { isError } from "../stack-files/load";
import type { Finding } from "../stack-files/finding";
import type { External } from "../stack-files/model";
import { readStackFiles, type ReadResult } from "../stack-files/read";
import { pathOf } from "../words/path";

/** What of one thing its stack file does not say, or says otherwise: `limits.memorySwap`, or what the reader refuses. */
export type Unsaid = readonly string[];

/** What is missing in a stack file, by kind and name in Docker; empty maps where it says everything. */
export interface Proof {
  readonly services: ReadonlyMap<string, Unsaid>;
  readonly networks: ReadonlyMap<string, Unsaid>;
  readonly configs: ReadonlyMap<string, Unsaid>;
}

const FILE = "stack.yml";

/**
 * Reads an exported stack file as an `up` does, and compares what it declares with what runs by the tables that the
 * provider compares by: nothing is taken for said because it was written.
 */
export function prove(exported: ExportedStack, request: ExportRequest): Proof {
  const read = readBack(exported, request);
  const { stack = "stack" } = request;
  const names = { name: stack, namespace: request.stack !== undefined };
  const declared = read.model === undefined ? undefined : declare(read.model, names);
  const refused = [...read.findings, ...(declared?.findings ?? [])].filter(isError);
  const { declaration } = declared ?? {};
  return {
    services: unsaidOf(request.services, (live) => {
      const key = exported.keys.get(live.name) ?? "";
      const args = declaration?.services[key]?.args;
      return [...refusals(refused, "services", key), ...serviceDifferences(live, args)];
    }),
    networks: unsaidOf(request.networks, (live) => {
      const found = ownBy(declaration?.networks, live.name);
      // A network that no service of the file is in is not made.
      if (found === undefined && !isUsed(request, live.name)) return [];
      return differences(networkTable, live, found?.args);
    }),
    configs: unsaidOf(request.configs, (live) => {
      const args = ownBy(declaration?.configs, live.name)?.args;
      return [...differences(configRows, live, args), ...contentDifference(live, args)];
    }),
  };
}

const configRows = { labels: payloadTable.labels, templateDriver: payloadTable.templateDriver };

function readBack({ text, files }: ExportedStack, { services }: ExportRequest): ReadResult {
  const disk = new Map([[FILE, Buffer.from(text)], ...Object.entries(files)]);
  // A name alone takes the value of whoever deploys: it is only said that it has none where nobody can have one.
  const unset = services.flatMap(({ envUnset = [] }) => envUnset);
  return readStackFiles({
    files: [FILE],
    disk: { home: "/nowhere", read: (path) => disk.get(posix.normalize(path)) },
    variables: {},
    environment: Object.fromEntries(unset.map((name) => [name, "of the process"])),
    profiles: [],
  });
}

function unsaidOf<Live extends { readonly name: string }>(
  all: readonly Live[],
  find: (live: Live) => string[],
): Map<string, Unsaid> {
  const found = all.map((live): [string, Unsaid] => [live.name, [...new Set(find(live))].sort()]);
  return new Map(found.filter(([, unsaid]) => unsaid.length > 0));
}

/** As the provider does it: with what it adds to the arguments, and what it would refuse of them. */
function serviceDifferences(live: LiveService, args: object | undefined): string[] {
  if (args === undefined) return ["everything"];
  const news = args as ServiceInputs;
  const maxConcurrent = maxConcurrentOf(news);
  const inputs = { ...news, ...(maxConcurrent === undefined ? {} : { maxConcurrent }) };
  const refused = guardService(inputs).map(({ path, reason }) => `${path}: ${reason}`);
  return [...refused, ...differences(serviceTable, live, inputs)];
}

function differences(table: Table, live: object, args: object | undefined): string[] {
  if (args === undefined) return ["everything"];
  return Object.keys(compareTable(table, live as Tree, args as Tree));
}

/** What the reader refuses of one service, and of the file as a whole. */
function refusals(findings: readonly Finding[], section: string, key: string): string[] {
  return findings
    .filter(({ path: [top, name] }) => top === undefined || (top === section && name === key))
    .map(({ path, message }) => `${pathOf(path)}: ${message}`);
}

function ownBy<Args>(
  entries: Readonly<Record<string, External | Own<Args>>> | undefined,
  name: string,
): Own<Args> | undefined {
  return Object.values(entries ?? {}).find(
    (entry): entry is Own<Args> => "args" in entry && entry.args.name === name,
  );
}

function isUsed({ services }: ExportRequest, network: string): boolean {
  return services.some(({ networks = [] }) => networks.some(({ target }) => target === network));
}

type ConfigArgs = Extract<StackDeclaration["configs"][string], Own<object>>["args"];

function contentDifference({ content }: LiveConfig, args: ConfigArgs | undefined): string[] {
  const { value, encoding = "text" } = args ?? {};
  if (typeof value !== "string" || typeof encoding !== "string") return ["value"];
  return Buffer.from(value, encoding === "base64" ? "base64" : "utf8").equals(content)
    ? []
    : ["value"];
}
