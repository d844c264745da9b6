import type { UnitFacts } from "./facts";

/** Words for units that start at boot, or that others start: these cannot be enabled. */
const ENABLED = new Set(["alias", "enabled", "generated", "static"]);

/** What `systemctl show` says of units, each after the name that it was asked by (`Unit=chronyd.service`). */
export function parseUnits(lines: readonly string[]): Record<string, UnitFacts> {
  const units: [string, UnitFacts][] = [];
  let values = new Map<string, string>();
  for (const line of [...lines, "----"]) {
    const at = line.indexOf("=");
    if (line !== "----") {
      values.set(line.slice(0, at), line.slice(at + 1));
      continue;
    }
    const name = values.get("Unit");
    if (name !== undefined) units.push([name, unitOf(values)]);
    values = new Map();
  }
  return Object.fromEntries(units);
}

function unitOf(values: ReadonlyMap<string, string>): UnitFacts {
  const file = values.get("UnitFileState") ?? "";
  return {
    // One whose file was taken away stays loaded while it runs.
    present: values.get("LoadState") === "loaded" && file !== "",
    running: values.get("ActiveState") === "active",
    enabled: ENABLED.has(file),
  };
}
