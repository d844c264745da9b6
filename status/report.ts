import type { EndpointPortConfig, Node, Service, Swarm, Task } from "@docker/node-sdk";
import { neededOf } from "../cluster/quorum";
import { nameOf } from "../cluster/members";
import { nodeNames } from "../cluster/tasks";
import { serviceName, stackOf } from "../tasks/names";
import { authorityTrouble, clusterRow, type ClusterRow } from "./authority";
import { reservationRows, type ReservationRow } from "./reservations";

/** What was found, as Docker and the lab said it. */
export interface Findings {
  /** Names and roles as configured. */
  readonly hosts: Readonly<Record<string, { readonly role: "manager" | "worker" }>>;
  /** Lab machines by host name; undefined without a lab. */
  readonly machines: Readonly<Record<string, string>> | undefined;
  /** Hosts whose manager restarted and waits for the unlock key. */
  readonly locked: readonly string[];
  readonly swarm: Swarm;
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
}

/** A member of the swarm, or a host that should be one. */
export interface NodeRow {
  readonly name: string;
  readonly role: string;
  /** `leader`, `reachable` or `unreachable` for managers; empty for workers. */
  readonly manager: string;
  /** `ready`, `down`, …; `locked` for a manager that waits for the unlock key; `not in the swarm` for a host that never joined. */
  readonly state: string;
  readonly availability: string;
  /** `key=value`, sorted. */
  readonly labels: readonly string[];
  readonly engine: string;
  /** `running`, `stopped` or `absent` in a lab. */
  readonly machine?: string;
}

/** How many managers the swarm can lose. */
export interface Quorum {
  readonly managers: number;
  readonly reachable: number;
  /** How many more may fail before the swarm can no longer be changed; negative once it cannot. */
  readonly spare: number;
}

/** A service and how much of it runs. */
export interface ServiceRow {
  readonly name: string;
  /** That it belongs to; empty for one of no stack. */
  readonly stack: string;
  readonly mode: string;
  readonly running: number;
  readonly desired: number;
  readonly image: string;
  /** `80→8080/tcp`, published first. */
  readonly ports: readonly string[];
  /** Why tasks do not run, each reason once. */
  readonly waiting: readonly string[];
}

/** What the cluster says of itself. */
export interface Report {
  readonly cluster: ClusterRow;
  readonly nodes: readonly NodeRow[];
  readonly quorum: Quorum;
  readonly reservations: readonly ReservationRow[];
  /** By stack, those of none first. */
  readonly services: readonly ServiceRow[];
}

/** Puts findings into rows, sorted by name. Pure. */
export function report(findings: Findings): Report {
  return {
    cluster: clusterRow(findings.swarm),
    nodes: nodeRows(findings),
    quorum: quorumOf(findings.nodes),
    reservations: reservationRows(findings.nodes, findings.tasks),
    services: findings.services
      .map((service) => serviceRow(service, findings))
      .sort((a, b) => compare(a.stack, b.stack) || compare(a.name, b.name)),
  };
}

/** `1 of 1 manager reachable; the loss of 0 more is survived`. */
export function quorumSentence({ managers, reachable, spare }: Quorum): string {
  const count = `${reachable} of ${managers} ${managers === 1 ? "manager" : "managers"} reachable`;
  if (spare < 0)
    return `${count}: no quorum, the swarm cannot be changed until ${-spare} more return`;
  return `${count}; the loss of ${spare} more is survived`;
}

/** What will not be as it should be before long, as sentences. Pure. @param now - milliseconds since 1970 */
export function warnings({ cluster }: Report, now: number): string[] {
  const { warning } = authorityTrouble(cluster, now);
  return warning === undefined ? [] : [warning];
}

/** Everything that is not as it should be, as sentences; empty when all is well. Pure. @param now - as for `warnings` */
export function complaints({ cluster, nodes, quorum, services }: Report, now: number): string[] {
  const { complaint } = authorityTrouble(cluster, now);
  return [
    ...(complaint === undefined ? [] : [complaint]),
    ...nodes.flatMap(({ name, state, machine }) => [
      ...(state === "ready" ? [] : [`node ${name} is ${state}${wayOut[state] ?? ""}`]),
      ...(machine === undefined || machine === "running" ? [] : [`machine ${name} is ${machine}`]),
    ]),
    ...(quorum.reachable < quorum.managers ? [quorumSentence(quorum)] : []),
    ...services
      .filter(({ running, desired }) => running < desired)
      .map(({ name, running, desired }) => `service ${name} runs ${running} of ${desired} tasks`),
  ];
}

const wayOut: Readonly<Record<string, string>> = {
  locked: ": it waits for the unlock key, which `npm run up` gives it",
};

/** Ports that every node answers on, lowest first. A service that is asked for no task answers on none. */
export function meshPorts(services: readonly Service[]): number[] {
  const ports = services
    .filter(({ ServiceStatus: status }) => status?.DesiredTasks !== 0)
    .flatMap((service) => service.Endpoint?.Ports ?? [])
    .filter(
      ({ Protocol, PublishMode }) =>
        Protocol !== "udp" && Protocol !== "sctp" && PublishMode !== "host",
    )
    .flatMap(({ PublishedPort }) => PublishedPort ?? []);
  return [...new Set(ports)].sort((a, b) => a - b);
}

