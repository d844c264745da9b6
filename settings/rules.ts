import { isIP } from "node:net";
import { isHostKey } from "../hosts/host-key";
import { plainAddress } from "../hosts/endpoint";
import { placeOf } from "../hosts/target";
import { firewallOf, hostSettingProblems } from "./host-rules";
import { entriesOf, hostsOf, isMap, type Loose } from "./loose";
import { pathOf } from "../words/path";
import { mismatch, type Problem } from "./problem";
import { expectedHostKey } from "./schema";
import { stackNameProblems, stackProblems } from "./stack-rules";
import type { ComponentCheck } from "../components/catalogue-args";
import type { ClusterHostArgs } from "../components/cluster-args";

const maximumManagers = 7;

/** What one part of the configuration means for another. */
export function crossFieldProblems(
  raw: Loose,
  components: Readonly<Record<string, ComponentCheck>>,
  hasLab: boolean,
): Problem[] {
  const hosts = hostsOf(raw);
  return [
    ...hostNameProblems(hosts),
    ...stackNameProblems(raw),
    ...registryProblems(raw),
    ...managerProblems(raw, hosts),
    ...(raw.lab === undefined
      ? [...machineProblems(hosts, hasLab), ...loginProblems(raw, hosts)]
      : [...labProblems(raw, hosts), ...(hasLab ? [] : [noLab])]),
    ...addressProblems(raw, hosts),
    ...nodeAddressProblems(raw, hosts),
    ...labelProblems(raw, hosts),
    ...hostSettingProblems(raw, hosts),
    ...settingsProblems(raw.settings),
    ...stackProblems(raw, components),
  ];
}

/** What is allowed and still better done otherwise. */
export function advisories(hosts: Readonly<Record<string, ClusterHostArgs>>): string[] {
  const managers = Object.values(hosts).filter(({ role }) => role === "manager").length;
  const survived = Math.floor((managers - 1) / 2);
  const warnings: string[] = [];
  if (managers % 2 === 0)
    warnings.push(
      `hosts: ${managers} managers survive the loss of ${survived}, as ${managers - 1} would; ` +
        "expected an odd number. Make one more host a manager, or one a worker.",
    );
  if (managers > maximumManagers)
    warnings.push(
      `hosts: ${managers} managers; expected at most ${maximumManagers}: each one more slows every change down. ` +
        "Make some of them workers.",
    );
  return warnings;
}

const noLab: Problem = {
  path: "lab",
  reason:
    "got a lab, which is part of this project's own repository and not of its package; expected machines that exist. " +
    "Remove it, and give each host its address and hostKey.",
};

const hostName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

function hostNameProblems(hosts: readonly (readonly [string, Loose])[]): Problem[] {
  const expected = "a name of lower-case letters, digits and hyphens, as in a host name";
  return hosts
    .filter(([name]) => !hostName.test(name))
    .map(([name]) => mismatch(["hosts", name], name, expected));
}

/** The part of an image's name before its first slash, which Docker's own tools store accounts under too. */
const registryName = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/i;

function registryProblems(raw: Loose): Problem[] {
  return entriesOf(raw.registries)
    .filter(([name]) => !registryName.test(name))
    .map(([name]) =>
      mismatch(
        ["registries", name],
        name,
        'a registry as images name it, such as "registry.example.org:5000" or "docker.io"',
      ),
    );
}

function managerProblems(raw: Loose, hosts: readonly (readonly [string, Loose])[]): Problem[] {
  const known = hosts.every(([, { role }]) => role === "manager" || role === "worker");
  if (!isMap(raw.hosts) || !known || hosts.some(([, { role }]) => role === "manager")) return [];
  return [
    {
      path: "hosts",
      reason: "got no manager; expected one at least. Give one host `role: manager`.",
    },
  ];
}

function machineProblems(hosts: readonly (readonly [string, Loose])[], hasLab: boolean): Problem[] {
  const orLab = hasLab ? ". To boot the hosts on this machine instead, set swarm:lab" : "";
  return hosts.flatMap(([name, host]) => {
    const problems: Problem[] = [];
    if (host.address === undefined)
      problems.push(mismatch(["hosts", name, "address"], undefined, `an IP address${orLab}`));
    const { hostKey } = host;
    const given = typeof host.address === "string" ? host.address : undefined;
    if (hostKey === undefined || (typeof hostKey === "string" && !isHostKey(hostKey)))
      problems.push(mismatch(["hosts", name, "hostKey"], hostKey, expectedHostKey(given)));
    if (host.memory !== undefined)
      problems.push({
        path: pathOf(["hosts", name, "memory"]),
        reason: "only machines of a lab are given memory. Remove it, or set swarm:lab.",
      });
    return problems;
  });
}

/** Where all hosts lack the same, it is said once. */
function loginProblems(raw: Loose, hosts: readonly (readonly [string, Loose])[]): Problem[] {
  if (canLogIn(raw.ssh)) return [];
  const without = hosts.filter(([, host]) => !canLogIn(host.ssh)).map(([name]) => name);
  if (without.length === 0) return [];
  const who = without.length === hosts.length ? "any host" : without.join(", ");
  return [
    {
      path: "ssh",
      reason: `got no way to log in to ${who}; expected privateKey, agent or password, here or in hosts.NAME.ssh`,
    },
  ];
}

/** Keys are looked at, not values: an unusable one is the schema's to report. */
function canLogIn(ssh: unknown): boolean {
  return isMap(ssh) && ["privateKey", "agent", "password"].some((key) => ssh[key] !== undefined);
}

const labDecides = [
  "address",
  "hostKey",
  "ssh",
  "advertiseAddr",
  "dataPathAddr",
  "listenAddr",
] as const;

