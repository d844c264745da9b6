import type { Node } from "@docker/node-sdk";
import { parseRange } from "../../units/ranges";
import { managerEngines } from "../host/versions";
import type { Failure } from "../resource";
import { isUnknown } from "../value";
import type { NetworkInputs } from "./network";

/** The releases whose managers look for an IPv6 range among those of IPv4. */
const WITHOUT_IPV6 = { from: 27, to: 29 } as const;

/**
 * IPv6 ranges that managers of Docker 27 to 29 take without a word and never give the network: no task on it starts, and
 * neither do those of an older network once a manager is updated.
 *
 * @param engines - declared versions by host, and the hosts that are declared as managers
 * @see https://github.com/moby/moby/blob/v28.5.2/libnetwork/cnmallocator/networkallocator.go (allocatePools asks for no
 * pool of IPv6) and https://github.com/moby/moby/issues/52469
 */
export function ipv6Failures(
  { driver = "overlay", ipamDriver = "default", subnets }: NetworkInputs,
  nodes: readonly Node[],
  engines: { readonly versions: ReadonlyMap<string, string>; readonly managers: readonly string[] },
): Failure[] {
  if (subnets === undefined || isUnknown(subnets)) return [];
  if (driver !== "overlay" || ipamDriver !== "default") return [];
  const { from, to } = WITHOUT_IPV6;
  const manager = managerEngines(nodes, engines.versions, engines.managers).find(
    ({ release }) => release >= from && release <= to,
  );
  if (manager === undefined) return [];
  return subnets.flatMap(({ subnet = "" }, index) => {
    if (isUnknown(subnet) || parseRange(subnet)?.family !== "ipv6") return [];
    const reason =
      `got the IPv6 range "${subnet}", which Docker ${from} to ${to} gives no network of a swarm: tasks on it would never start, ` +
      `and ${manager.name} is to have ${manager.version}. Leave the range out, or stay with Docker 26.`;
    return [{ path: `subnets[${index}].subnet`, reason }];
  });
}
