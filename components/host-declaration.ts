import { isIP } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { mergeEngine, mergeFirewall, mergeHost } from "../host-settings/merge";
import { KEEP, SWARM_MODULES, SWARM_SYSCTLS } from "../host-settings/table";
import type { HostArgs, HostEngine } from "../resources/host";
import type { ClusterArgs, EngineArgs, HostSettings, Sources } from "./cluster-args";

/** The part of a cluster's arguments that says how its machines shall be. */
type Declared = Pick<ClusterArgs, "engine" | "firewall" | "host" | "hosts" | "settings">;

/**
 * How one machine of a cluster shall be: what all have, and what it has of its own over it. Everything but the
 * addresses of the nodes.
 *
 * @param sources - of machines that are made with the cluster
 */
export function hostDeclaration(
  args: Declared,
  host: string,
  sources?: Sources,
): Omit<HostArgs, "addresses"> {
  const { drain, engine, firewall, role = "worker" } = args.hosts[host] ?? {};
  const open = mergeFirewall(args.firewall, firewall);
  const { dataPathPort } = args.settings ?? {};
  return {
    host,
    ...machine(mergeHost<HostSettings>(args.host, args.hosts[host])),
    engine: engineOf(args.engine, engine, sources),
    firewall:
      open === false
        ? false
        : {
            role,
            ...copied(open),
            ...(dataPathPort === undefined ? {} : { dataPathPort }),
          },
    ...(drain === undefined ? {} : { drain }),
  };
}

/** What names nodes beside their own addresses: those of their data paths, and interfaces, whose addresses their machines know. */
export function membersOf({ hosts }: Pick<ClusterArgs, "hosts">): Members {
  const all = Object.values(hosts).flatMap(({ dataPathAddr = "" }) =>
    isIP(dataPathAddr) === 0 ? [] : dataPathAddr,
  );
  const members = [...new Set(all)].sort();
  const interfaces = Object.fromEntries(
    Object.entries(hosts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([host, { advertiseAddr, dataPathAddr }]) => {
        const given = [advertiseAddr, dataPathAddr].filter((text) => text !== undefined);
        return [host, [...new Set(given.filter((text) => isIP(text) === 0))].sort()] as const;
      })
      .filter(([, names]) => names.length > 0),
  );
  return {
    ...(members.length === 0 ? {} : { members }),
    ...(Object.keys(interfaces).length === 0 ? {} : { interfaces }),
  };
}

/** The part of a host's arguments that says who the members are, beside `addresses`. */
interface Members {
  readonly members?: string[];
  readonly interfaces?: Record<string, string[]>;
}

/** The names that a machine is known by to the others: its own, and that of the configuration. */
export function namesOf({ host: common, hosts }: Declared, host: string): string[] {
  const { hostname = host } = mergeHost<HostSettings>(common, hosts[host]);
  return hostname === KEEP ? [host] : [...new Set([host, hostname])];
}

function machine({
  hostname,
  packages,
  users,
  modules,
  sysctls,
  services,
  timeService,
  swap,
  update,
  dockerCompose,
  removeEngine,
}: HostSettings): Omit<Partial<HostArgs>, "host" | "addresses"> {
  return copied({
    hostname,
    packages,
    users,
    ...(modules === undefined ? {} : { modules: [...new Set([...SWARM_MODULES, ...modules])] }),
    ...(sysctls === undefined ? {} : { sysctls: { ...SWARM_SYSCTLS, ...sysctls } }),
    services,
    timeService,
    swap,
    update,
    dockerCompose,
    removeEngine,
  });
}

function engineOf(
  common: EngineArgs | undefined,
  own: EngineArgs | undefined,
  sources: Sources | undefined,
): HostEngine {
  const merged = mergeEngine<EngineArgs>(common, own);
  const { registryMirrors = sources?.registryMirrors, repository = sources?.repository } = merged;
  // A repository that is made with the machines is signed by a key that is made with it.
  const isMade = sources !== undefined && merged.repository === undefined;
  const repositoryKey = merged.repositoryKey ?? (isMade ? false : undefined);
  const daemon = daemonOf(common?.daemon, own?.daemon);
  return copied({ ...merged, daemon, registryMirrors, repository, repositoryKey });
}

/** What is encrypted in one of them stays so in both. */
function daemonOf(common: EngineArgs["daemon"], own: EngineArgs["daemon"]): EngineArgs["daemon"] {
  if (common === undefined || own === undefined) return own ?? common;
  return lift(common, (all) => lift(own, (one) => ({ ...all, ...one })));
}

/** What a function makes of a value, of which only Pulumi may know when it is there, and whether it is secret. */
function lift<T, U>(value: pulumi.Input<T>, make: (known: T) => pulumi.Input<U>): pulumi.Input<U> {
  const later = value as { apply?: (call: (known: T) => pulumi.Input<U>) => pulumi.Input<U> };
  if (typeof later.apply === "function") return later.apply(make);
  return value instanceof Promise ? value.then((known) => make(known) as U) : make(value as T);
}

/** What is given of it. Lists may be read only here, and are not for Pulumi. */
function copied(values: object): object {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => [
        key,
        Array.isArray(value) ? [...(value as unknown[])] : value,
      ]),
  );
}
