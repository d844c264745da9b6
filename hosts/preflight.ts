import { daemonProblems } from "./daemon-problems";
import { isTooOld, OLDEST_ENGINE } from "./engine-versions";
import { ENCRYPTION_MODULES, ENGINE_PACKAGES, NEEDED_MODULES } from "./facts";
import type { Facts } from "./facts";
import { isDowngrade, ownAddress, satisfies } from "./host-spec";
import type { HostSpec } from "./host-spec";
import { platformOf } from "./platforms/platform";
import { settingProblems } from "./setting-problems";

/** Something that stands in the way of a preparation. */
export interface Problem {
  /** Property it belongs to (`engine.version`); `host` for the machine itself. */
  readonly path: string;
  /** What was found, what was expected, what to do. */
  readonly reason: string;
}

/** Largest difference between two clocks with which certificates and Raft still work well. */
const CLOCK_SECONDS = 60;

/** Room that an engine with its packages needs, and that images need at the very least. */
const ROOT_MIB = 512;
const DOCKER_MIB = 1024;

/** Machine kinds that Docker's repositories have packages for. */
const ARCHITECTURES = ["x86_64", "aarch64"];

/**
 * Everything that stands in the way of preparing one machine. Nothing may be changed while this is not empty.
 */
export function preflight(facts: Facts, spec: HostSpec): Problem[] {
  return [
    ...systemProblems(facts),
    ...clockProblems(facts),
    ...addressProblems(facts, spec),
    ...moduleProblems(facts, spec),
    ...diskProblems(facts, spec),
    ...versionProblems(facts, spec),
    ...daemonProblems(facts, spec),
    ...settingProblems(facts, spec),
  ];
}

/** Things that do not stop a preparation but that people should know. */
export function advice(facts: Facts, spec: HostSpec): string[] {
  const said: string[] = [];
  const weak = ENCRYPTION_MODULES.filter((name) => facts.modules[name] === "missing");
  if (weak.length > 0) {
    said.push(
      `${spec.host}: the kernel has no ${weak.join(" and no ")}; encrypted overlay networks will not work on it`,
    );
  }
  if (spec.firewall !== false && facts.firewall.kind === "none") {
    said.push(
      `${spec.host}: neither firewalld nor ufw is at work, so whoever reaches the machine reaches ${spec.firewall.ports.join(", ")}; a firewall in front of it must let these through between the nodes, and nobody else`,
    );
  }
  if (facts.firewall.takesAll) {
    said.push(
      `${spec.host}: firewalld (FirewallBackend=iptables) accepts each packet in the table nat before Docker's rules there, so that published ports of containers, and since Docker 29 those of services, do not answer; firewalld 2.5.2 does so. Set FirewallBackend=nftables in /etc/firewalld/firewalld.conf and restart firewalld.`,
    );
  }
  return said;
}

/** What two machines of one cluster must not share. */
export interface Identity {
  readonly machineId: string;
  /** The host name that it is to have, where that is known. */
  readonly hostname?: string;
}

/** What stands against these machines forming one cluster: identities that must differ and do not. */
export function clusterProblems(hosts: ReadonlyMap<string, Identity>): Problem[] {
  const clones = sharedBy(hosts, ({ machineId }) => machineId).map(([id, names]) => ({
    path: "host",
    reason: `got machine-id ${id} on ${names}; expected one of its own for every machine (clones share it). Empty /etc/machine-id on all but one of them and reboot.`,
  }));
  const namesakes = sharedBy(hosts, ({ hostname }) => hostname).map(([hostname, names]) => ({
    path: "hostname",
    reason: `got ${hostname} for ${names}; expected one of its own for every machine, because labels and constraints name nodes by it. Give all but one of them another.`,
  }));
  return [...clones, ...namesakes];
}

