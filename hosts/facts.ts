import type { Machine } from "./machine";
import { parseFacts, sectionOf } from "./facts-parse";
import { OLD_PACKAGES } from "./platforms/platform";
import { readSigningKeys } from "./signing-keys";
import { askable, parseWays, waysAmong } from "./routes";
import type { Way } from "./routes";
import script from "./scripts/facts.sh";

/** Which of the two ways of installing an operating system knows. */
export type Family = "el" | "debian" | "other";

/** One network address of a machine, without its prefix length. */
export interface HostAddress {
  readonly interface: string;
  readonly address: string;
}

/** A kernel module: in use (or built in), loadable, or not part of this kernel. */
export type ModuleState = "loaded" | "available" | "missing";

/** A unit of systemd. */
export interface UnitFacts {
  /** The machine has such a unit. */
  readonly present: boolean;
  readonly running: boolean;
  readonly enabled: boolean;
}

/** A user of a machine. */
export interface UserFacts {
  readonly uid: number;
  readonly groups: readonly string[];
  /** Lines of authorized_keys. */
  readonly authorizedKeys: readonly string[];
  /** What our own file of sudo's lets the user do, without the name. */
  readonly sudo: string | undefined;
}

/** Openings of one firewall, in its own words; see `hosts/steps/firewall.ts` for how they are compared. */
export interface FirewallRules {
  /** `2377/tcp`, `esp`. */
  readonly openings: readonly string[];
  /** firewalld: rich rules. ufw: `<opening> <source>`. */
  readonly rules: readonly string[];
}

/** The firewall that is at work on a machine. */
export interface FirewallFacts {
  readonly kind: "firewalld" | "ufw" | "none";
  /** firewalld: zone of the interface with the host's address. */
  readonly zone: string;
  /** firewalld, with iptables behind it: accepts each packet before Docker's rules can send it to a container. */
  readonly takesAll: boolean;
  /** What counts now. */
  readonly runtime: FirewallRules;
  /** What counts after the next start. */
  readonly permanent: FirewallRules;
}

/** The engine as its packages, its unit and its process show it. */
export interface EngineFacts {
  /** Version in Docker's form (`26.1.5`); undefined where docker-ce is not installed. */
  readonly version: string | undefined;
  readonly running: boolean;
  readonly enabled: boolean;
  /** It runs a binary that was replaced since, or was changed by a run that did not come to its end. */
  readonly restartPending: boolean;
  /** Its rules are gone from the machine's own firewall, so that published ports answer no more. */
  readonly rulesLost: boolean;
  /** An installation that did not come to its end. */
  readonly installPending: boolean;
  /** Path of dockerd, also where it comes from no package of ours. */
  readonly path: string | undefined;
  /** Long names of the flags that the unit gives to dockerd (`host`, `label`). */
  readonly flags: readonly string[];
  /** Text of /etc/docker/daemon.json; undefined where there is none. */
  readonly daemonJson: string | undefined;
  /** Base URL of the repository that is set up, in Docker's layout (`https://download.docker.com`). */
  readonly repository: string | undefined;
  /** Text of the repository file. */
  readonly repositoryFile: string | undefined;
  /** Text of the file with the repository's key. */
  readonly repositoryKeyFile: string | undefined;
  /** Fingerprints of the keys in it, none where it cannot be read; undefined where there is no such file. */
  readonly repositoryKeys: readonly string[] | undefined;
}

/** Everything a preparation looks at, as it was at one moment. */
export interface Facts {
  readonly os: {
    readonly id: string;
    readonly like: readonly string[];
    /** `9`, `9.4`, `13`. */
    readonly version: string;
    /** Code name of the Debian or Ubuntu that it is or stands on (`trixie`); empty where it does not say. */
    readonly codename: string;
    /** Folder of Docker's repository that holds its packages (`centos`, `ubuntu`); empty where there is none. */
    readonly distribution: string;
    /** For people: `CentOS Stream 9`. */
    readonly name: string;
    readonly family: Family;
  };
  /** As `uname -m` says (`x86_64`). */
  readonly architecture: string;
  readonly kernel: string;
  readonly hostname: string;
  readonly machineId: string;
  readonly addresses: readonly HostAddress[];
  readonly memoryMiB: number;
  readonly swapMiB: number;
  /** Free space of the file systems. */
  readonly disk: { readonly rootMiB: number; readonly dockerMiB: number };
  /** The machine's clock minus this machine's, in seconds. */
  readonly clockSkewSeconds: number;
  readonly selinux: "enforcing" | "permissive" | "absent";
  /** The modules that were asked for, and those that a swarm needs. */
  readonly modules: Readonly<Record<string, ModuleState>>;
  /** The packages that were asked for, and those of the engine, as far as they are installed → version. */
  readonly packages: Readonly<Record<string, string>>;
  /** A killed dpkg left its journal. */
  readonly packageManagerInterrupted: boolean;
  readonly engine: EngineFacts;
  /** Text of /etc/hosts. */
  readonly hostsFile: string;
  readonly modulesFile: string | undefined;
  readonly sysctlFile: string | undefined;
  /** The kernel settings that were asked for, as far as the kernel has them. */
  readonly sysctls: Readonly<Record<string, string>>;
  /** The users that were asked for by name or number, as far as they exist. */
  readonly users: Readonly<Record<string, UserFacts>>;
  /** The services that were asked for and those that may keep the clock, by the names that they were asked by. */
  readonly units: Readonly<Record<string, UnitFacts>>;
  /** Swap does not come back at boot. */
  readonly swapMasked: boolean;
  readonly hasSudo: boolean;
  readonly firewall: FirewallFacts;
  /** An opening is to be closed once the machine is no manager any more. */
  readonly closingNoted: boolean;
}

