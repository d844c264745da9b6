import type { Node } from "@docker/node-sdk";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { KEEP } from "../host-settings/table";
import { labelsOf, NAMED_KEYS, parseDaemonJson } from "../hosts/daemon-json";
import type { Facts } from "../hosts/facts";
import { inputsOf } from "../provider/swarm/arguments";
import { addressOf, type Looked, type Machines } from "./machines";
import type { Login } from "./options";
import type { Seen } from "./seen";

type Part = Record<string, unknown>;

/** The configuration of an environment, as its file has it below `swarm:`. */
export interface Configuration {
  readonly ssh?: Part;
  readonly hosts: Readonly<Record<string, Part>>;
  readonly engine?: Part;
  readonly firewall?: unknown;
  readonly settings?: Part;
  readonly stacks?: Part;
}

/** What a machine is to be called: the first part of its host name; a number behind one that is taken. */
export function namesOf(nodes: readonly Node[]): Map<string, string> {
  const names = new Map<string, string>();
  const sorted = [...nodes].sort((one, other) => (hostnameOf(one) < hostnameOf(other) ? -1 : 1));
  const taken = new Set<string>();
  for (const node of sorted) {
    const [first = ""] = hostnameOf(node).toLowerCase().split(".");
    const plain = first.replace(/[^a-z0-9-]/g, "-").replace(/^-+|-+$/g, "") || "node";
    let name = plain;
    for (let count = 2; taken.has(name); count += 1) name = `${plain}-${count}`;
    taken.add(name);
    names.set(node.ID ?? "", name);
  }
  return names;
}

function hostnameOf({ Description: description }: Node): string {
  return description?.Hostname ?? "";
}

/** The cluster's part of the configuration: everything as it was found. */
export function clusterPart(
  { nodes, swarm }: Pick<Seen, "nodes" | "swarm">,
  names: ReadonlyMap<string, string>,
  machines: Machines,
  { user, port, agent }: Login,
): Configuration {
  const engines = new Map<string, Part>();
  const hosts = nodes.flatMap((node): [string, Part][] => {
    const name = names.get(node.ID ?? "");
    if (name === undefined) return [];
    const found = machines.get(node.ID ?? "");
    const looked = found !== undefined && "facts" in found ? found : undefined;
    if (looked !== undefined) engines.set(name, enginePart(looked.facts));
    return [[name, hostPart(node, name, looked)]];
  });
  const engine = common(engines);
  for (const [name, host] of hosts) {
    const own = without(engines.get(name) ?? {}, engine);
    if (Object.keys(own).length > 0) host.engine = own;
  }
  const settings = { ...inputsOf(swarm, {}) } as Part;
  const ssh = given({ user, port, agent });
  return {
    ...(Object.keys(ssh).length === 0 ? {} : { ssh }),
    hosts: Object.fromEntries(hosts.sort(([one], [other]) => (one < other ? -1 : 1))),
    ...(Object.keys(engine).length === 0 ? {} : { engine }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

function hostPart(node: Node, name: string, looked: Looked | undefined): Part {
  const { Role: role, Availability: availability, Labels: labels = {} } = node.Spec ?? {};
  const own = looked?.info.Swarm?.NodeAddr ?? addressOf(node);
  const address = looked?.address ?? own;
  const isOtherName = hostnameOf(node) !== name;
  return given({
    role,
    address: address === "" ? undefined : address,
    hostKey: looked?.hostKey,
    advertiseAddr: own === address || own === "" ? undefined : own,
    hostname: isOtherName ? KEEP : undefined,
    labels: Object.keys(labels).length === 0 ? undefined : labels,
    availability: availability === "active" ? undefined : availability,
  });
}

/** The engine as daemon.json has it, and where its packages are from. What holds a password is left where it is. */
function enginePart({ engine }: Facts): Part {
  const config = parseDaemonJson(engine.daemonJson);
  const others = Object.entries(config).filter(
    ([key, value]) => NAMED_KEYS[key] === undefined && !holdsPassword(value),
  );
  const labels = labelsOf(config);
  return given({
    ...repositoryPart(engine),
    registryMirrors: config["registry-mirrors"],
    insecureRegistries: config["insecure-registries"],
    labels: labels === undefined || Object.keys(labels).length === 0 ? undefined : labels,
    daemon: others.length === 0 ? undefined : Object.fromEntries(others),
  });
}

/** A URL with an account in it. */
export function holdsPassword(value: unknown): boolean {
  return /:\/\/[^/"\s]*@/.test(JSON.stringify(value));
}

const dockers = "https://download.docker.com";

function repositoryPart({ repository, repositoryKeys }: Facts["engine"]): Part {
  if (repository === undefined || repository.replace(/\/+$/, "") === dockers) return {};
  if (repository.replace(/\/linux\/*$/, "") === dockers) return {};
  return { repository, repositoryKey: repositoryKeys?.length === 0 ? undefined : repositoryKeys };
}

/** What all have in common. */
function common(parts: ReadonlyMap<string, Part>): Part {
  const [first = {}, ...others] = parts.values();
  return Object.fromEntries(
    Object.entries(first).filter(([key, value]) =>
      others.every((other) => isDeepStrictEqual(other[key], value)),
    ),
  );
}

function without(part: Part, shared: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([key]) => !(key in shared)));
}

function given(part: Part): Part {
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}

/** The text of `Pulumi.<stack>.yaml`. */
export function renderConfiguration(
  configuration: Configuration,
  stack: string,
  hasKey: boolean,
): string {
  const entries = Object.entries(configuration).map(([key, value]) => [
    `swarm:${key}`,
    value as unknown,
  ]);
  const text = stringify(
    { config: Object.fromEntries(entries) as object },
    { lineWidth: 0, aliasDuplicateObjects: false },
  );
  const login = hasKey
    ? `# How to log in:\n#   npm run pulumi -- config set --stack ${stack} --secret --path swarm:ssh.privateKey < FILE\n`
    : "";
  return `# yaml-language-server: $schema=schema/settings.json\n${login}${text}`;
}
