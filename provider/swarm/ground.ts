import { isIP } from "node:net";
import type { Node } from "@docker/node-sdk";
import { withoutPort } from "../../hosts/endpoint";
import type { Machines } from "../../hosts/machines";
import type { Context } from "../context";
import { overlap, parseLoosely } from "../network/ranges";
import { nameOf } from "../quorum/members";
import type { CheckResult, Failure } from "../resource";
import { isUnknown } from "../value";
import { within } from "../within";
import { isEveryAddress } from "./arguments";
import type { SwarmInputs } from "./arguments";

/** What a machine's network is like before there is a swarm. */
export interface Ground {
  readonly host: string;
  readonly addresses: readonly { readonly interface: string; readonly address: string }[];
  readonly routes: readonly { readonly subnet: string; readonly interface: string }[];
}

const LOOK_SECONDS = 8;

const LOOK = `ip -o addr show
echo
ip -o -4 route show
ip -o -6 route show 2>/dev/null || true`;

/** Docker's own default. */
const DEFAULT_POOL = "10.0.0.0/8";

/** Interfaces that Docker makes; their networks are its own business. */
const DOCKERS = /^(docker|br-|veth|vx-|lo$)/;

/**
 * What the machines say against a swarm that is to be made: addresses that its host does not have, ranges that
 * lead elsewhere already. A machine that does not answer says nothing.
 */
export async function groundProblems(
  { machines }: Context,
  news: SwarmInputs,
): Promise<Pick<CheckResult<SwarmInputs>, "failures" | "warnings">> {
  const found = await Promise.all(machines.names.map(async (host) => groundOf(machines, host)));
  return judge(
    news,
    found.flatMap((ground) => ground ?? []),
  );
}

/** Addresses of a node that its machine does not have. A machine that does not answer says nothing. */
export async function foreignAddresses(
  { machines }: Pick<Context, "machines">,
  host: string,
  addresses: Readonly<Record<string, string | undefined>>,
): Promise<Failure[]> {
  const own = await groundOf(machines, host);
  return own === undefined ? [] : foreignIn(addresses, own);
}

/**
 * Why managers that the others do not reach cannot be reached, where their machines answer: the address by which they
 * are known is not theirs any more.
 */
export async function lostAddresses(
  { machines }: Pick<Context, "machines">,
  nodes: readonly Node[],
): Promise<string[]> {
  const lost = nodes.filter(
    (node) => node.ManagerStatus?.Reachability === "unreachable" && machines.has(nameOf(node)),
  );
  const reasons = await Promise.all(
    lost.map(async (node) => {
      const name = nameOf(node);
      const { Addr: address } = node.ManagerStatus ?? {};
      const advertiseAddr = address === undefined ? undefined : withoutPort(address);
      const [failure] = await foreignAddresses({ machines }, name, { advertiseAddr });
      if (failure === undefined) return [];
      return [
        `${name}: advertiseAddr: ${failure.reason} The others know it by that address. Give it back to the machine, or ` +
          "declare another one: then it leaves and joins again.",
      ];
    }),
  );
  return reasons.flat();
}

async function groundOf(machines: Machines, host: string): Promise<Ground | undefined> {
  const options = { deadlineSeconds: LOOK_SECONDS, title: "ip" };
  try {
    const result = await within(LOOK_SECONDS, machines.get(host).script(LOOK, [], options));
    return result === undefined ? undefined : parseGround(host, result.stdout);
  } catch {
    // It may not exist yet, and whoever needs it says so.
    return undefined;
  }
}

/** Reads the answer of `ip`. */
export function parseGround(host: string, text: string): Ground {
  const [addresses = "", routes = ""] = text.split(/\n\n/);
  return {
    host,
    addresses: addresses.split("\n").flatMap((line) => {
      const [, device = "", address = ""] = /^\d+:\s+(\S+)\s+inet6?\s+([^/\s]+)/.exec(line) ?? [];
      return address === "" ? [] : [{ interface: device, address }];
    }),
    routes: routes.split("\n").flatMap((line) => {
      const kinds = "unicast|blackhole|unreachable|prohibit";
      const pattern = new RegExp(`^(?:(?:${kinds}) )?([0-9a-f.:]+)(/\\d+)?(?: .*?dev (\\S+))?`);
      const [, base = "", length, device = "no interface"] = pattern.exec(line) ?? [];
      if (isIP(base) === 0 || DOCKERS.test(device)) return [];
      return [
        { subnet: `${base}${length ?? (isIP(base) === 6 ? "/128" : "/32")}`, interface: device },
      ];
    }),
  };
}

/** Pure part of {@link groundProblems}. */
export function judge(
  news: SwarmInputs,
  grounds: readonly Ground[],
): { readonly failures: Failure[]; readonly warnings: string[] } {
  const own = grounds.find(({ host }) => host === news.host);
  const { advertiseAddr, dataPathAddr, defaultAddrPool, listenAddr } = news;
  const failures = [
    ...(own === undefined ? [] : foreignIn({ advertiseAddr, dataPathAddr, listenAddr }, own)),
    ...(Array.isArray(defaultAddrPool) ? defaultAddrPool : []).flatMap((range, index) => {
      const clash = clashOf(range, grounds);
      if (clash === undefined) return [];
      const reason = `got "${range}"; it overlaps ${clash}. Expected a range that leads nowhere else, for Docker's networks alone.`;
      return [{ path: `defaultAddrPool[${index}]`, reason }];
    }),
  ];
  const silent = defaultAddrPool === undefined ? clashOf(DEFAULT_POOL, grounds) : undefined;
  const warnings =
    silent === undefined
      ? []
      : [
          `defaultAddrPool: Docker's default ${DEFAULT_POOL} overlaps ${silent}; a network that takes that part cuts ` +
            `containers off from it. Declare settings.defaultAddrPool: it is fixed once the swarm exists.`,
        ];
  return { failures, warnings };
}

function foreignIn(
  addresses: Readonly<Record<string, string | undefined>>,
  own: Ground,
): Failure[] {
  return Object.entries(addresses).flatMap(([path, value]) =>
    value === undefined ? [] : foreignAddress(path, value, own),
  );
}

function foreignAddress(path: string, value: string, own: Ground): Failure[] {
  const wanted = withoutPort(value);
  if (isUnknown(value) || isEveryAddress(value)) return [];
  const has = own.addresses.some((one) => one.address === wanted || one.interface === wanted);
  if (has) return [];
  const present = own.addresses
    .filter((one) => !DOCKERS.test(one.interface) && !one.address.startsWith("fe80:"))
    .map((one) => `${one.address} (${one.interface})`);
  return [
    {
      path,
      reason: `got "${value}"; expected an address or interface of ${own.host}, which has ${present.join(", ") || "none"}.`,
    },
  ];
}

/** `198.18.5.0/24, a route of manager-1 by eth0`: the first route that shares addresses with a range. */
function clashOf(range: string, grounds: readonly Ground[]): string | undefined {
  const wanted = parseLoosely(range);
  if (wanted === undefined) return undefined;
  for (const { host, routes } of grounds) {
    const route = routes.find(({ subnet }) => {
      const other = parseLoosely(subnet);
      return other !== undefined && overlap(wanted, other);
    });
    if (route !== undefined) return `${route.subnet}, a route of ${host} by ${route.interface}`;
  }
  return undefined;
}
