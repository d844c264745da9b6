import { listOf, mismatch, text } from "./forms";
import type { Path } from "./finding";
import { apply, type Form, type Reading } from "./reading";
import type { Value } from "./value";

/** Host names with their addresses, as `address name`: of a list of `name=address` or `name:address`, or of a map. */
export const extraHosts: Form<readonly string[]> = (value, path, reading) => {
  if (value.kind === "map") return mapped(value, path, reading);
  if (value.kind !== "list") {
    mismatch(value, path, reading, 'a map, or a list such as ["db=10.0.0.5"]');
    return undefined;
  }
  return listOf(oneHost, "unique")(value, path, reading) ?? [];
};

const oneHost: Form<string> = (value, path, reading) => {
  const item = text(value, path, reading);
  if (item === undefined) return undefined;
  const at = item.includes("=") ? item.indexOf("=") : item.indexOf(":");
  if (at >= 0) return line(item.slice(0, at), item.slice(at + 1));
  reading.report.warn(
    value.at,
    path,
    `got "${item}", which Docker leaves out; expected a name and an address, such as "db=10.0.0.5".`,
  );
  return undefined;
};

function mapped(value: Value & { kind: "map" }, path: Path, reading: Reading): readonly string[] {
  const lines: string[] = [];
  const names = [...value.entries.keys()].sort();
  for (const name of names) {
    const entry = value.entries.get(name);
    if (entry === undefined) continue;
    const here = [...path, name];
    if (entry.value.kind === "null") {
      reading.report.warn(
        entry.at,
        here,
        "got no address: Docker leaves the name out. Write one, or leave the name out.",
      );
      continue;
    }
    const several = entry.value.kind === "list" ? entry.value.items : [entry.value];
    for (const one of several) {
      const address = apply(text, one, here, reading);
      if (address !== undefined) lines.push(line(name, address));
    }
  }
  return lines;
}

function line(name: string, address: string): string {
  return `${address.replace(/^\[(.+)\]$/, "$1")} ${name}`;
}
