import { posix } from "node:path";
import { parseEnv } from "node:util";
import { check } from "./check";
import { readDocument } from "./document";
import { Report, type Finding } from "./finding";
import { interpolate } from "./interpolation";
import { merge } from "./merge";
import type { StackModel } from "./model";
import { readPart, type ServicePart, type StackPart } from "./part";
import { Places } from "./places";
import { mostPorts } from "./ports";
import { inProfiles } from "./profiles";
import type { Disk, Reading } from "./reading";
import { serviceModel } from "./service-model";
import { Variables } from "./variables";

/** What is read, and with what. */
export interface ReadRequest {
  /** Paths as the user gave them, in the order of their weight: a later file is laid over the earlier ones. */
  readonly files: readonly string[];
  readonly disk: Disk;
  /** The stack's own variables, which come first. */
  readonly variables: Readonly<Record<string, string>>;
  /** A file of variables as Docker Compose's `.env`, which come second. */
  readonly envFile?: string;
  /** The process's variables, which come last. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Services with none of these profiles, but with others, are left out. */
  readonly profiles: readonly string[];
  /** The folder on the nodes that relative binds are of. Default: none, and such binds are refused. */
  readonly projectDirectory?: string;
}

export interface ReadResult {
  /** What could be read, absent when a file could not be at all; not to be made while there are errors. */
  readonly model?: StackModel;
  /** In the order of the files. */
  readonly findings: readonly Finding[];
  /** Names of variables that were taken from the process's environment, sorted. */
  readonly fromProcess: readonly string[];
}

/**
 * Reads stack files as `docker stack deploy` does, and newer ones as the Compose Specification means them. Says all
 * that is wrong at once; throws nothing.
 *
 * @see https://docs.docker.com/reference/compose-file/legacy-versions/
 */
export function readStackFiles(request: ReadRequest): ReadResult {
  const report = new Report();
  const variables = new Variables(
    [request.variables, readEnvFile(request, report)],
    request.environment,
  );
  const reading: Reading = {
    report,
    places: new Places(),
    disk: request.disk,
    variables,
    folder: posix.dirname(request.files[0] ?? ""),
    projectDirectory: request.projectDirectory,
    portsLeft: mostPorts,
  };
  if (request.files.length === 0)
    report.error(undefined, [], "got no file; expected at least one stack file.");
  const parts = request.files.map((file) => readFile(file, request, reading));
  const whole = parts.every((part) => part !== undefined);
  const all = mergeAll(parts, reading);
  const merged = all === undefined ? undefined : inProfiles(all, request.profiles, reading);
  const readable = whole ? merged : undefined;
  if (readable !== undefined) check(readable, reading);
  return {
    ...(readable === undefined ? {} : { model: modelOf(readable, reading) }),
    findings: report.findings(request.files),
    fromProcess: variables.fromProcess,
  };
}

function readFile(file: string, { disk }: ReadRequest, reading: Reading): StackPart | undefined {
  const { report, variables, places } = reading;
  let bytes: Buffer | undefined;
  try {
    bytes = disk.read(file);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.error(undefined, [], `${file} cannot be read: ${reason}`);
    return undefined;
  }
  if (bytes === undefined) {
    report.error(undefined, [], `${file} is not there; expected a stack file.`);
    return undefined;
  }
  const document = readDocument(bytes, file, report);
  if (document === undefined) return undefined;
  const filled = interpolate(document, [], { report, variables });
  places.note(filled, []);
  return readPart(filled, reading);
}

/** Lays the files over each other; those that cannot be read at all are reported already. */
function mergeAll(
  parts: readonly (StackPart | undefined)[],
  { report, places }: Reading,
): StackPart | undefined {
  const [first, ...later] = parts.filter((part) => part !== undefined);
  return later.reduce<StackPart | undefined>(
    (before, part) => (before === undefined ? undefined : merge(before, part, report, places)),
    first,
  );
}

function modelOf(part: StackPart, { places }: Reading): StackModel {
  const { services, ...rest } = part;
  const sorted = Object.entries(services).sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = new Set(Object.keys(services));
  const models = Object.fromEntries(
    sorted.map(([key, service]) => [key, serviceModel(service, keys)]),
  );
  return {
    ...rest,
    services: models,
    at: ([section, key, list, index, ...inner]) => {
      const item =
        section === "services" ? listItem(services[String(key)], list, index) : undefined;
      const path = [section, key, list, index, ...inner].filter((one) => one !== undefined);
      return places.of(item, path).at;
    },
  };
}

/** An item of one of the lists that a merge puts into another order. */
function listItem(
  service: ServicePart | undefined,
  list: unknown,
  index: unknown,
): object | undefined {
  if (service === undefined || typeof index !== "number") return undefined;
  const lists: Readonly<Record<string, readonly object[] | undefined>> = {
    ports: service.ports,
    volumes: service.volumes,
    secrets: service.secrets,
    configs: service.configs,
  };
  return typeof list === "string" && Object.hasOwn(lists, list) ? lists[list]?.[index] : undefined;
}

function readEnvFile(
  { envFile, disk }: ReadRequest,
  report: Report,
): Record<string, string | undefined> {
  if (envFile === undefined) return {};
  try {
    const content = disk.read(envFile);
    if (content !== undefined) return parseEnv(content.toString("utf8"));
    report.error(undefined, [], `${envFile} is not there; expected a file of variables.`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.error(undefined, [], `${envFile} cannot be read: ${reason}`);
  }
  return {};
}
