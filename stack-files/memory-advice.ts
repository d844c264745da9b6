import { parseBytes } from "../units/units";
import { shorten, type Value } from "./value";

/** What to write for `shm_size`, which a swarm does not know. */
export function insteadOfSharedMemory(value: Value): string {
  const written = value.kind === "list" || value.kind === "map" ? "" : value.text;
  return `has no effect in a swarm. Write a volume: ${volume("/dev/shm", written)}.`;
}

/** What to write for `tmpfs`, a path or several, each with options behind a colon. */
export function insteadOfTmpfs(value: Value): string {
  const items = value.kind === "list" ? value.items : [value];
  const volumes = items.flatMap((item) => {
    if (item.kind !== "text") return [];
    const [path = "", options = ""] = item.text.split(":");
    const [, size = ""] = /(?:^|,)size=([^,]*)/.exec(options) ?? [];
    return [volume(path, size)];
  });
  const [first = volume("/run", ""), ...others] = volumes;
  const more = others.length === 0 ? "" : ", and the others likewise";
  return `has no effect: Docker's stacks lose it. Write a volume: ${first}${more}.`;
}

function volume(target: string, size: string): string {
  const bytes = parseBytes(size);
  const limit = bytes === undefined ? "" : `, tmpfs: {size: ${bytes}}`;
  return `{type: tmpfs, target: ${shorten(target)}${limit}}`;
}
