import type { DeployPart } from "./deploy-table";
import type { PortModel } from "./model";
import type { Seam } from "./merge";
import type { ServicePart } from "./part";
import { quote } from "./value";

/** Lays what a later file says of one thing over what earlier ones say of it; both say something. */
type Lay<T> = (before: T, after: T, seam: Seam) => T;

function warn({ report, places, path }: Seam, message: string): void {
  report.warn(places.at(path), path, message);
}

function warnOf(item: object, message: string, { report, places, path }: Seam): void {
  const place = places.of(item, path);
  report.warn(place.at, place.path, message);
}

function within(seam: Seam, key: string): Seam {
  return { ...seam, path: [...seam.path, key] };
}

/** The later value, except that nothing, false and 0 undo nothing. */
function full<T>(before: T, after: T, seam: Seam): T {
  if (Boolean(after) || before === after || !before) return after || before;
  const [old, now] = [before, after].map((one) =>
    typeof one === "string" ? quote(one) : String(one),
  );
  warn(
    seam,
    `got ${now ?? ""}, which does not undo the ${old ?? ""} of an earlier file: Docker reads over it. Change it there.`,
  );
  return before;
}

function last<T>(_: T, after: T): T {
  return after;
}

function append<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return [...before, ...after];
}

function appendNew<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return [...new Set([...before, ...after])];
}

/** The later list, where it has anything. */
function filled<T>(before: readonly T[], after: readonly T[], seam: Seam): readonly T[] {
  if (after.length > 0 || before.length === 0) return after;
  warn(
    seam,
    "got nothing, which does not undo what an earlier file says: Docker reads over it. Change it there.",
  );
  return before;
}

function byKey<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): Readonly<Record<string, T>> {
  return { ...before, ...after };
}

type Lays<T> = { readonly [Key in keyof T]-?: Lay<NonNullable<T[Key]>> };

/** Lays a map with known keys, each by its own rule. */
function fields<T extends object>(lays: Lays<T>): Lay<T> {
  return (before, after, seam) => {
    const merged: Partial<Record<keyof T, unknown>> = { ...before };
    for (const key of Object.keys(after) as (keyof T & string)[]) {
      const [old, now] = [before[key], after[key]];
      if (now === undefined || now === null) continue;
      merged[key] =
        old === undefined || old === null ? now : lays[key](old, now, within(seam, key));
    }
    return merged as T;
  };
}

type Environment = NonNullable<ServicePart["environment"]>;

/** By name; a variable that is empty undoes nothing. */
const environment: Lay<Environment> = (before, after, seam) => {
  const merged = new Map(Object.entries(before));
  for (const [name, value] of Object.entries(after)) {
    const old = merged.get(name) ?? "";
    if ((value !== null && value !== "") || old === "") merged.set(name, value);
    else
      warn(
        within(seam, name),
        `an empty ${name} does not undo the one of an earlier file: Docker reads over it. Change it there.`,
      );
  }
  return Object.fromEntries(merged);
};

type Attachments = NonNullable<ServicePart["networks"]>;

const networks: Lay<Attachments> = (before, after, seam) => {
  const merged = new Map(Object.entries(before));
  for (const [key, now] of Object.entries(after)) {
    const old = merged.get(key);
    if (old === undefined || old === null) merged.set(key, now);
    else if (now !== null) {
      if (old.aliases !== undefined && now.aliases === undefined)
        warn(
          within(seam, key),
          "the aliases of an earlier file are lost in the merge. Write them here too.",
        );
      if (now.driverOpts !== undefined)
        warn(
          within(seam, key),
          "these driver_opts are lost in the merge: Docker keeps those of the earlier file. Write them there.",
        );
      merged.set(key, {
        ...(now.aliases === undefined ? {} : { aliases: now.aliases }),
        ...(old.driverOpts === undefined ? {} : { driverOpts: old.driverOpts }),
      });
    }
  }
  return Object.fromEntries(merged);
};

type Logging = NonNullable<ServicePart["logging"]>;

const logging: Lay<Logging> = (before, after, seam) => {
  const [old = "", now = ""] = [before.driver, after.driver];
  if (old !== now && old !== "" && now !== "") return after;
  const driver = old === "" ? now : old;
  const named = driver === "" ? {} : { driver };
  if (before.options === undefined) {
    if (after.options !== undefined)
      warn(
        within(seam, "options"),
        "are lost in the merge, because the earlier file has no options at all. Write them there.",
      );
    return named;
  }
  return { ...named, options: { ...before.options, ...after.options } };
};

type Healthcheck = NonNullable<ServicePart["healthcheck"]>;

