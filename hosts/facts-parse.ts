import type {
  EngineFacts,
  Facts,
  FirewallFacts,
  FirewallRules,
  HostAddress,
  ModuleState,
} from "./facts";
import { parseUsers } from "./account-text";
import { dockerVersion } from "./engine-versions";
import { acceptRule } from "./firewall-rules";
import { quoted, withoutRules } from "./firewalld-text";
import { baseOf } from "./platforms/base";
import { parseUnits } from "./unit-text";

type Sections = ReadonlyMap<string, readonly string[]>;

/**
 * Reads what `hosts/scripts/facts.sh` prints.
 *
 * @param text sections: a name at column 1, then lines indented by one space
 * @param now seconds since 1970 on this machine when the text was made
 */
export function parseFacts(text: string, now: number): Facts {
  const sections = splitSections(text);
  const lines = (name: string): readonly string[] => sections.get(name) ?? [];
  const system = keyValues(lines("system"));
  const packages = parsePackages(lines("packages"));
  const mebibytes = (key: string): number => Math.floor(Number(system[key] ?? 0) / 1024);
  return {
    os: parseOs(lines("os")),
    architecture: system.architecture ?? "",
    kernel: system.kernel ?? "",
    hostname: system.hostname ?? "",
    machineId: system["machine-id"] ?? "",
    addresses: lines("addresses").flatMap(parseAddress),
    memoryMiB: mebibytes("MemTotal"),
    swapMiB: mebibytes("SwapTotal"),
    disk: parseDisk(lines("disk")),
    clockSkewSeconds: Math.round(Number(system.clock ?? now) - now),
    selinux: (system.selinux ?? "absent") as Facts["selinux"],
    modules: words(lines("modules"), (rest) => rest[0] as ModuleState),
    packages,
    packageManagerInterrupted: lines("unfinished").includes("package-manager"),
    engine: parseEngine(sections, packages),
    hostsFile: fileText(lines("hosts-file")) ?? "",
    modulesFile: fileText(lines("modules-file")),
    sysctlFile: fileText(lines("sysctl-file")),
    sysctls: mapValues(keyValues(lines("sysctls")), (value) => value.replace(/\s+/g, " ").trim()),
    users: parseUsers(lines),
    units: parseUnits(lines("services")),
    swapMasked: system["swap-masked"] === "yes",
    hasSudo: system.sudo === "yes",
    firewall: parseFirewall(lines("firewall")),
    closingNoted: lines("unfinished").includes("close-later"),
  };
}

/** The lines of one section, as they were printed; what a machine has of its own in another one counts as nothing. */
export function sectionOf(text: string, name: string): string {
  return (splitSections(text).get(name) ?? []).join("\n");
}

function splitSections(text: string): Sections {
  const sections = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split("\n")) {
    if (line.startsWith(" ")) {
      current.push(line.slice(1));
    } else if (line !== "") {
      current = [];
      sections.set(line, current);
    }
  }
  return sections;
}

