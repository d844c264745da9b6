import { printableIn } from "../hosts/printable";
import { ageOf } from "./age";
import type { History, TaskRow } from "./history";
import type { Answer } from "./probe";
import { quorumSentence, type NodeRow, type Report, type ServiceRow } from "./report";
import type { ReservationRow } from "./reservations";
import { table, type Colors, type Row } from "./table";

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
  const rows = nodes.map((node) => [
    node.name,
    node.role,
    node.manager === "unreachable" ? colors.red(node.manager) : node.manager,
    node.state === "ready" ? colors.green(node.state) : colors.red(node.state),
    node.availability === "active" ? node.availability : colors.yellow(node.availability),
    node.labels.join(" "),
    node.engine,
    ...(inLab ? [machineText(node.machine, colors)] : []),
  ]);
  return table(inLab ? [...head, "MACHINE"] : head, rows, colors, width);
}

function machineText(machine = "", colors: Colors): string {
  return machine === "running" ? machine : colors.red(machine);
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

function serviceCells(service: ServiceRow, colors: Colors): string[] {
  const { name, mode, running, desired, image, ports, stack } = service;
  const count = `${running}/${desired}`;
  const text = running < desired ? colors.red(count) : colors.green(count);
  return [stack === "" ? name : `  ${name}`, mode, text, image, ports.join(" ")];
}

function waitingLines(services: readonly ServiceRow[], colors: Colors): string {
  return services
    .flatMap(({ name, waiting: why }) => why.map((reason) => `${name}: ${colors.yellow(reason)}`))
    .join("\n");
}

function taskTable(tasks: readonly TaskRow[], { colors, now, width }: Style): string {
  const rows = tasks.map((task) => {
    const isWanted = task.desired === "running" || task.desired === "ready";
    const cells = [
      task.name,
      task.node,
      stateText(task, colors),
      ageOf(task.since, now),
      task.exitCode === undefined ? "" : String(task.exitCode),
      task.image,
      task.error,
    ];
    return isWanted ? cells : cells.map((cell) => colors.dim(cell));
  });
  const head = ["TASK", "NODE", "STATE", "FOR", "EXIT", "IMAGE", "ERROR"];
  return table(head, rows, colors, width);
}

function stateText({ state, desired }: TaskRow, colors: Colors): string {
  if (state === "running" || state === "complete") return colors.green(state);
  if (state === "failed" || state === "rejected") return colors.red(state);
  return desired === "running" ? colors.yellow(state) : state;
}

function urlTable(urls: readonly Answer[], { colors, width }: Style): string {
  const rows = urls.map(({ url, answers, listens, text }) => {
    const inColor = answers ? colors.green : listens ? colors.yellow : colors.red;
    return [url, inColor(text)];
  });
  return table(["URL", "ANSWER"], rows, colors, width);
}
