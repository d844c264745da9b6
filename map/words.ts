import type { NodeColumn, Share, Tile } from "./picture";

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** `1.5 GiB`, `612 MiB`: as exactly as a person compares them. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value < 10 ? rounded(value) : String(Math.round(value))} ${units[unit] ?? ""}`;
}

/** `0.5 of 2 processors reserved`; what is not known is left out. */
export function shareText(what: "cpu" | "memory", { reserved, total }: Share): string {
  const say = what === "cpu" ? rounded : bytesText;
  const of = total === 0 ? "" : ` of ${say(total)}`;
  return what === "cpu"
    ? `${say(reserved)}${of} processors reserved`
    : `${say(reserved)}${of} memory reserved`;
}

/** Between 0 and 1; more than a whole node is all of it. */
export function shareOf({ reserved, total }: Share): number {
  return total === 0 ? 0 : Math.min(1, reserved / total);
}

/** Name without the stack's: the colour and the full name say which one it is. */
export function shortName(name: string, stack: string): string {
  return stack !== "" && name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;
}

/** `running, health check passed, 2 failures before`. */
export function conditionText({ condition, state, health, failures }: Tile): string {
  const words: Readonly<Record<Tile["condition"], string>> = {
    running: "running",
    starting: state,
    waiting: "waits for a node",
    stopping: `stopping (${state})`,
    lost: `last known ${state}, its node is down`,
    failed: state,
    done: "complete",
  };
  const checks: Readonly<Record<Tile["health"], readonly string[]>> = {
    "": [],
    passed: ["health check passed"],
    "not yet": ["health check not passed yet"],
  };
  const before =
    failures === 0 ? [] : [`${failures} ${failures === 1 ? "failure" : "failures"} remembered`];
  return [words[condition], ...checks[health], ...before].join(", ");
}

/** `manager, leader, ready, drained`. */
export function nodeText({ role, manager, state, availability }: NodeColumn): string {
  // A manager that is down is out of reach anyway.
  const isSaid = manager === "leader" || (manager === "unreachable" && state === "ready");
  const parts = [role, isSaid ? manager : "", state];
  const how = { active: "", pause: "paused", drain: "drained" }[availability] ?? availability;
  return [...parts, how].filter((word) => word !== "").join(", ");
}

/** At most two digits behind the point, and no zeros at the end. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100);
}
