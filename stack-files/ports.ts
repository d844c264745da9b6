import { isIP } from "node:net";
import type { Path } from "./finding";
import { anything, listOf, mismatch, text, whole } from "./forms";
import type { PortModel } from "./model";
import { apply, type Form, type Reading } from "./reading";
import { honoured, ignored, newer, record, refused } from "./record";
import type { Value } from "./value";

const highest = 65_535;
const expected = 'a port such as 80, "8080:80", "53:53/udp" or "3000-3002:4000-4002"';

/**
 * The published ports of a service, ranges as one port each.
 *
 * @see https://github.com/docker/go-connections/blob/v0.6.0/nat/nat.go
 */
export const ports: Form<readonly PortModel[]> = (value, path, reading) =>
  listOf(onePort, "unique")(value, path, reading)?.flat();

const onePort: Form<readonly PortModel[]> = (value, path, reading) => {
  if (value.kind === "map") {
    const long = longPort(value, path, reading);
    return long === undefined ? undefined : [reading.places.mark(long, value.at)];
  }
  if (value.kind !== "integer" && value.kind !== "text") {
    mismatch(value, path, reading, expected);
    return undefined;
  }
  const [head = "", ...rest] = value.text.split("/");
  const protocol = (rest[0] ?? "").toLowerCase() || "tcp";
  const parts = head.split(":");
  const target = rangeOf(parts.at(-1) ?? "", 1);
  const published = rangeOf(parts.at(-2) ?? "", 0);
  const address = parts.slice(0, -2).join(":");
  const known = rest.length < 2 && ["tcp", "udp", "sctp"].includes(protocol);
  if (!known || target === undefined || (published === undefined && (parts.at(-2) ?? "") !== "")) {
    mismatch(value, path, reading, expected);
    return undefined;
  }
  if (address !== "" && !bindable(address, value, path, reading)) return undefined;
  const pairs = pairUp(target, published);
  if (pairs === undefined) {
    mismatch(value, path, reading, "two ranges of the same length, or one port on the right");
    return undefined;
  }
  reading.portsLeft -= pairs.length;
  if (reading.portsLeft < 0) {
    mismatch(value, path, reading, "fewer ports in all the files together");
    return undefined;
  }
  return pairs.map((pair) => reading.places.mark({ ...pair, protocol, mode: "ingress" }, value.at));
};

/** `80` or `80-82`, up to 65535. */
function rangeOf(written: string, lowest: number): readonly [number, number] | undefined {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(written) ?? [];
  if (first === undefined) return undefined;
  const [from, to] = [Number(first), Number(last)];
  return from >= lowest && from <= to && to <= highest ? [from, to] : undefined;
}

function bindable(address: string, value: Value, path: Path, reading: Reading): boolean {
  const bare = address.replace(/^\[(.*)\]$/, "$1");
  if (isIP(bare) === 0) {
    mismatch(value, path, reading, expected);
    return false;
  }
  if (bare !== "0.0.0.0" && bare !== "::")
    reading.report.warn(
      value.at,
      path,
      `the address ${bare} is lost: a swarm publishes on all addresses of all nodes, so this port is open to the world. ` +
        "Leave ports out where only services of the stack need it, or let a firewall of the nodes close it.",
    );
  return true;
}

type Range = readonly [number, number];

/** One target each, or several published ports for one target, as Docker reads it. */
function pairUp(
  [from, to]: Range,
  published: Range | undefined,
): readonly { readonly target: number; readonly published?: number }[] | undefined {
  const count = to - from + 1;
  if (published === undefined)
    return Array.from({ length: count }, (_, at) => ({ target: from + at }));
  const [first, last] = published;
  const width = last - first + 1;
  if (count !== width && count !== 1) return undefined;
  return Array.from({ length: width }, (_, at) => ({
    target: count === 1 ? from : from + at,
    published: first + at,
  }));
}

/** A word that the engine replaces in silence where it does not know it. */
function tolerant(words: readonly [string, ...string[]], kind: string): Form<string> {
  return (value, path, reading) => {
    const got = text(value, path, reading);
    if (got === undefined || got === "") return got;
    const word = words.find((one) => one === got.toLowerCase());
    if (word !== undefined) return word;
    reading.report.warn(
      value.at,
      path,
      `got "${got}", which the engine takes for ${words[0]}; expected ${kind}. Write ${words.join(" or ")}.`,
    );
    return words[0];
  };
}

const published: Form<number> = (value, path, reading) => {
  if (value.kind === "text" && value.text.includes("-")) {
    mismatch(
      value,
      path,
      reading,
      "one port",
      "A swarm chooses none of a range: write the one, or leave published out.",
    );
    return undefined;
  }
  return whole(0, highest)(value, path, reading);
};

const longRows = {
  target: honoured(whole(1, highest)),
  published: honoured(published),
  protocol: honoured(tolerant(["tcp", "udp", "sctp"], "a protocol")),
  mode: honoured(tolerant(["ingress", "host"], "a mode")),
  name: newer(anything),
  app_protocol: ignored("is a note for people: a swarm has no place for it. Leave it out."),
  host_ip: refused(
    "a swarm publishes on all addresses of all nodes, and would open this port to the world. Leave host_ip out, or leave the port out and let a firewall of the nodes decide.",
  ),
};

const longRecord = record(longRows);

const longPort: Form<PortModel> = (value, path, reading) => {
  const read = apply(longRecord, value, path, reading);
  if (read === undefined) return undefined;
  const { target, published: port, protocol, mode } = read;
  if (target === undefined) {
    const said = value.kind === "map" && value.entries.has("target");
    if (!said) mismatch(value, path, reading, "a map with target");
    return undefined;
  }
  return {
    target,
    ...(port === undefined ? {} : { published: port }),
    ...(protocol === undefined ? {} : { protocol }),
    ...(mode === undefined ? {} : { mode }),
  };
};
