import { isIP } from "node:net";
import { NAMED_KEYS } from "../../hosts/daemon-json";
import { isTooOld } from "../../hosts/engine-versions";
import { USER_GROUPS } from "../../host-settings/table";
import { oldEngineProblem } from "../../hosts/preflight";
import { childPath } from "../fields/paths";
import type { UserSpec } from "../../hosts/host-spec";
import type { CheckRequest, CheckResult, Failure } from "../resource";
import { isUnknown } from "../value";
import type { HostInputs, RawHostInputs } from "./arguments";

interface Rule {
  readonly test: RegExp;
  readonly expected: string;
}

const HOSTNAME: Rule = {
  test: /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/,
  expected: "a host name of letters, digits and hyphens",
};
const VERSION: Rule = {
  test: /^\d+(\.\d+)*$/,
  expected: "a version of docker-ce such as 26.1.5, or its first digits",
};
const URL_RULE: Rule = {
  test: /^https?:\/\/[^\s"'\\]+$/,
  expected: "a URL that begins with https:// or http://",
};
const FINGERPRINT: Rule = {
  test: /^([0-9A-F]\s*){40}$/i,
  expected: "the fingerprint of a key, 40 hex digits as `gpg --show-keys` prints them",
};
const ADDRESS: Rule = {
  test: /^[0-9A-Fa-f.:]+$/,
  expected: "an IP address",
};
const OPENING: Rule = {
  test: /^(\d{1,5}(-\d{1,5})?\/(tcp|udp|sctp|dccp)|ah|esp|gre|icmp|igmp|ipv6-icmp|vrrp)$/,
  expected: "port/protocol such as 9100/tcp or 30000-30010/udp, or a protocol such as esp",
};
const ONE_LINE: Rule = { test: /^[^\r\n\0]*$/, expected: "one line" };
const LABEL: Rule = { test: /^[^\s=\0]+$/, expected: "a label name without spaces and =" };

/** Rules across fields and values, the defaults that depend on others, and all openings of the firewall. */
export function checkHost(
  { news }: Pick<CheckRequest<RawHostInputs>, "news">,
  { inLab = false } = {},
): CheckResult<HostInputs> {
  const hostname = news.hostname ?? news.host;
  const failures = [
    ...(news.hostname === undefined ? holds("host", hostname, HOSTNAME) : []),
    ...addressFailures(news.addresses),
    ...engineFailures(news.engine),
    ...(inLab ? [] : repositoryFailures(news.engine)),
    ...firewallFailures(news.firewall),
    ...every("members", news.members ?? [], ADDRESS),
    ...uidFailures(news.users),
  ];
  const firewall = news.firewall === false ? (false as const) : withOpenings(news.firewall);
  const inputs = {
    ...news,
    hostname,
    sysctls: Object.fromEntries(
      Object.entries(news.sysctls).map(([key, value]) => [key, oneSpace(String(value))]),
    ),
    users: userMap(news.users),
    firewall,
  };
  return {
    inputs,
    failures,
    warnings: [...(inLab ? [] : repositoryWarnings(news.engine)), ...warningsOf(firewall)],
  };
}

/** Each with its groups. A value that is not known yet stays as it is. */
function userMap(users: RawHostInputs["users"]): HostInputs["users"] {
  const withGroups = (user: RawHostInputs["users"][string]): UserSpec =>
    isUnknown(user) ? (user as UserSpec) : { ...user, groups: user.groups ?? USER_GROUPS };
  if (isUnknown(users)) return users as HostInputs["users"];
  return Object.fromEntries(Object.entries(users).map(([name, user]) => [name, withGroups(user)]));
}

function uidFailures(users: RawHostInputs["users"]): Failure[] {
  const first = new Map<number, string>();
  return Object.entries(users).flatMap(([name, { uid }]) => {
    if (uid === undefined || isUnknown(uid)) return [];
    const other = first.get(uid);
    first.set(uid, other ?? name);
    if (other === undefined) return [];
    return [
      {
        path: childPath(childPath("users", name), "uid"),
        reason: `got ${uid}, the number of ${other} too; expected one of its own`,
      },
    ];
  });
}

function firewallFailures(firewall: RawHostInputs["firewall"]): Failure[] {
  if (firewall === false) return [];
  const { ports, source, sources } = firewall;
  const failures = every("firewall.ports", ports, OPENING);
  if (source === "any" && sources !== undefined)
    failures.push({
      path: "firewall.sources",
      reason:
        "got a list beside source: any, which lets everybody in; expected one of the two. Take source away.",
    });
  return failures;
}

/** @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts */
function warningsOf(firewall: HostInputs["firewall"]): string[] {
  if (firewall === false || firewall.source !== "any") return [];
  return [
    `firewall.source: any lets everybody reach ${firewall.ports.join(", ")}. Whoever can send to the port of the data ` +
      "path can write into overlay networks, encrypted ones included. Leave source out to let the nodes in alone, and " +
      "name others in sources.",
  ];
}

/**
 * Everything a node of a swarm is reached by.
 *
 * @see https://docs.docker.com/engine/swarm/swarm-tutorial/#open-protocols-and-ports-between-the-hosts
 */
function withOpenings(
  firewall: Exclude<RawHostInputs["firewall"], false>,
): Exclude<HostInputs["firewall"], false> {
  const swarm = ["7946/tcp", "7946/udp", `${firewall.dataPathPort}/udp`, "esp"];
  const manager = firewall.role === "manager" ? ["2377/tcp"] : [];
  return { ...firewall, ports: [...new Set([...manager, ...swarm, ...firewall.ports])].sort() };
}

function oneSpace(value: string): string {
  return value.replace(/\s+/g, " ").trim();
}

function addressFailures(addresses: unknown): Failure[] {
  if (typeof addresses !== "object" || addresses === null) {
    return [];
  }
  return Object.entries(addresses as Record<string, string>).flatMap(([name, address]) => [
    ...holds(childPath("addresses", name), name, HOSTNAME),
    ...(isUnknown(address) || isIP(address) !== 0
      ? []
      : [failure(childPath("addresses", name), address, "an IP address")]),
  ]);
}

function engineFailures(engine: RawHostInputs["engine"]): Failure[] {
  const taken = Object.keys(engine.daemon ?? {}).filter((key) => key in NAMED_KEYS);
  return [
    ...(engine.version === undefined ? [] : holds("engine.version", engine.version, VERSION)),
    ...tooOld(engine.version),
    ...holds("engine.repository", engine.repository, URL_RULE),
    ...every("engine.repositoryKey", engine.repositoryKey, FINGERPRINT),
    ...every("engine.registryMirrors", engine.registryMirrors ?? [], URL_RULE),
    ...every("engine.insecureRegistries", engine.insecureRegistries ?? [], ONE_LINE),
    ...keysAndValues("engine.labels", engine.labels ?? {}, LABEL),
    ...taken.map((key) => ({
      path: childPath("engine.daemon", key),
      reason: `got a value; expected it as engine.${NAMED_KEYS[key] ?? key}. Move it there.`,
    })),
  ];
}

function tooOld(version: string | undefined): Failure[] {
  if (version === undefined || isUnknown(version) || !VERSION.test.test(version)) return [];
  return isTooOld(version) ? [oldEngineProblem(version)] : [];
}

/** Without TLS and without a known key, whoever stands on the way decides what runs as root on the machine. */
function repositoryFailures({ repository, repositoryKey }: RawHostInputs["engine"]): Failure[] {
  if (repositoryKey !== false || !isPlain(repository)) return [];
  return [
    {
      path: "engine.repositoryKey",
      reason: `got false beside ${repository}, where neither the way nor the packages are proven; expected one of the two. Declare the fingerprint of the repository's key (\`gpg --show-keys\`), or take its https:// address.`,
    },
  ];
}

function repositoryWarnings({ repository, repositoryKey }: RawHostInputs["engine"]): string[] {
  if (repositoryKey === false && !isPlain(repository))
    return [
      `engine.repositoryKey: false trusts whatever key lies in ${repository}: whoever can write there decides what runs as root on this machine. Declare the key's fingerprint.`,
    ];
  if (repositoryKey !== false && isPlain(repository))
    return [
      `engine.repository: ${repository} is spoken to without TLS. Its packages are signed, but whoever stands on the way can hold back newer ones and see what is installed. Take its https:// address.`,
    ];
  return [];
}

function isPlain(repository: unknown): boolean {
  return typeof repository === "string" && repository.startsWith("http://");
}

function every(path: string, values: unknown, rule: Rule): Failure[] {
  if (!Array.isArray(values)) {
    return [];
  }
  return values.flatMap((value, index) => holds(`${path}[${index}]`, value, rule));
}

function keysAndValues(path: string, record: unknown, rule: Rule): Failure[] {
  if (typeof record !== "object" || record === null) {
    return [];
  }
  return Object.entries(record).flatMap(([key, value]) => [
    ...holds(childPath(path, key), key, rule),
    ...holds(childPath(path, key), String(value), ONE_LINE),
  ]);
}

function holds(path: string, value: unknown, { test, expected }: Rule): Failure[] {
  if (typeof value !== "string" || isUnknown(value) || test.test(value)) {
    return [];
  }
  return [failure(path, value, expected)];
}

function failure(path: string, value: string, expected: string): Failure {
  return { path, reason: `got ${JSON.stringify(value)}; expected ${expected}` };
}