/** What to look for by name; lists of everything would be long and slow. */
export interface FactsRequest {
  /** The host's own address; the firewall zone of its interface is the one looked at. */
  readonly address?: string | undefined;
  readonly modules?: readonly string[];
  readonly packages?: readonly string[];
  readonly users?: readonly string[];
  readonly sysctls?: readonly string[];
  /** Numbers of users that must be nobody else's. */
  readonly uids?: readonly number[];
  /** With their endings: `chronyd.service`. */
  readonly units?: readonly string[];
}

/** Packages of Docker's repository that make an engine. */
export const ENGINE_PACKAGES = ["docker-ce", "docker-ce-cli", "containerd.io"] as const;

/** Package of Docker's repository that makes `docker compose`. */
export const COMPOSE_PACKAGE = "docker-compose-plugin";

/** Services that keep a clock right, by what they are called in the settings. The ones in front are the better ones. */
export const CLOCK_SERVICES = {
  chrony: ["chronyd.service", "chrony.service"],
  timesyncd: ["systemd-timesyncd.service"],
  other: ["ntpd.service", "ntpsec.service", "ntp.service", "openntpd.service"],
} as const;

/** All of them. */
export const CLOCK_UNITS: readonly string[] = Object.values(CLOCK_SERVICES).flat();

/** Modules without which an engine or the routing mesh does not work. */
export const NEEDED_MODULES = [
  "br_netfilter",
  "bridge",
  "ip_vs",
  "overlay",
  "veth",
  "vxlan",
  "xt_addrtype",
];

/** Modules that encrypted overlay networks need besides. */
export const ENCRYPTION_MODULES = ["esp4", "xt_bpf"];

/**
 * Everything about a machine in one round trip.
 *
 * @throws HostUnreachableError, HostKeyError, AuthenticationError, CommandError, DeadlineError (hosts/errors.ts)
 */
export async function readFacts(machine: Machine, request: FactsRequest = {}): Promise<Facts> {
  return (await readFactsAndWays(machine, request, [])).facts;
}

/**
 * The same, and by which ways the machine gets to addresses, as `readWays` says, at no cost.
 *
 * @throws what {@link readFacts} throws
 */
export async function readFactsAndWays(
  machine: Machine,
  request: FactsRequest,
  addresses: readonly string[],
): Promise<{ readonly facts: Facts; readonly ways: ReadonlyMap<string, Way> }> {
  const list = (names: Iterable<string>): string => [...new Set(names)].sort().join(" ");
  const asked = askable(addresses);
  const before = Date.now();
  const { stdout } = await machine.script(script, [
    request.address ?? "",
    list([...NEEDED_MODULES, ...ENCRYPTION_MODULES, ...(request.modules ?? [])]),
    list([...ENGINE_PACKAGES, COMPOSE_PACKAGE, ...OLD_PACKAGES, ...(request.packages ?? [])]),
    list(request.users ?? []),
    list(request.sysctls ?? []),
    list((request.uids ?? []).map(String)),
    list([...CLOCK_UNITS, ...(request.units ?? [])]),
    list(asked),
  ]);
  // The machine looked at its clock somewhere between the two moments.
  const facts = parseFacts(stdout, (before + Date.now()) / 2000);
  const engine = { ...facts.engine, ...(await readKeyFile(facts.engine)) };
  const ways = waysAmong(parseWays(sectionOf(stdout, "addresses")), asked);
  return { facts: { ...facts, engine }, ways };
}

/** A file without a key in it is there all the same, and is no key that anybody expects. */
async function readKeyFile({
  repositoryKeyFile: text,
}: EngineFacts): Promise<Pick<EngineFacts, "repositoryKeys">> {
  if (text === undefined) return { repositoryKeys: undefined };
  const keys = await readSigningKeys(text).catch(() => undefined);
  return { repositoryKeys: keys?.fingerprints ?? [] };
}
