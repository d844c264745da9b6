import { plainAddress, readWays } from "../hosts/routes";
import type { Way } from "../hosts/routes";
import type { ClusterContext } from "./context";
import { isThere } from "./identity";
import type { Slot } from "./run";
import { within } from "./within";

/** A machine that does not say in this time how it reaches the others counts as one that is down. */
const ASK_SECONDS = 8;

/** How machines reach addresses: host → address → way. A machine that did not answer is missing. */
export type Routes = ReadonlyMap<string, ReadonlyMap<string, Way>>;

/** What was asked in a run, by the addresses that it was asked about. */
const asked: Slot<Map<string, Promise<Routes>>> = {
  make: () => new Map<string, Promise<Routes>>(),
};

/** Asks every declared machine how it reaches the addresses, all at once, and once in a run. */
export async function routesTo(
  context: Pick<ClusterContext, "lab" | "machines" | "roles" | "run">,
  addresses: readonly string[],
): Promise<Routes> {
  const wanted = [...new Set(addresses)].sort();
  const key = wanted.join(" ");
  const asking = context.run.get(asked);
  const answer = asking.get(key) ?? askAll(context, wanted);
  asking.set(key, answer);
  return answer;
}

async function askAll(
  context: Pick<ClusterContext, "lab" | "machines" | "roles">,
  addresses: readonly string[],
): Promise<Routes> {
  const all = await Promise.all(
    [...context.roles.keys()].map(async (host) => {
      const ways = await ask(context, host, addresses);
      // Each knows a way to itself at least: whoever says nothing has no `ip`.
      return ways === undefined || ways.size === 0 ? [] : [[host, ways] as const];
    }),
  );
  return new Map(all.flat());
}

async function ask(
  context: Pick<ClusterContext, "lab" | "machines">,
  host: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Way> | undefined> {
  try {
    if (!(await isThere(context, host))) return undefined;
    const options = { deadlineSeconds: ASK_SECONDS };
    return await within(ASK_SECONDS, readWays(context.machines.get(host), addresses, options));
  } catch {
    // Whoever needs it says why it does not answer.
    return undefined;
  }
}

/** Addresses by the host that speaks from them. */
export type SourcesByHost = Readonly<Record<string, string[]>>;

/**
 * From where other machines speak to a host: the addresses that their kernels choose on the way to one of its
 * addresses, without those that are a node's own anyway. Of a machine that did not answer, those that were known. Pure.
 *
 * @param members - addresses of all nodes
 * @param known - what was found before
 * @returns sorted; only hosts of which there is something to say
 */
export function sourcesTo(
  host: string,
  { members, routes, known }: { members: readonly string[]; routes: Routes; known: SourcesByHost },
): SourcesByHost {
  const isMember = new Set(members.map(plainAddress));
  const own = [...(routes.get(host) ?? [])].filter(([, way]) => way.isOwn).map(([to]) => to);
  const from = (other: string): string[] => {
    const ways = routes.get(other);
    if (ways === undefined || !routes.has(host)) return known[other] ?? [];
    return own.flatMap((address) => {
      const way = ways.get(address);
      return way === undefined || way.isOwn || isMember.has(way.from) ? [] : [way.from];
    });
  };
  const others = [...new Set([...routes.keys(), ...Object.keys(known)])].sort();
  return Object.fromEntries(
    others
      .filter((other) => other !== host)
      .map((other) => [other, [...new Set(from(other))].sort()] as const)
      .filter(([, addresses]) => addresses.length > 0),
  );
}