/** What several hosts have alike, with their names: `m1 and m2`. */
function sharedBy(
  hosts: ReadonlyMap<string, Identity>,
  of: (identity: Identity) => string | undefined,
): [string, string][] {
  const groups = new Map<string, string[]>();
  for (const [host, identity] of [...hosts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const shared = of(identity);
    if (shared !== undefined) groups.set(shared, [...(groups.get(shared) ?? []), host]);
  }
  return [...groups]
    .filter(([, names]) => names.length > 1)
    .map(([shared, names]) => [shared, names.join(" and ")]);
}

function systemProblems({ os, architecture }: Facts): Problem[] {
  const problems: Problem[] = [];
  if (os.id === "amzn") {
    problems.push({
      path: "host",
      reason: `got ${os.name}; Docker makes no packages for it, and Amazon's own (docker) are not looked after here. Use a machine with one of the systems of https://docs.docker.com/engine/install/.`,
    });
  } else if (os.family === "other") {
    problems.push({
      path: "host",
      reason: `got operating system ${os.name || "without a name"}; expected one of the Enterprise Linux, Fedora, Debian or Ubuntu families. Use such a machine.`,
    });
  } else if (os.family === "debian" && os.codename === "") {
    problems.push({
      path: "host",
      reason: `got ${os.name}, whose /etc/os-release does not say which Debian or Ubuntu it stands on (DEBIAN_CODENAME, UBUNTU_CODENAME); Docker's packages are made for their releases. Add the line that is true, or use such a machine.`,
    });
  }
  if (os.family === "el" && Number(os.version.split(".")[0]) < 7) {
    problems.push({
      path: "host",
      reason: `got ${os.name}; expected version 7 or newer. Use a newer machine.`,
    });
  }
  if (!ARCHITECTURES.includes(architecture)) {
    problems.push({
      path: "host",
      reason: `got architecture ${architecture}; expected ${ARCHITECTURES.join(" or ")}. Use such a machine.`,
    });
  }
  return problems;
}

function clockProblems({ clockSkewSeconds: skew }: Facts): Problem[] {
  if (Math.abs(skew) <= CLOCK_SECONDS) {
    return [];
  }
  return [
    {
      path: "host",
      reason: `got a clock that is ${Math.abs(skew)} s ${skew > 0 ? "ahead of" : "behind"} this machine's; expected at most ${CLOCK_SECONDS} s. Let a time service (chronyd, systemd-timesyncd) set both clocks.`,
    },
  ];
}

function addressProblems(facts: Facts, spec: HostSpec): Problem[] {
  const own = ownAddress(spec);
  if (own === undefined) {
    return [];
  }
  const present = facts.addresses.map(({ address }) => address);
  if (present.includes(own)) {
    return [];
  }
  const usable = facts.addresses
    .filter((a) => a.interface !== "lo")
    .map((a) => `${a.address} (${a.interface})`);
  return [
    {
      path: `addresses.${spec.addresses[spec.hostname] === undefined ? spec.host : spec.hostname}`,
      reason: `got ${own}; the machine has ${usable.join(", ") || "no address"}. Give the address that the other nodes reach it by: the host's advertiseAddr, where its address is another, as behind address translation.`,
    },
  ];
}

function moduleProblems(facts: Facts, spec: HostSpec): Problem[] {
  const platform = platformOf(facts);
  // The step that loads them is the one to say so if the package does not have them either.
  const brought = spec.packages.some(
    (name) => platform.bringsModules(name) && facts.packages[name] === undefined,
  );
  const missing = (names: readonly string[]): string[] =>
    brought ? [] : names.filter((name) => facts.modules[name] === "missing").sort();
  const own = spec.modules.filter((name) => !NEEDED_MODULES.includes(name));
  const problems: Problem[] = [];
  const needed = missing(NEEDED_MODULES);
  if (needed.length > 0) {
    problems.push({
      path: "modules",
      reason: `got kernel ${facts.kernel} without ${needed.join(", ")}; the engine and a swarm's networks need them. ${platform.moduleAdvice(facts)}`,
    });
  }
  for (const name of missing(own)) {
    problems.push({
      path: "modules",
      reason: `got ${name}; kernel ${facts.kernel} has no such module. Take it out, or install the package that has it.`,
    });
  }
  return problems;
}

function diskProblems(facts: Facts, spec: HostSpec): Problem[] {
  const { version } = facts.engine;
  if (satisfies(version, spec.engine.version)) {
    return [];
  }
  const checks = [
    { where: "/", free: facts.disk.rootMiB, least: ROOT_MIB },
    { where: "/var/lib/docker", free: facts.disk.dockerMiB, least: DOCKER_MIB },
  ];
  return checks
    .filter(({ free, least }) => free < least)
    .map(({ where, free, least }) => ({
      path: "host",
      reason: `got ${free} MiB free on ${where}; expected at least ${least} MiB before the engine is installed. Make room.`,
    }));
}

function versionProblems({ engine, packages, os }: Facts, spec: HostSpec): Problem[] {
  const wanted = spec.engine.version;
  if (engine.version !== undefined && wanted !== undefined && isDowngrade(engine.version, wanted)) {
    return [downgradeProblem(engine.version, wanted)];
  }
  if (engine.version !== undefined && wanted === undefined && isTooOld(engine.version))
    return [oldEngineProblem(engine.version)];
  if (wanted !== undefined && isTooOld(wanted)) return [oldEngineProblem(wanted)];
  const packaged = [...ENGINE_PACKAGES, ...platformOf({ os }).oldPackages].some(
    (name) => packages[name] !== undefined,
  );
  if (engine.path !== undefined && !packaged && !engine.installPending) {
    return [
      {
        path: "engine",
        reason: `got a dockerd at ${engine.path} that comes from no package known here; expected none, or docker-ce. Remove it.`,
      },
    ];
  }
  return [];
}

/** What is spoken to an engine came with that version. */
export function oldEngineProblem(version: string): Problem {
  return {
    path: "engine.version",
    reason: `got ${version}; expected ${OLDEST_ENGINE} or newer, the first that speaks version 1.41 of Docker's API. Declare such a version; an older engine is updated to it in place.`,
  };
}

/** An older engine cannot read what a newer one has written. */
export function downgradeProblem(from: string, to: string): Problem {
  return {
    path: "engine.version",
    reason: `got ${to}; the machine has ${from}, and an engine never goes back to an older version, because it may not be able to read its data. Declare ${from} or newer, or prepare a fresh machine.`,
  };
}