function keyValues(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf("=");
      return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

function words<T>(lines: readonly string[], value: (rest: string[]) => T): Record<string, T> {
  return Object.fromEntries(
    lines.map((line) => {
      const [name = "", ...rest] = line.split(" ");
      return [name, value(rest)];
    }),
  );
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

/** A file that is not there and an empty file need the same work, so they read the same. */
function fileText(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : `${lines.join("\n")}\n`;
}

function parseOs(lines: readonly string[]): Facts["os"] {
  const values = mapValues(keyValues(lines), (value) => value.replace(/^(["'])(.*)\1$/, "$2"));
  const id = values.ID ?? "";
  const like = (values.ID_LIKE ?? "").split(" ").filter((word) => word !== "");
  const version = values.VERSION_ID ?? "";
  return {
    id,
    like,
    version,
    name: values.PRETTY_NAME ?? values.NAME ?? id,
    ...baseOf({ id, like, major: Number.parseInt(version, 10) }, values),
  };
}

/** `4: eth0    inet 10.0.0.2/24 brd …` */
function parseAddress(line: string): HostAddress[] {
  const match = /^\d+:\s+(\S+)\s+inet6?\s+([^/\s]+)/.exec(line);
  return match?.[1] === undefined || match[2] === undefined
    ? []
    : [{ interface: match[1], address: match[2] }];
}

/** `installed docker-ce 26.1.5-1.el9`; dpkg also knows packages that are half there, which do not count. */
function parsePackages(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    lines
      .map((line) => line.split(" "))
      .filter(([status]) => status === "installed")
      .map(([, name = "", version = ""]) => [name, version]),
  );
}

/** What `df -Pk / /var/lib /var/lib/docker` says; the last folder that exists is the one images go to. */
function parseDisk(lines: readonly string[]): Facts["disk"] {
  const free = lines.slice(1).map((line) => Math.floor(Number(line.split(/\s+/)[3]) / 1024));
  return { rootMiB: free[0] ?? 0, dockerMiB: free.at(-1) ?? 0 };
}

function parseEngine(sections: Sections, packages: Readonly<Record<string, string>>): EngineFacts {
  const lines = sections.get("services") ?? [];
  const unit = keyValues(lines.slice(0, lines.indexOf("----")));
  const options = lines.filter((line) => /^[A-Z_]+=/.test(line));
  const unfinished = sections.get("unfinished") ?? [];
  const repositoryFile = fileText(sections.get("repository") ?? []);
  const version = packages["docker-ce"];
  return {
    version: version === undefined ? undefined : dockerVersion(version),
    running: unit.ActiveState === "active",
    enabled: unit.UnitFileState === "enabled",
    restartPending: unfinished.includes("engine-restart") || unit.Replaced === "yes",
    rulesLost: lines.includes("Rules=lost"),
    installPending: unfinished.includes("engine-install"),
    path: unit.Path === undefined || unit.Path === "" ? undefined : unit.Path,
    flags: flagNames([unit.ExecStart ?? "", ...options].join(" ")),
    daemonJson: fileText(sections.get("daemon-json") ?? []),
    repository: repositoryUrl(repositoryFile ?? ""),
    repositoryFile,
    repositoryKeyFile: fileText(sections.get("repository-key") ?? []),
    // They are read from the file, which takes a library that does not answer at once.
    repositoryKeys: undefined,
  };
}

/** `baseurl=https://…/linux/centos/9/…` or `deb [arch=… signed-by=…] https://…/linux/debian trixie stable`. */
function repositoryUrl(file: string): string | undefined {
  const el = /^baseurl=(\S+)\/[a-z]+\/\d+\/\$basearch\//m.exec(file);
  const debian = /^deb \[.*\] (\S+)\/[a-z]+ /m.exec(file);
  return (el ?? debian)?.[1];
}

/** Short flags of dockerd that have a daemon.json key of another name. */
const SHORT_FLAGS: Readonly<Record<string, string>> = {
  D: "debug",
  G: "group",
  H: "host",
  b: "bridge",
  l: "log-level",
  p: "pidfile",
  s: "storage-driver",
};

function flagNames(commandLine: string): string[] {
  const names = new Set<string>();
  for (const [, long, short] of commandLine.matchAll(
    /(?:^|[\s"'=])(?:--([a-z][a-z0-9-]*)|-([A-Za-z])(?=[\s"'=]))/g,
  )) {
    const name = long ?? SHORT_FLAGS[short ?? ""];
    if (name !== undefined) {
      names.add(name);
    }
  }
  return [...names].sort();
}

function parseFirewall(lines: readonly string[]): FirewallFacts {
  const kind = (valueOf(lines, "kind ") ?? "none") as FirewallFacts["kind"];
  const ufw = kind === "ufw" ? ufwRules(lines) : undefined;
  return {
    kind,
    zone: valueOf(lines, "zone ") ?? "",
    takesAll: lines.includes("takes-all"),
    runtime: ufw ?? runtimeRules(lines),
    permanent: ufw ?? zoneRules(valueOf(lines, "permanent Xml ") ?? ""),
  };
}

function valueOf(lines: readonly string[], prefix: string): string | undefined {
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
}

/** firewalld's answers over D-Bus, as busctl prints them: one for everything, or one for each part. */
function runtimeRules(lines: readonly string[]): FirewallRules {
  const settings = valueOf(lines, "runtime Settings ");
  const part = (key: string, type: "a(ss)" | "as", alone: string): string[] =>
    settings === undefined
      ? quoted(valueOf(lines, `runtime ${alone} `) ?? "")
      : settingOf(settings, key, type);
  return {
    openings: [...pairs(part("ports", "a(ss)", "Ports")), ...part("protocols", "as", "Protocols")],
    rules: part("rules_str", "as", "RichRules"),
  };
}

/** The strings of one entry of `a{sv} 2 "ports" a(ss) 1 "2377" "tcp" "protocols" as 1 "esp"`. */
function settingOf(settings: string, key: string, type: "a(ss)" | "as"): string[] {
  const [, after] = settings.split(`"${key}" ${type} `);
  const count = Number.parseInt(after ?? "0", 10);
  return quoted(after ?? "").slice(0, type === "as" ? count : 2 * count);
}

/** The openings of a zone's file, in which rich rules have ports and protocols of their own. */
function zoneRules(xml: string): FirewallRules {
  const { plain, rules } = withoutRules(xml);
  return {
    openings: openingsOf(plain),
    rules: rules.flatMap((rule) => {
      const family = attribute(/^<rule\b[^<>]*>/.exec(rule)?.[0] ?? "", "family");
      const source = attribute(/<source\b[^<>]*>/.exec(rule)?.[0] ?? "", "address");
      return rule.includes("<accept")
        ? openingsOf(rule).map((opening) => acceptRule(family, source, opening))
        : [];
    }),
  };
}

function openingsOf(xml: string): string[] {
  const ports = [...xml.matchAll(/<port\b[^<>]*>/g)].map(
    ([tag]) => `${attribute(tag, "port")}/${attribute(tag, "protocol")}`,
  );
  const protocols = [...xml.matchAll(/<protocol\b[^<>]*>/g)].map(([tag]) =>
    attribute(tag, "value"),
  );
  return [...ports, ...protocols];
}

function attribute(tag: string, name: string): string {
  return new RegExp(`\\b${name}=["']([^"']*)["']`).exec(tag)?.[1] ?? "";
}

/** `["2377", "tcp", …]` → `["2377/tcp", …]`. */
function pairs(strings: readonly string[]): string[] {
  return strings.flatMap((port, index) =>
    index % 2 === 0 ? [`${port}/${strings[index + 1] ?? ""}`] : [],
  );
}

/** `### tuple ### allow tcp 2377 0.0.0.0/0 any 10.0.0.2 in comment=…`: action, protocol, port, to, port, from. */
function ufwRules(lines: readonly string[]): FirewallRules {
  const openings: string[] = [];
  const rules: string[] = [];
  for (const line of lines) {
    const match = /^### tuple ### allow (\S+) (\S+) \S+ \S+ (\S+) in\b/.exec(line);
    const [, protocol = "", port = "", source = ""] = match ?? [];
    if (match === null) {
      continue;
    }
    const opening = port === "any" ? protocol : `${port.replace(":", "-")}/${protocol}`;
    // ufw keeps what is open for everybody twice, once for IPv6.
    if (source === "::/0") continue;
    if (source === "0.0.0.0/0") {
      openings.push(opening);
    } else {
      rules.push(`${opening} ${source}`);
    }
  }
  return { openings, rules };
}
