import type { Homeless } from "./plan";
import { reservedBy } from "./demand";
import type { Refusal } from "./room";
import type { Resources } from "./demand";

/** `1 task`, `3 tasks`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `api, db, web, …`: at most so many names, sorted. */
export function named(names: readonly string[], most = 4): string {
  const sorted = [...new Set(names)].sort();
  const shown = sorted.slice(0, most).join(", ");
  return sorted.length > most ? `${shown}, and ${sorted.length - most} more` : shown;
}

/** `512 MiB`, `1.5 GiB`. */
export function memoryText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let amount = bytes;
  let unit = 0;
  while (amount >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${Number(amount.toFixed(1))} ${units[unit] ?? "B"}`;
}

/** `0.5 CPUs`. */
export function cpusText(billionths: number): string {
  const amount = Number((billionths / 1e9).toFixed(2));
  return `${amount} ${amount === 1 ? "CPU" : "CPUs"}`;
}

/** `about 40 s`, `about 3 min`: no more exact than it can be known. */
export function durationText(seconds: number): string {
  const rounded = Math.ceil(seconds / 5) * 5;
  if (rounded < 120) return `about ${rounded} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `about ${minutes} min` : `about ${Math.ceil(minutes / 60)} h`;
}

const refusalWords: Readonly<Record<Refusal, string>> = {
  constraints: "its constraints are not met",
  cpus: "no CPUs to spare",
  drained: "drained",
  "generic resource": "not enough of a generic resource",
  memory: "no memory to spare",
  "not ready": "not ready",
  paused: "paused",
  platform: "another platform",
  port: "its port is taken",
  "tasks per node": "as many of its tasks as may run there",
};

function reservedText({ memory, cpus }: Resources): string {
  const parts = [
    ...(memory > 0 ? [memoryText(memory)] : []),
    ...(cpus > 0 ? [cpusText(cpus)] : []),
  ];
  return parts.join(" and ");
}

/** Why no node takes tasks: `no memory to spare on worker-1, worker-2 (each task reserves 2 GiB)`. */
export function refusalText({ refusals, spec }: Pick<Homeless, "refusals" | "spec">): string {
  const isShort = refusals.has("memory") || refusals.has("cpus");
  const reserved = reservedText(reservedBy(spec));
  const reasons = [...refusals]
    .map(([why, nodes]) => `${refusalWords[why]} on ${named(nodes)}`)
    .sort()
    .join("; ");
  const each = isShort && reserved !== "" ? ` (each task reserves ${reserved})` : "";
  return `${reasons === "" ? "there is no other" : reasons}${each}`;
}