function labProblems(raw: Loose, hosts: readonly (readonly [string, Loose])[]): Problem[] {
  const reason =
    "swarm:lab gives its machines their addresses and keys. Remove this, or swarm:lab.";
  const set = hosts.flatMap(([name, host]) =>
    labDecides.filter((key) => host[key] !== undefined).map((key) => ["hosts", name, key]),
  );
  if (raw.ssh !== undefined) set.push(["ssh"]);
  return set.map((keys) => ({ path: pathOf(keys), reason }));
}

/** No two machines at one place; nor, where they are reached apart as behind address translation, two nodes at one address. */
function addressProblems(raw: Loose, hosts: readonly (readonly [string, Loose])[]): Problem[] {
  const [places, nodes] = [new Map<string, string>(), new Map<string, string>()];
  return hosts.flatMap(([name, host]) => {
    const { address, advertiseAddr } = host;
    if (typeof address !== "string") return [];
    const there = claimed(places, placeIn(address, host, raw.ssh), name);
    const own: unknown = advertiseAddr ?? address;
    const twin = isAddress(own) ? claimed(nodes, plainAddress(own), name) : undefined;
    if (there !== undefined)
      return [
        mismatch(["hosts", name, "address"], address, `another address than that of ${there}`),
      ];
    if (twin === undefined || !isAddress(own)) return [];
    const expected = `the node's own address: ${own} is that of ${twin} too, and the other nodes could not tell the two apart`;
    return [mismatch(["hosts", name, "advertiseAddr"], advertiseAddr, expected)];
  });
}

/** Who had it before. */
function claimed(claims: Map<string, string>, what: string, name: string): string | undefined {
  const other = claims.get(what);
  claims.set(what, other ?? name);
  return other;
}

/**
 * The nodes' own addresses must be known as such where they are written down: in /etc/hosts, and in firewalls that let
 * nodes in and nobody else.
 */
function nodeAddressProblems(raw: Loose, hosts: readonly (readonly [string, Loose])[]): Problem[] {
  const isOpen = hosts.every(([, host]) => letsIn(firewallOf(raw, host)));
  return hosts.flatMap(([name, { address, advertiseAddr, dataPathAddr }]) => {
    const problems: Problem[] = [];
    const isName = typeof address === "string" && isIP(address) === 0 && /[a-z]/i.test(address);
    if (isName && !isAddress(advertiseAddr))
      problems.push(
        mismatch(
          ["hosts", name, "advertiseAddr"],
          advertiseAddr,
          "the node's own IP address, because address is a name",
        ),
      );
    for (const [key, value] of Object.entries({ advertiseAddr, dataPathAddr }))
      if (!isOpen && typeof value === "string" && !isAddress(value))
        problems.push(
          mismatch(
            ["hosts", name, key],
            value,
            "an IP address, because the firewalls let in the nodes alone. Or name the nodes' subnet in firewall.sources",
          ),
        );
    return problems.slice(0, 2);
  });
}

/** Whether it opens for more than the nodes' own addresses, or is not looked after. */
function letsIn(firewall: Loose | false): boolean {
  return firewall === false || firewall.source === "any" || Array.isArray(firewall.sources);
}

function isAddress(value: unknown): value is string {
  return typeof value === "string" && isIP(value) !== 0;
}

/** Where a machine is reached, as far as it is said in a form that can be read. */
function placeIn(address: string, host: Loose, ssh: unknown): string {
  const said = (key: "port" | "jump"): unknown =>
    [host.ssh, ssh]
      .map((one) => (isMap(one) ? one[key] : undefined))
      .find((one) => one !== undefined);
  const [port, jump] = [said("port"), said("jump")];
  return placeOf({
    address,
    ...(typeof port === "number" ? { port } : {}),
    ...(isMap(jump) && typeof jump.address === "string"
      ? { jump: { address: jump.address, port: typeof jump.port === "number" ? jump.port : 22 } }
      : {}),
  });
}

function labelProblems(raw: Loose, hosts: readonly (readonly [string, Loose])[]): Problem[] {
  const labelsOf = (engine: unknown): unknown => (isMap(engine) ? engine.labels : undefined);
  const sets: [string[], unknown][] = [
    [["engine", "labels"], labelsOf(raw.engine)],
    ...hosts.flatMap(([name, host]): [string[], unknown][] => [
      [["hosts", name, "labels"], host.labels],
      [["hosts", name, "engine", "labels"], labelsOf(host.engine)],
    ]),
  ];
  return sets.flatMap(([path, labels]) =>
    entriesOf(labels)
      .filter(([key]) => !/^[\w./-]+$/.test(key))
      .map(([key]) =>
        mismatch(
          [...path, key],
          key,
          "a label's name of letters, digits and . _ - / without spaces",
        ),
      ),
  );
}

/** What one setting of the swarm means for another. */
function settingsProblems(settings: unknown): Problem[] {
  if (!isMap(settings)) return [];
  const at = (...keys: string[]) => pathOf(["settings", ...keys]);
  const rotate = isMap(settings.rotate) ? settings.rotate : {};
  const problems = entriesOf(settings.labels)
    .filter(([key]) => !/^[\w./-]+$/.test(key))
    .map(([key]) =>
      mismatch(
        ["settings", "labels", key],
        key,
        "a label's name of letters, digits and . _ - / without spaces",
      ),
    );
  if (rotate.unlockKey !== undefined && settings.autolock !== true)
    problems.push({
      path: at("rotate", "unlockKey"),
      reason: "got a word; expected settings.autolock: true, without which there is no key",
    });
  if (rotate.ca !== undefined && settings.caCert !== undefined)
    problems.push({
      path: at("rotate", "ca"),
      reason:
        "got a word, and settings.caCert is given; expected one of the two: a new caCert rotates by itself",
    });
  return problems;
}
