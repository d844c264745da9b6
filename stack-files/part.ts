import { resolveEnvironment } from "./env-file";
import type { Path } from "./finding";
import { mapOf, mismatch, text } from "./forms";
import type { NetworkModel, PayloadModel, VolumeModel } from "./model";
import { configs, networks, secrets, volumes } from "./objects-table";
import { apply, type Form, type Reading } from "./reading";
import { honoured, newer, record, refused, type Read } from "./record";
import { serviceRows } from "./service-table";
import type { Value } from "./value";

/** What one file says of one service. */
export type ServicePart = Omit<
  Read<typeof serviceRows>,
  "env_file" | "environment" | "label_file"
> & {
  readonly environment?: Readonly<Record<string, string | null>>;
};

/** What one file says. */
export interface StackPart {
  readonly name?: string;
  readonly services: Readonly<Record<string, ServicePart>>;
  readonly networks: Readonly<Record<string, NetworkModel>>;
  readonly volumes: Readonly<Record<string, VolumeModel>>;
  readonly secrets: Readonly<Record<string, PayloadModel>>;
  readonly configs: Readonly<Record<string, PayloadModel>>;
}

const serviceRecord = record(serviceRows);

const service: Form<ServicePart> = (value, path, reading) => {
  const read = serviceRecord(value, path, reading);
  if (read === undefined) return undefined;
  const { env_file: files, environment: own, label_file: fromFiles, ...rest } = read;
  const labels = fromFiles === undefined ? read.labels : { ...fromFiles, ...read.labels };
  return {
    ...rest,
    ...(labels === undefined ? {} : { labels }),
    ...(files === undefined && own === undefined
      ? {}
      : { environment: resolveEnvironment(files, own, path, reading) }),
  };
};

/** What the engine takes as a service's name, behind the stack's and an underscore. */
const serviceKey = {
  pattern: /^(?=.{1,61}$)[-_]*[A-Za-z0-9]+(?:[-_]+[A-Za-z0-9]+)*$/,
  expected: "at most 61 letters, digits, - and _, ending with a letter or digit",
};

/** Versions of the file's format, of which each takes all that the one before took. */
const version: Form<string> = (value, path, reading) => {
  const written = value.kind === "list" || value.kind === "map" ? "" : value.written;
  const said = value.kind === "text" ? value.text : written;
  if (/^(?:|3|3\.(?:\d|1[0-3]))$/.test(said)) return said;
  mismatch(
    value,
    path,
    reading,
    'version "3.0" to "3.13"',
    "Leave the version out: it is not needed.",
  );
  return undefined;
};

const stackRows = {
  version: honoured(version),
  name: newer(text),
  services: honoured(mapOf(service, serviceKey)),
  networks: honoured(networks),
  volumes: honoured(volumes),
  secrets: honoured(secrets),
  configs: honoured(configs),
  include: refused(
    "a stack includes no files. Give all files, one after the other: later files add to earlier ones.",
  ),
  models: refused("a swarm runs no models. Run the model as a service of its own."),
};

const stackRecord = record(stackRows);

/** Checks and reads one file. */
export function readPart(value: Value, reading: Reading): StackPart | undefined {
  const path: Path = [];
  const read = apply(stackRecord, value, path, reading);
  if (read === undefined) return undefined;
  const { name, services = {}, networks = {}, volumes = {}, secrets = {}, configs = {} } = read;
  return { ...(name === undefined ? {} : { name }), services, networks, volumes, secrets, configs };
}
