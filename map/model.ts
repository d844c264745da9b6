import type { Node, Service, Task } from "@docker/node-sdk";
import { printableIn } from "../hosts/printable";
import { nameOf } from "../cluster/members";
import { hasEnded } from "../cluster/tasks";
import { complaints, nodeRow, quorumSentence, report, serviceRow } from "../status/report";
import type { NodeRow } from "../status/report";
import { huesOf } from "./hue";
import type { Declared, Look } from "./look";
import { byName } from "./picture";
import type { Head, ManagerMark, NodeColumn, Picture, ServiceEntry, Share } from "./picture";
import { imageParts, networkNames, tilesOf } from "./tiles";

/** The picture of one look: sorted, without dates of its own, with texts of others made fit to be shown. Pure. */
export function pictureOf(look: Look, declared: Declared): Picture {
  const services = look.services.map((service) => serviceEntry(service, look));
  const hues = huesOf(services.map(({ name }) => name));
  return printableIn({
    head: headOf(look, declared),
    nodes: nodeColumns(look, declared),
    services: services.map((entry) => ({ ...entry, hue: hues.get(entry.name) ?? 0 })).sort(byName),
    tiles: tilesOf(look),
  });
}

function headOf(look: Look, { environment, hosts }: Declared): Head {
  const found = report({ ...look, hosts, machines: undefined });
  const { spare } = found.quorum;
  return {
    environment,
    clusterId: found.cluster.id,
    asked: look.asked,
    managers: look.nodes.flatMap(managerMark).sort((a, b) => (a.name < b.name ? -1 : 1)),
    quorum: quorumSentence(found.quorum),
    strength: spare < 0 ? "lost" : spare === 0 ? "bare" : "safe",
    complaints: complaints(found, look.at),
  };
}

function managerMark(node: Node): ManagerMark[] {
  const { ManagerStatus: status } = node;
  if (!status) return [];
  const isReachable = status.Reachability === "reachable";
  const state = status.Leader === true ? "leader" : isReachable ? "reachable" : "unreachable";
  return [{ name: nameOf(node), state }];
}

function nodeColumns(look: Look, { hosts }: Declared): NodeColumn[] {
  const use = reservationsOf(look.tasks);
  const columns = look.nodes.map((node) => {
    const row = nodeRow(node, undefined);
    const state = look.locked.includes(row.name) ? "locked" : row.state;
    return columnOf({ ...row, state }, node, use.get(node.ID ?? ""));
  });
  const names = new Set(columns.map(({ name }) => name));
  const missing = Object.keys(hosts)
    .filter((name) => !names.has(name))
    .map((name) => {
      const role = hosts[name]?.role ?? "";
      const row = { name, role, manager: "", availability: "", labels: [], engine: "" };
      return columnOf({ ...row, state: "not in the swarm" }, { ID: `host ${name}` }, undefined);
    });
  return [...columns, ...missing].sort(byName);
}

interface Use {
  readonly cpu: number;
  readonly memory: number;
}

function columnOf(
  { name, role, manager, state, availability, labels, engine }: NodeRow,
  node: Node,
  { cpu, memory }: Use = { cpu: 0, memory: 0 },
): NodeColumn {
  const { NanoCPUs = 0, MemoryBytes = 0 } = node.Description?.Resources ?? {};
  return {
    ...{ id: node.ID ?? "", name, role, manager, state, availability, labels, engine },
    address: node.Status?.Addr ?? "",
    message: node.Status?.Message ?? "",
    cpu: share(cpu, NanoCPUs, 1e9),
    memory: share(memory, MemoryBytes, 1),
  };
}

function share(reserved: number, total: number, unit: number): Share {
  return { reserved: reserved / unit, total: total / unit };
}

/** What the tasks of each node have reserved, by the node's id: a task holds it until it has ended. */
function reservationsOf(tasks: readonly Task[]): ReadonlyMap<string, Use> {
  const uses = new Map<string, Use>();
  for (const task of tasks) {
    const { NodeID: node = "" } = task;
    if (node === "" || hasEnded(task)) continue;
    const { NanoCPUs = 0, MemoryBytes = 0 } = task.Spec?.Resources?.Reservations ?? {};
    const { cpu, memory } = uses.get(node) ?? { cpu: 0, memory: 0 };
    uses.set(node, { cpu: cpu + NanoCPUs, memory: memory + MemoryBytes });
  }
  return uses;
}

function serviceEntry(service: Service, look: Look): ServiceEntry {
  const { name, stack, mode, running, desired, ports } = serviceRow(service, look);
  const spec = service.Spec;
  const { image, digest } = imageParts(spec?.TaskTemplate?.ContainerSpec?.Image);
  const published = (service.Endpoint?.Ports ?? []).flatMap(
    ({ PublishedPort }) => PublishedPort ?? [],
  );
  const targets = (spec?.TaskTemplate?.Networks ?? []).flatMap(({ Target }) => Target ?? []);
  return {
    id: service.ID ?? "",
    hue: 0,
    ...{ name, stack, mode, running, desired, image, digest, ports },
    published: [...new Set(published)].sort((a, b) => a - b),
    networks: networkNames(targets, look.networks),
    update: updateText(service),
  };
}

/** An update that is over and went well is no news. */
function updateText({ UpdateStatus: status }: Service): string {
  const { State: state = "", Message: message = "" } = status ?? {};
  if (state === "" || state === "completed") return "";
  return message === "" ? state : `${state}: ${message}`;
}
