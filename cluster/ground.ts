import { isIP } from "node:net";
import type { Node } from "@docker/node-sdk";
import { isEveryAddress, withoutPort } from "../hosts/endpoint";
import type { Machines } from "../hosts/machines";
import type { ClusterContext } from "./context";
import type { Failure } from "./failure";
import { nameOf } from "./members";
import { within } from "./within";

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

/** Interfaces that Docker makes; their networks are its own business. */
const DOCKERS = /^(docker|br-|veth|vx-|lo$)/;

/** Addresses of a node that its machine does not have. A machine that does not answer says nothing. */
export async function foreignAddresses(
  { machines }: Pick<ClusterContext, "machines">,
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
  { machines }: Pick<ClusterContext, "machines">,
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

/** What a machine says; undefined when it does not answer. */
export async function groundOf(machines: Machines, host: string): Promise<Ground | undefined> {
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

/** Addresses that are none of a machine's. Pure. */
export function foreignIn(
  addresses: Readonly<Record<string, string | undefined>>,
  own: Ground,
): Failure[] {
  return Object.entries(addresses).flatMap(([path, value]) =>
    value === undefined ? [] : foreignAddress(path, value, own),
  );
}

function foreignAddress(path: string, value: string, own: Ground): Failure[] {
  const wanted = withoutPort(value);
  if (isEveryAddress(value)) return [];
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
