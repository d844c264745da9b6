import { foreignIn, groundOf } from "../../cluster/ground";
import type { Ground } from "../../cluster/ground";
import type { Context } from "../context";
import { overlap, parseLoosely } from "../../units/ranges";
import type { CheckResult, Failure } from "../resource";
import { withoutUnknown } from "../value";
import type { SwarmInputs } from "./arguments";

/** Docker's own default. */
const DEFAULT_POOL = "10.0.0.0/8";

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

/** Pure part of {@link groundProblems}. */
export function judge(
  news: SwarmInputs,
  grounds: readonly Ground[],
): { readonly failures: Failure[]; readonly warnings: string[] } {
  const own = grounds.find(({ host }) => host === news.host);
  const { advertiseAddr, dataPathAddr, defaultAddrPool, listenAddr } = news;
  const addresses = withoutUnknown({ advertiseAddr, dataPathAddr, listenAddr });
  const failures = [
    ...(own === undefined ? [] : foreignIn(addresses, own)),
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
