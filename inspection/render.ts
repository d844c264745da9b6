import Table from "cli-table3";
import type { createColors } from "picocolors";
import { printableIn, printableLine } from "../hosts/printable";
import type { Checked, HostRow, NetworkRow } from "./check";
import type { KeyRow } from "./keys";

/** Picocolors, switched on or off. */
type Colors = ReturnType<typeof createColors>;

const borders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "" },
  ...{ right: "", "right-mid": "", middle: "  " },
};

/** What each state of a key means to the one who reads it. */
const states: Readonly<Record<KeyRow["state"], string>> = {
  same: "as in the file",
  new: "new: compare it",
  differs: "DIFFERS from the file",
  silent: "no answer",
  waits: "not asked yet",
};

/** The keys as a person compares them. Pure. */
export function renderKeys(rows: readonly KeyRow[], colors: Colors): string {
  const cells = printableIn(rows).map(({ name, address, fingerprint = "", state, type = "" }) => {
    const color = state === "same" ? colors.green : state === "new" ? colors.yellow : colors.red;
    return [name, address, type, fingerprint, color(states[state])];
  });
  return table(["HOST", "ADDRESS", "KEY", "FINGERPRINT", "STATE"], cells, colors);
}

/** The machines as a person looks them through, then everything that is to be seen to. Pure. */
export function renderHosts({ hosts, network }: Checked, colors: Colors): string {
  const shown = printableIn(hosts);
  const head = ["HOST", "ROLE", "SYSTEM", "KERNEL", "ADDRESSES", "ENGINE", "FIREWALL", "CLOCK", ""];
  const cells = shown.map((row) => {
    const { addresses, clockSkewSeconds, engine, firewall, kernel, system, timeService } =
      row.machine ?? { ...nothing, system: colors.red("no answer") };
    const clock =
      row.machine && `${signed(clockSkewSeconds)} s, ${timeService ?? "nobody keeps it"}`;
    return [
      ...[row.host, row.role, system, kernel, addresses.join(", "), engine, firewall, clock ?? ""],
      verdict(row, colors),
    ];
  });
  const lines = shown.flatMap(({ host, problems, advice, todo }) => [
    ...problems.map((text) => `${colors.red(host)}: ${printableLine(withoutName(text, host))}`),
    ...advice.map((text) => `${colors.yellow(host)}: ${printableLine(withoutName(text, host))}`),
    ...(todo.length === 0 ? [] : [`${host}: to do: ${todo.join("; ")}`]),
  ]);
  const parts = [
    table(head, cells, colors),
    ...(lines.length === 0 ? [] : [lines.join("\n")]),
    ...(network === undefined ? [] : [networkLine(network, colors)]),
  ];
  return parts.join("\n\n");
}

/** `network: 6 ways from one machine to another tried in 3.4 s: all are open`. */
function networkLine({ ways, blocked, seconds }: NetworkRow, colors: Colors): string {
  const outcome =
    blocked === 0
      ? colors.green("all are open")
      : colors.red(`something is in the way on ${blocked}`);
  return `network: ${ways} ways from one machine to another tried in ${seconds.toFixed(1)} s: ${outcome}`;
}

const nothing = {
  addresses: [],
  clockSkewSeconds: 0,
  engine: "",
  firewall: "",
  kernel: "",
  timeService: "",
};

function verdict({ problems, todo }: HostRow, colors: Colors): string {
  if (problems.length > 0)
    return colors.red(problems.length === 1 ? "1 problem" : `${problems.length} problems`);
  return colors.green(todo.length === 0 ? "as declared" : "can be prepared");
}

function withoutName(text: string, host: string): string {
  return text.startsWith(`${host}: `) ? text.slice(host.length + 2) : text;
}

function signed(seconds: number): string {
  return seconds > 0 ? `+${seconds}` : String(seconds);
}

function table(head: readonly string[], rows: readonly string[][], colors: Colors): string {
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
