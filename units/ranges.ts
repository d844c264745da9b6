import { BlockList, isIP } from "node:net";

/** An address range in CIDR form, taken apart. */
export interface Range {
  readonly base: string;
  readonly prefix: number;
  readonly family: "ipv4" | "ipv6";
}

/** Takes `10.20.0.0/16` apart; undefined for anything else, `10.20.0.7/16` included. */
export function parseRange(text: string): Range | undefined {
  const range = parseLoosely(text);
  const isExact =
    range !== undefined && (range.family === "ipv6" || !hasHostBits(range.base, range.prefix));
  return isExact ? range : undefined;
}

/** Takes `10.20.0.0/16` apart, and `10.20.0.7/16`, which means the same range; undefined for anything else. */
export function parseLoosely(text: string): Range | undefined {
  const [base = "", length = "", ...rest] = text.split("/");
  const version = isIP(base);
  const bits = version === 6 ? 128 : 32;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : Infinity;
  if (version === 0 || rest.length > 0 || prefix > bits) return undefined;
  return { base, prefix, family: version === 6 ? "ipv6" : "ipv4" };
}

function hasHostBits(address: string, prefix: number): boolean {
  const number = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  return number % 2 ** (32 - prefix) !== 0;
}

/** Whether an address lies in a range; false for one of the other family. */
export function contains(range: Range, address: string): boolean {
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  if (isIP(address) === 0 || family !== range.family) return false;
  return listOf(range).check(address, family);
}

/** Whether every address of one range is in the other. */
export function includes(outer: Range, inner: Range): boolean {
  return inner.prefix >= outer.prefix && contains(outer, inner.base);
}

/** Whether two ranges have an address in common. */
export function overlap(one: Range, other: Range): boolean {
  return includes(one, other) || includes(other, one);
}

function listOf({ base, prefix, family }: Range): BlockList {
  const list = new BlockList();
  list.addSubnet(base, prefix, family);
  return list;
}
