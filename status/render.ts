import Table from "cli-table3";
import type { createColors } from "picocolors";
import { printableIn } from "../hosts/printable";
import type { Answer } from "./probe";
import { quorumSentence, type NodeRow, type Report, type ServiceRow } from "./report";

/** Picocolors, switched on or off. */
export type Colors = ReturnType<typeof createColors>;

const borders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "" },
  ...{ right: "", "right-mid": "", middle: "  " },
};

/** The report as a person reads it. Pure. */
export function render(found: Report, answers: readonly Answer[], colors: Colors): string {
  const { nodes, quorum, services } = printableIn(found);
  const urls = printableIn(answers);
  const parts = [nodeTable(nodes, colors), quorumSentence(quorum)];
  if (services.length > 0) parts.push(serviceTable(services, colors));
  const waiting = services.flatMap(({ name, waiting: why }) =>
    why.map((reason) => `${name}: ${colors.yellow(reason)}`),
  );
  if (waiting.length > 0) parts.push(waiting.join("\n"));
  if (urls.length > 0) parts.push(urlTable(urls, colors));
  return `${parts.join("\n\n")}\n`;
}

function nodeTable(nodes: readonly NodeRow[], colors: Colors): string {
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
  return table(inLab ? [...head, "MACHINE"] : head, rows, colors);
}

function machineText(machine = "", colors: Colors): string {
  return machine === "running" ? machine : colors.red(machine);
}

function serviceTable(services: readonly ServiceRow[], colors: Colors): string {
  const rows = services.map(({ name, mode, running, desired, image, ports }) => {
    const count = `${running}/${desired}`;
    const text = running < desired ? colors.red(count) : colors.green(count);
    return [name, mode, text, image, ports.join(" ")];
  });
  return table(["SERVICE", "MODE", "TASKS", "IMAGE", "PORTS"], rows, colors);
}

function urlTable(urls: readonly Answer[], colors: Colors): string {
  const rows = urls.map(({ url, answers, listens, text }) => {
    const inColor = answers ? colors.green : listens ? colors.yellow : colors.red;
    return [url, inColor(text)];
  });
  return table(["URL", "ANSWER"], rows, colors);
}

function table(head: string[], rows: readonly string[][], colors: Colors): string {
  const made = new Table({
    chars: borders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  made.push(
    head.map((word) => colors.bold(word)),
    ...rows,
  );
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
