/** How a machine shall be. Everything is a plain value; what is left out is not touched. */
export interface HostSpec {
  /** Name of the machine in the configuration. */
  readonly host: string;
  /** `keep`: the one that it has, whose first part is `host`. */
  readonly hostname: string;
  /** Host names and addresses of all nodes, this one included, for /etc/hosts. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Further addresses of nodes, such as those of their data path: who has one of them is let in, too. @default [] */
  readonly members?: readonly string[] | undefined;
  /** Further addresses of other nodes, by host, as their machines say: they are let in, too. @default {} */
  readonly memberSources?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly engine: EngineSpec;
  /** false: the firewall is the user's own business. */
  readonly firewall: false | FirewallSpec;
  /** Packages that shall be installed besides. */
  readonly packages: readonly string[];
  /** Users that shall exist. */
  readonly users: Readonly<Record<string, UserSpec>>;
  /** Kernel modules that shall be loaded now and at boot. */
  readonly modules: readonly string[];
  /** Kernel settings (`net.ipv4.ip_forward`) now and at boot. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** Services that shall run, now and after each boot. @default [] */
  readonly services?: readonly string[] | undefined;
  /** What keeps the clock right. @default - whatever there is */
  readonly timeService?: "any" | "chrony" | "timesyncd" | undefined;
  /** false: none, now and at boot. @default - whatever there is */
  readonly swap?: boolean | undefined;
  /** `docker compose` shall be there. @default false */
  readonly dockerCompose?: boolean | undefined;
  /** Bring every package to its newest version, once. */
  readonly update: boolean;
  /** It takes part in a quorum now, whatever it is to become. @default false */
  readonly isManager?: boolean;
  /** What was declared before and is not any more. @default - nothing */
  readonly former?: FormerSpec;
}

/** A user of the machine. */
export interface UserSpec {
  readonly uid?: number;
  readonly groups: readonly string[];
  /** Lines of authorized_keys; others that are there stay. */
  readonly authorizedKeys?: readonly string[];
  /** What stands after the name in a file of sudo's. */
  readonly sudo?: string;
}

/** Docker on the machine. */
export interface EngineSpec {
  /** Version of docker-ce, or its first digits. @default - what is there, else the newest in the repository */
  readonly version?: string | undefined;
  /** URL of the repository down to `/linux`, laid out like https://download.docker.com/linux. */
  readonly repository: string;
  /** Fingerprints of the keys that may sign it; false: whatever key lies beside the packages. @default - Docker's own */
  readonly repositoryKey?: readonly string[] | false | undefined;
  readonly registryMirrors?: readonly string[] | undefined;
  readonly insecureRegistries?: readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  /** Further keys of daemon.json. */
  readonly daemon?: Readonly<Record<string, unknown>> | undefined;
}

/** What other machines may reach. */
export interface FirewallSpec {
  /** From anywhere, or only from the addresses of the other nodes and from `sources`. */
  readonly source: "any" | "members";
  /** Addresses and subnets (`10.20.0.0/16`) that are let in beside the nodes. @default [] */
  readonly sources?: readonly string[] | undefined;
  /** `2377/tcp`, `30000-30010/udp`, or a protocol (`esp`). */
  readonly ports: readonly string[];
}

/** Things that were declared by the last run and are not any more: they are taken back. */
export interface FormerSpec {
  readonly daemonKeys?: readonly string[];
  readonly firewall?: { readonly spec: FirewallSpec; readonly members: readonly string[] };
  readonly users?: Readonly<Record<string, UserSpec>>;
}

/** Unit of a service: `node_exporter` is short for `node_exporter.service`. */
export function unitOf(service: string): string {
  return /\.(service|socket|timer|target|path|mount)$/.test(service)
    ? service
    : `${service}.service`;
}

/** Whether a version is the wanted one; `26.1` accepts every `26.1.x`. */
export function satisfies(version: string | undefined, wanted: string | undefined): boolean {
  if (version === undefined) {
    return false;
  }
  return wanted === undefined || version === wanted || version.startsWith(`${wanted}.`);
}

/** Whether going from one version to another goes back; only the digits that both have are compared. */
export function isDowngrade(from: string, to: string): boolean {
  const numbers = (version: string): number[] => (version.match(/\d+/g) ?? []).map(Number);
  const before = numbers(from);
  for (const [index, number] of numbers(to).entries()) {
    const other = before[index];
    if (other === undefined || other !== number) {
      return other !== undefined && number < other;
    }
  }
  return false;
}

/** The address that the table of nodes gives to this machine. */
export function ownAddress(
  spec: Pick<HostSpec, "host" | "hostname" | "addresses">,
): string | undefined {
  return spec.addresses[spec.hostname] ?? spec.addresses[spec.host];
}

/** Addresses of the other nodes, those included that they speak from, sorted, each once. */
export function memberAddresses(
  spec: Pick<HostSpec, "host" | "hostname" | "addresses" | "members" | "memberSources">,
): string[] {
  const own = ownAddress(spec);
  const sources = Object.values(spec.memberSources ?? {}).flat();
  const all = [...Object.values(spec.addresses), ...(spec.members ?? []), ...sources];
  return [...new Set(all)].filter((address) => address !== own).sort();
}
