import type { Path } from "./finding";
import { flag, listOf, mapOf, mismatch, options, text, texts } from "./forms";
import type { External, NetworkModel, PayloadModel, VolumeModel } from "./model";
import { payloadContent, type PayloadKind } from "./payload-content";
import { apply, type Form, type Reading } from "./reading";
import { honoured, ignored, newer, record, refused } from "./record";
import { said } from "./said";
import type { Value } from "./value";

/** `true`, `false`, or the older map with a name. */
const external: Form<boolean | { readonly name?: string }> = (value, path, reading) => {
  if (value.kind !== "map") return flag(value, path, reading);
  const read = externalRecord(value, path, reading);
  if (read?.name !== undefined)
    reading.report.warn(
      value.at,
      path,
      `is an older form. Write external: true and name: ${read.name} beside it.`,
    );
  return read;
};

const externalRecord = record({ name: honoured(text) });

interface Common {
  readonly name?: string;
  readonly external?: boolean | { readonly name?: string };
}

/** The name in Docker of what lies outside of the stack; undefined when it is the stack's own. */
function outside(
  read: Common,
  value: Value,
  path: Path,
  reading: Reading,
): External | "wrong" | undefined {
  const { external: said } = read;
  if (said === undefined || said === false) return undefined;
  const older = said === true ? undefined : said.name;
  if (older !== undefined && read.name !== undefined) {
    mismatch(value, path, reading, "one name", "Leave the one under external out.");
    return "wrong";
  }
  const name = older ?? read.name ?? String(path.at(-1));
  return { external: { name } };
}

/** Says of the keys of an external object, name apart, that they do nothing. */
function onlyName(value: Value, path: Path, { report }: Reading): void {
  if (value.kind !== "map") return;
  for (const [key, { at }] of value.entries)
    if (!["name", "external"].includes(key) && !key.startsWith("x-"))
      report.warn(at, [...path, key], "has no effect on what is external. Leave it out.");
}

const ipamRecord = record({
  driver: honoured(text),
  options: newer(options),
  config: honoured(
    listOf(
      record({
        subnet: honoured(text),
        gateway: newer(text),
        ip_range: newer(text),
        aux_addresses: newer(options),
      }),
    ),
  ),
});

const networkRecord = record({
  name: honoured(text),
  driver: honoured(text),
  driver_opts: honoured(options),
  ipam: honoured(ipamRecord),
  external: honoured(external),
  internal: honoured(flag),
  attachable: honoured(flag),
  labels: honoured(texts),
  enable_ipv6: newer(flag),
  enable_ipv4: refused("a network of a swarm always has IPv4. Leave it out."),
});

const network: Form<NetworkModel> = (value, path, reading) => {
  const own: NetworkModel = { driverOpts: {}, labels: {} };
  if (value.kind === "null") return own;
  const read = networkRecord(value, path, reading);
  if (read === undefined) return undefined;
  const found = outside(read, value, path, reading);
  if (found !== undefined) {
    onlyName(value, path, reading);
    return found === "wrong" ? undefined : found;
  }
  const { ipam } = read;
  return {
    ...own,
    ...said({
      name: read.name,
      driver: read.driver,
      driverOpts: read.driver_opts,
      attachable: read.attachable,
      internal: read.internal,
      enableIpv6: read.enable_ipv6,
      labels: read.labels,
      ipam:
        ipam === undefined
          ? undefined
          : {
              ...said({ driver: ipam.driver }),
              options: ipam.options ?? {},
              config: (ipam.config ?? []).map((pool) =>
                said({
                  subnet: pool.subnet,
                  gateway: pool.gateway,
                  ipRange: pool.ip_range,
                  auxAddresses: pool.aux_addresses,
                }),
              ),
            },
    }),
  };
};

const volumeRecord = record({
  name: honoured(text),
  driver: honoured(text),
  driver_opts: honoured(options),
  external: honoured(external),
  labels: honoured(texts),
  "x-cluster-spec": ignored(
    "has no effect: Docker's stacks make no cluster volumes. Make it with docker volume create, and say external: true.",
  ),
});

const volume: Form<VolumeModel> = (value, path, reading) => {
  const own: VolumeModel = { driverOpts: {}, labels: {} };
  if (value.kind === "null") return own;
  const read = volumeRecord(value, path, reading);
  if (read === undefined) return undefined;
  const found = outside(read, value, path, reading);
  if (found !== undefined) {
    const { driver, driver_opts: opts = {}, labels = {} } = read;
    const more = driver !== undefined || Object.keys({ ...opts, ...labels }).length > 0;
    if (!more) return found === "wrong" ? undefined : found;
    mismatch(value, path, reading, "no driver, driver_opts or labels beside external");
    return undefined;
  }
  const { name, driver, driver_opts: driverOpts, labels } = read;
  return { ...own, ...said({ name, driver, driverOpts, labels }) };
};

const payloadRows = {
  name: honoured(text),
  file: honoured(text),
  external: honoured(external),
  labels: honoured(texts),
  template_driver: honoured(text),
  environment: newer(text),
};

const secretRecord = record({
  ...payloadRows,
  driver: honoured(text),
  driver_opts: honoured(options),
});

const configRecord = record({ ...payloadRows, content: newer(text) });

function payload(kind: PayloadKind): Form<PayloadModel> {
  return (value, path, reading) => {
    const secret = kind === "secret" ? apply(secretRecord, value, path, reading) : {};
    const config = kind === "config" ? apply(configRecord, value, path, reading) : {};
    if (secret === undefined || config === undefined) return undefined;
    const read = { ...secret, ...config };
    const found = outside(read, value, path, reading);
    if (found !== undefined) {
      onlyName(value, path, reading);
      return found === "wrong" ? undefined : found;
    }
    const content = payloadContent(kind, read, value, path, reading);
    const { name, labels = {}, driver, driver_opts: driverOpts = {}, template_driver } = read;
    if (content === undefined && driver === undefined) return undefined;
    const more = said({ name, content, driver, templateDriver: template_driver });
    return { ...more, driverOpts, labels };
  };
}

const key = { pattern: /^[a-zA-Z0-9._-]+$/, expected: "letters, digits, -, _ and ." };

export const networks = mapOf(network);
export const volumes = mapOf(volume, key);
export const secrets = mapOf(payload("secret"), key);
export const configs = mapOf(payload("config"), key);
