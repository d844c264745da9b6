import { printableIn } from "../hosts/printable";
import { ageOf } from "./age";
import type { History, TaskRow } from "./history";
import type { Answer } from "./probe";
import { quorumSentence, type NodeRow, type Report, type ServiceRow } from "./report";
import type { ReservationRow } from "./reservations";
import { table, type Cell, type Colors, type Row } from "./table";

/** How a report is shown. */
export interface Style {
  readonly colors: Colors;
  /** Columns of the terminal. @default - as wide as it is */
  readonly width?: number | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The report as a person reads it. Pure. */
export function render(found: Report, answers: readonly Answer[], style: Style): string {
  const { cluster, nodes, quorum, reservations, services } = printableIn(found);
  const urls = printableIn(answers);
  const { colors } = style;
  const parts = [
    nodeTable(nodes, style),
    `${quorumSentence(quorum)}\n${clusterSentence(cluster)}`,
    reservationTable(reservations, style),
  ];
  if (services.length > 0) parts.push(serviceTable(services, style));
  const waiting = waitingLines(services, colors);
  if (waiting !== "") parts.push(waiting);
  if (urls.length > 0) parts.push(urlTable(urls, style));
  return `${parts.join("\n\n")}\n`;
}

/** One service and its tasks as a person reads them. Pure. */
export function renderHistory(found: Report, history: History, style: Style): string {
  const { service, tasks, update } = printableIn(history);
  const services = printableIn(found).services.filter(({ name }) => name === service);
  const parts = [serviceTable(services, style)];
  if (update !== "") parts.push(`update ${update}`);
  const waiting = waitingLines(services, style.colors);
  if (waiting !== "") parts.push(waiting);
  if (tasks.length > 0) parts.push(taskTable(tasks, style));
  for (const { id, lines, name, state } of tasks) {
    if (lines.length === 0) continue;
    const title = `${name} (${id.slice(0, 12)}, ${state}) wrote last:`;
    parts.push([style.colors.bold(title), ...lines.map((line) => `  ${line}`)].join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

function clusterSentence({ caExpires, id, isRotating }: Report["cluster"]): string {
  const until =
    caExpires === undefined ? "" : `; its certificate authority ends on ${caExpires.slice(0, 10)}`;
  return `cluster ${id}${until}${isRotating ? "; the authority is being rotated" : ""}`;
}

function nodeTable(nodes: readonly NodeRow[], { colors, width }: Style): string {
  const inLab = nodes.some(({ machine }) => machine !== undefined);
  const head = ["NODE", "ROLE", "MANAGER", "STATE", "AVAILABILITY", "LABELS", "ENGINE"];
  const rows = nodes.map((node): Cell[] => [
    node.name,
    node.role,
    unless(node.manager !== "unreachable", node.manager, colors.red),
    { text: node.state, paint: node.state === "ready" ? colors.green : colors.red },
    unless(node.availability === "active", node.availability, colors.yellow),
    node.labels.join(" "),
    node.engine,
    ...(inLab ? [unless(node.machine === "running", node.machine ?? "", colors.red)] : []),
  ]);
  return table(inLab ? [...head, "MACHINE"] : head, rows, colors, width);
}

/** A text in a colour unless all is well with it. */
function unless(isWell: boolean, text: string, paint: (text: string) => string): Cell {
  return isWell ? text : { text, paint };
}

function reservationTable(rows: readonly ReservationRow[], { colors, width }: Style): string {
  const cells = rows.map(({ memory, nanoCpus, node, tasks }) => [
    node,
    String(tasks),
    `${cpus(nanoCpus.reserved)} of ${cpus(nanoCpus.has)}`,
    `${mebibytes(memory.reserved)} of ${mebibytes(memory.has)} MiB`,
  ]);
  return table(["NODE", "TASKS", "CPU RESERVED", "MEMORY RESERVED"], cells, colors, width);
}

function cpus(nano: number): string {
  return String(Math.round(nano / 1e7) / 100);
}

function mebibytes(bytes: number): string {
  return String(Math.round(bytes / 1024 ** 2));
}

function serviceTable(services: readonly ServiceRow[], { colors, width }: Style): string {
  let stack = "";
  const rows = services.flatMap((service): Row[] => {
    const isNew = service.stack !== stack;
    stack = service.stack;
    const row = serviceCells(service, colors);
    return isNew ? [{ heading: colors.bold(`stack ${stack}`) }, row] : [row];
  });
  return table(["SERVICE", "MODE", "TASKS", "IMAGE", "PORTS"], rows, colors, width);
}

function serviceCells(service: ServiceRow, colors: Colors): Cell[] {
  const { name, mode, running, desired, image, ports, stack } = service;
  const count = {
    text: `${running}/${desired}`,
    paint: running < desired ? colors.red : colors.green,
  };
  return [stack === "" ? name : `  ${name}`, mode, count, image, ports.join(" ")];
}

function waitingLines(services: readonly ServiceRow[], colors: Colors): string {
  return services
    .flatMap(({ name, waiting: why }) => why.map((reason) => `${name}: ${colors.yellow(reason)}`))
    .join("\n");
}

function taskTable(tasks: readonly TaskRow[], { colors, now, width }: Style): string {
  const rows = tasks.map((task): Cell[] => {
    const isWanted = task.desired === "running" || task.desired === "ready";
    const exit = task.exitCode === undefined ? "" : String(task.exitCode);
    const cells = [task.name, task.node, ageOf(task.since, now), exit, task.image, task.error];
    const [name = "", node = "", ...rest] = cells.map((text) => unless(isWanted, text, colors.dim));
    return [name, node, { text: task.state, paint: stateColor(task, colors) }, ...rest];
  });
  const head = ["TASK", "NODE", "STATE", "FOR", "EXIT", "IMAGE", "ERROR"];
  return table(head, rows, colors, width);
}

function stateColor({ state, desired }: TaskRow, colors: Colors): (text: string) => string {
  if (state === "running" || state === "complete") return colors.green;
  if (state === "failed" || state === "rejected") return colors.red;
  return desired === "running" ? colors.yellow : colors.dim;
}

function urlTable(urls: readonly Answer[], { colors, width }: Style): string {
  const rows = urls.map(({ url, answers, listens, text }): Cell[] => {
    const paint = answers ? colors.green : listens ? colors.yellow : colors.red;
    return [url, { text, paint }];
  });
  return table(["URL", "ANSWER"], rows, colors, width);
}
