import { isIP } from "node:net";
import { isEveryAddress, plainAddress } from "./endpoint";
import type { Machine } from "./machine";
import routes from "./scripts/routes.sh";

/** How a machine gets to an address. */
export interface Way {
  /** The address that it speaks from; its kernel's choice, where it has several. */
  readonly from: string;
  /** The address is one of its own. */
  readonly isOwn: boolean;
}

/** What `ip` can be asked about among some addresses, each in its {@link plainAddress one spelling}, sorted. */
export function askable(addresses: Iterable<string>): readonly string[] {
  return [...new Set([...addresses].filter((text) => isIP(text) !== 0).map(plainAddress))].sort();
}

/**
 * By which ways a machine gets to addresses, in one round trip; one that it has no way to is left out. What is no IP
 * address is not asked for.
 *
 * @returns by address in its {@link plainAddress one spelling}
 * @throws what `Machine.script` throws
 */
export async function readWays(
  machine: Pick<Machine, "script">,
  addresses: readonly string[],
  options: { readonly deadlineSeconds: number; readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, Way>> {
  const asked = askable(addresses);
  if (asked.length === 0) return new Map();
  const { stdout } = await machine.script(routes, asked, { ...options, title: "ip route get" });
  return waysAmong(parseWays(stdout), asked);
}

/** The ways to some addresses alone. */
export function waysAmong(
  ways: ReadonlyMap<string, Way>,
  addresses: readonly string[],
): ReadonlyMap<string, Way> {
  return new Map([...ways].filter(([to]) => addresses.includes(to)));
}

/** Reads the answer of `ip -o route get`: `10.0.0.12 via 10.0.1.1 dev eth1 src 10.0.1.11 uid 0`. */
export function parseWays(text: string): Map<string, Way> {
  const ways = new Map<string, Way>();
  for (const line of text.split("\n")) {
    const [, own, to = "", rest = ""] = /^(local )?([0-9a-f.:]+) (.*)$/.exec(line) ?? [];
    const [, from = ""] = /(?:^| )src ([0-9a-f.:]+)(?: |$)/.exec(rest) ?? [];
    // What stands for every address is no answer, whoever gives it.
    if (isIP(to) === 0 || isIP(from) === 0 || isEveryAddress(from)) continue;
    ways.set(plainAddress(to), { from: plainAddress(from), isOwn: own !== undefined });
  }
  return ways;
}
