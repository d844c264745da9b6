import { isIP } from "node:net";
import type { Path } from "./finding";
import { listOf, mismatch, text, whole } from "./forms";
import type { PortModel } from "./model";
import { apply, type Form, type Reading } from "./reading";
import { honoured, ignored, record, refused } from "./record";
import type { Value } from "./value";

/** Ports of all services of all files together. */
export const mostPorts = 100_000;

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
    return long === undefined ? undefined : [reading.places.mark(long, value.at, path)];
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
  const count = countOf(target, published);
  if (count === undefined) {
    mismatch(value, path, reading, "two ranges of the same length, or one port on the right");
    return undefined;
  }
  if (!affordable(count, value, path, reading)) return undefined;
  return Array.from({ length: count }, (_, at) =>
    reading.places.mark(
      {
        target: target[0] === target[1] ? target[0] : target[0] + at,
        ...(published === undefined ? {} : { published: published[0] + at }),
        protocol,
        mode: "ingress",
      },
      value.at,
      path,
    ),
  );
};

/** Ranges make many ports of a short text: all together may be so many, which is said once. */
function affordable(count: number, value: Value, path: Path, reading: Reading): boolean {
  if (reading.portsLeft < 0) return false;
  reading.portsLeft -= count;
  if (reading.portsLeft >= 0) return true;
  mismatch(value, path, reading, `at most ${mostPorts} ports in all the files together`);
  return false;
}

type Range = readonly [number, number];

/** `80` or `80-82`, up to 65535. */
function rangeOf(written: string, lowest: number): Range | undefined {
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

/** How many ports there are: one target each, or, as Docker reads it, several published ports for one target. */
function countOf([from, to]: Range, published: Range | undefined): number | undefined {
  const count = to - from + 1;
  if (published === undefined) return count;
  const width = published[1] - published[0] + 1;
  return count === width || count === 1 ? width : undefined;
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

const note = "is a note for people: it has no effect in a swarm. Leave it out.";

const longRows = {
  target: honoured(whole(1, highest)),
  published: honoured(published),
  protocol: honoured(tolerant(["tcp", "udp", "sctp"], "a protocol")),
  mode: honoured(tolerant(["ingress", "host"], "a mode")),
  name: ignored(note),
  app_protocol: ignored(note),
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