const healthcheck = fields<Healthcheck>({
  test: (before, after, seam) => {
    warn(
      seam,
      "is put behind the words of an earlier file's test, and Docker runs both as one command. Write the test in one file alone.",
    );
    return append(before, after);
  },
  interval: full,
  timeout: full,
  start_period: full,
  start_interval: full,
  retries: last,
  disable: full,
});

const policy = fields<NonNullable<DeployPart["update_config"]>>({
  parallelism: last,
  delay: full,
  failure_action: full,
  monitor: full,
  max_failure_ratio: full,
  order: full,
});

type Resources = NonNullable<DeployPart["resources"]>;

const deploy = fields<DeployPart>({
  mode: full,
  replicas: last,
  endpoint_mode: full,
  labels: byKey,
  update_config: policy,
  rollback_config: policy,
  resources: fields<Resources>({
    limits: fields<NonNullable<Resources["limits"]>>({ cpus: last, memory: full, pids: full }),
    reservations: fields<NonNullable<Resources["reservations"]>>({
      cpus: last,
      memory: full,
      generic_resources: append,
    }),
  }),
  restart_policy: fields<NonNullable<DeployPart["restart_policy"]>>({
    condition: full,
    delay: full,
    max_attempts: last,
    window: full,
  }),
  placement: fields<NonNullable<DeployPart["placement"]>>({
    constraints: append,
    preferences: append,
    max_replicas_per_node: full,
  }),
});

/**
 * Items by a key of theirs, the last of each, sorted by it; so Docker has it as soon as a service stands in two files.
 *
 * @param lost - says of an item that another one takes the place of without meaning to
 */
function keyed<T extends object>(
  key: (item: T) => string | number,
  lost: (item: T, by: T, seam: Seam) => string | undefined,
): Lay<readonly T[]> {
  return (before, after, seam) => {
    const items = new Map<string | number, T>();
    for (const item of [...before, ...after]) {
      const old = items.get(key(item));
      const message = old === undefined ? undefined : lost(old, item, seam);
      if (old !== undefined && message !== undefined) warnOf(old, message, seam);
      items.set(key(item), item);
    }
    return [...items].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item);
  };
}

function portName({ target, published, protocol = "tcp" }: PortModel): string {
  return `${published === undefined ? "" : `${published}:`}${target}/${protocol}`;
}

const ports = keyed<PortModel>(
  ({ published = 0 }) => published,
  (old, by) => {
    const replaced =
      old.published !== undefined && (old.protocol ?? "tcp") === (by.protocol ?? "tcp");
    if (replaced || portName(old) === portName(by)) return undefined;
    return `the port ${portName(old)} is lost: once a service stands in several files, Docker keeps one port of each published number, here ${portName(by)}. Write all ports of the service in the last file alone.`;
  },
);

type File = NonNullable<ServicePart["secrets"]>[number];

const files = keyed<File>(
  ({ source }) => source,
  (old, by, { places, path }) =>
    places.of(old, path).at?.file === places.of(by, path).at?.file
      ? `this use of ${quote(old.source)} is lost: once a service stands in several files, Docker keeps one use of each. Declare it twice under two names.`
      : undefined,
);

const volumes = keyed<NonNullable<ServicePart["volumes"]>[number]>(
  ({ target }) => target,
  () => undefined,
);

const credential = fields<NonNullable<ServicePart["credential_spec"]>>({
  config: full,
  file: full,
  registry: full,
});

const lay = fields<ServicePart>({
  image: full,
  command: filled,
  entrypoint: filled,
  environment,
  labels: byKey,
  hostname: full,
  user: full,
  group_add: appendNew,
  working_dir: full,
  tty: full,
  stdin_open: full,
  read_only: full,
  init: full,
  stop_signal: full,
  stop_grace_period: full,
  isolation: full,
  dns: append,
  dns_search: append,
  dns_opt: appendNew,
  extra_hosts: append,
  cap_add: append,
  cap_drop: append,
  sysctls: byKey,
  ulimits: byKey,
  logging,
  healthcheck,
  credential_spec: credential,
  networks,
  ports,
  volumes,
  secrets: files,
  configs: files,
  depends_on: byKey,
  restart: full,
  deploy,
  profiles: appendNew,
  cpus: last,
  mem_reservation: last,
  pids_limit: last,
  scale: last,
});

const lists = ["ports", "volumes", "secrets", "configs"] as const;

/** Lays what a later file says of a service over what earlier ones say. */
export function mergeService(before: ServicePart, after: ServicePart, seam: Seam): ServicePart {
  const later: { -readonly [Key in keyof ServicePart]: ServicePart[Key] } = { ...after };
  for (const key of lists)
    if (before[key] !== undefined) later[key] ??= [];
    else if (later[key]?.length === 0) Reflect.deleteProperty(later, key);
  return lay(before, later, seam);
}