function nodeRows({ hosts, locked, machines, nodes }: Findings): NodeRow[] {
  const found = nodes
    .map((node) => nodeRow(node, machines))
    .map((row) => (locked.includes(row.name) ? { ...row, state: "locked" } : row));
  const names = new Set(found.map(({ name }) => name));
  const missing = Object.entries(hosts)
    .filter(([name]) => !names.has(name))
    .map(([name, { role }]) => ({
      ...{ name, role, manager: "", state: "not in the swarm" },
      ...{ availability: "", labels: [], engine: "" },
      ...machineOf(name, machines),
    }));
  return [...found, ...missing].sort((a, b) => compare(a.name, b.name));
}

/** One member of the swarm. Pure. */
export function nodeRow(node: Node, machines: Findings["machines"]): NodeRow {
  const name = nameOf(node);
  const manager = node.ManagerStatus;
  return {
    name,
    role: node.Spec?.Role ?? "",
    manager: manager?.Leader === true ? "leader" : (manager?.Reachability ?? ""),
    state: node.Status?.State ?? "unknown",
    availability: node.Spec?.Availability ?? "",
    labels: Object.entries(node.Spec?.Labels ?? {})
      .map(([key, value]) => (value === "" ? key : `${key}=${value}`))
      .sort(compare),
    engine: node.Description?.Engine?.EngineVersion ?? "",
    ...machineOf(name, machines),
  };
}

function machineOf(name: string, machines: Findings["machines"]): { machine?: string } {
  const machine = machines?.[name];
  return machine === undefined ? {} : { machine };
}

/** Rule: https://docs.docker.com/engine/swarm/admin_guide/#add-manager-nodes-for-fault-tolerance */
function quorumOf(nodes: readonly Node[]): Quorum {
  const managers = nodes.flatMap(({ ManagerStatus }) => ManagerStatus ?? []);
  const reachable = managers.filter(({ Reachability }) => Reachability === "reachable").length;
  const spare = reachable - neededOf(managers.length);
  return { managers: managers.length, reachable, spare };
}

/** One service, from its own tasks among all. Pure. */
export function serviceRow(
  service: Service,
  { tasks, nodes }: Pick<Findings, "tasks" | "nodes">,
): ServiceRow {
  const spec = service.Spec;
  const own = tasks.filter(({ ServiceID }) => ServiceID === service.ID);
  const image = spec?.TaskTemplate?.ContainerSpec?.Image ?? "";
  return {
    name: serviceName(service),
    stack: stackOf(service) ?? "",
    mode: modeOf(spec?.Mode),
    ...countsOf(service, own),
    image: image.replace(/@.*$/, ""),
    ports: (service.Endpoint?.Ports ?? []).map(portText).sort(compare),
    waiting: reasons(own, nodes),
  };
}

/** Tasks that run, or have done their work where they are to end, and how many there are to be. */
function countsOf(service: Service, own: readonly Task[]): { running: number; desired: number } {
  const { RunningTasks = 0, DesiredTasks = 0, CompletedTasks = 0 } = service.ServiceStatus ?? {};
  const { Mode: mode, TaskTemplate: template } = service.Spec ?? {};
  if (mode?.ReplicatedJob !== undefined) {
    const desired = mode.ReplicatedJob.TotalCompletions ?? 1;
    return { running: Math.min(CompletedTasks + RunningTasks, desired), desired };
  }
  if (mode?.GlobalJob !== undefined) {
    return { running: CompletedTasks + RunningTasks, desired: CompletedTasks + DesiredTasks };
  }
  const condition = template?.RestartPolicy?.Condition ?? "any";
  const ended = own.filter(({ Status }) => Status?.State === "complete");
  const done =
    condition === "any" ? 0 : new Set(ended.map(({ Slot, NodeID }) => Slot ?? NodeID)).size;
  return { running: Math.min(RunningTasks + done, DesiredTasks), desired: DesiredTasks };
}

function modeOf(mode: object = {}): string {
  const words: Readonly<Record<string, string>> = {
    Replicated: "replicated",
    Global: "global",
    ReplicatedJob: "replicated-job",
    GlobalJob: "global-job",
  };
  return Object.keys(mode).flatMap((key) => words[key] ?? [])[0] ?? "replicated";
}

function portText({
  PublishedPort,
  TargetPort,
  Protocol,
  PublishMode,
}: EndpointPortConfig): string {
  const host = PublishMode === "host" ? " on its node" : "";
  return `${PublishedPort ?? "?"}→${TargetPort ?? "?"}/${Protocol ?? "tcp"}${host}`;
}

/** Why tasks that should run do not, as Docker says it; equal reasons are counted. */
function reasons(tasks: readonly Task[], nodes: readonly Node[]): string[] {
  const hostnames = nodeNames(nodes);
  const texts = tasks
    .filter(({ DesiredState, Status }) => DesiredState === "running" && Status?.State !== "running")
    .map(({ Status, NodeID }) => {
      const node =
        NodeID === undefined || NodeID === "" ? "" : ` on ${hostnames.get(NodeID) ?? NodeID}`;
      return `${Status?.State ?? "unknown"}${node}: ${Status?.Err ?? Status?.Message ?? "no reason given"}`;
    });
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts]
    .map(([text, count]) => (count === 1 ? text : `${text} (${count} tasks)`))
    .sort(compare);
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}
