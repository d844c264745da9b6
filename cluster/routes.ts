import { isIP } from "node:net";
import { plainAddress } from "../hosts/endpoint";
import { askable, readWays, waysAmong } from "../hosts/routes";
import type { Way } from "../hosts/routes";
import type { ClusterContext } from "./context";
import { groundOf } from "./ground";
import { isThere } from "./identity";
import type { Slot } from "./run";
import { within } from "./within";

/** A machine that does not say in this time how it reaches the others counts as one that is down. */
const ASK_SECONDS = 8;

/** How machines reach addresses: host → address → way. A machine that did not answer is missing. */
export type Routes = ReadonlyMap<string, ReadonlyMap<string, Way>>;

/** Texts by host: names of interfaces, addresses. */
export type ByHost = Readonly<Record<string, string[]>>;

type Asking = Pick<ClusterContext, "lab" | "machines" | "roles" | "run">;

/** What was asked in a run, by the addresses that it was asked about. */
const asked: Slot<Map<string, Promise<Routes>>> = {
  make: () => new Map<string, Promise<Routes>>(),
};

/** What machines have said of it in this run while they were looked at, by host. */
const said: Slot<Map<string, Said>> = { make: () => new Map<string, Said>() };

interface Said {
  readonly asked: readonly string[];
  readonly ways: ReadonlyMap<string, Way>;
}

/** The same for interfaces. */
const looked: Slot<Map<string, Promise<ByHost>>> = {
  make: () => new Map<string, Promise<ByHost>>(),
};

/**
 * Which addresses machines have on interfaces, asked once in a run; a machine that does not answer is missing. Where
 * there are IPv4 addresses Docker takes one of those.
 */
export async function addressesOn(context: Asking, interfaces: ByHost): Promise<ByHost> {
  const key = JSON.stringify(Object.entries(interfaces).sort());
  return once(context.run.get(looked), key, async () => lookAll(context, interfaces));
}

async function lookAll({ machines, ...context }: Asking, interfaces: ByHost): Promise<ByHost> {
  const all = await Promise.all(
    Object.entries(interfaces).map(async ([host, names]) => {
      const isAsked = context.roles.has(host) && (await isThere(context, host).catch(() => false));
      const ground = isAsked ? await groundOf(machines, host) : undefined;
      if (ground === undefined || ground.addresses.length === 0) return [];
      const addresses = names.flatMap((name) => {
        const own = ground.addresses
          .filter((one) => one.interface === name && isIP(one.address) !== 0)
          .map(({ address }) => address)
          .filter((address) => !address.startsWith("fe80:"));
        const ipv4 = own.filter((address) => isIP(address) === 4);
        return ipv4.length > 0 ? ipv4 : own;
      });
      return [[host, [...new Set(addresses)].sort()] as const];
    }),
  );
  return Object.fromEntries(all.flat());
}

/** Takes note of how a machine gets to addresses: who asks about none but those need not ask it again in this run. */
export function noteWays(
  { run }: Pick<Asking, "run">,
  host: string,
  addresses: readonly string[],
  ways: ReadonlyMap<string, Way>,
): void {
  run.get(said).set(host, { asked: askable(addresses), ways });
}

/**
 * Asks every declared machine how it reaches the addresses, all at once, and once in a run: those that have said so
 * are not asked.
 */
export async function routesTo(context: Asking, addresses: readonly string[]): Promise<Routes> {
  const wanted = [...new Set(addresses)].sort();
  return once(context.run.get(asked), wanted.join(" "), async () => askAll(context, wanted));
}

/** The answer that is known or on its way, or a new one. */
async function once<Answer>(
  answers: Map<string, Promise<Answer>>,
  key: string,
  ask: () => Promise<Answer>,
): Promise<Answer> {
  const answer = answers.get(key) ?? ask();
  answers.set(key, answer);
  return answer;
}

async function askAll(context: Asking, addresses: readonly string[]): Promise<Routes> {
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
  context: Asking,
  host: string,
  addresses: readonly string[],
): Promise<ReadonlyMap<string, Way> | undefined> {
  const known = waysNoted(context, host, addresses);
  if (known !== undefined) return known;
  try {
    if (!(await isThere(context, host))) return undefined;
    const options = { deadlineSeconds: ASK_SECONDS };
    return await within(ASK_SECONDS, readWays(context.machines.get(host), addresses, options));
  } catch {
    // Whoever needs it says why it does not answer.
    return undefined;
  }
}

function waysNoted(
  { run }: Pick<Asking, "run">,
  host: string,
  addresses: readonly string[],
): ReadonlyMap<string, Way> | undefined {
  const noted = run.get(said).get(host);
  const wanted = askable(addresses);
  if (noted === undefined || !wanted.every((address) => noted.asked.includes(address)))
    return undefined;
  return waysAmong(noted.ways, wanted);
}

/**
 * Who else is to be let in to a host: the addresses that the kernels of the others choose on the way to one of its
 * own, and those of the interfaces that name them. Without those that are a node's anyway; of a machine that did not
 * answer, what was known. Pure.
 *
 * @param members - addresses of all nodes that are declared
 * @param named - those of interfaces that name nodes; a host whose interfaces could not be asked for is missing
 * @param interfaces - the hosts' that have some
 * @param known - what was found before
 * @returns sorted; only hosts of which there is something to say
 */
export function sourcesTo(
  host: string,
  { members, routes, known, named = {}, interfaces = {} }: Found,
): ByHost {
  const isMember = new Set(members.map(plainAddress));
  const own = [...(routes.get(host) ?? [])].filter(([, way]) => way.isOwn).map(([to]) => to);
  const from = (other: string): string[] => {
    const ways = routes.get(other);
    const isSilent = ways === undefined || (other in interfaces && !(other in named));
    if (isSilent || !routes.has(host)) return known[other] ?? [];
    const chosen = own.flatMap((address) => {
      const way = ways.get(address);
      return way === undefined || way.isOwn ? [] : [way.from];
    });
    const all = [...chosen, ...(named[other] ?? []).map(plainAddress)];
    return all.filter((address) => !isMember.has(address));
  };
  const others = [...new Set([...routes.keys(), ...Object.keys(known)])].sort();
  return Object.fromEntries(
    others
      .filter((other) => other !== host)
      .map((other) => [other, [...new Set(from(other))].sort()] as const)
      .filter(([, addresses]) => addresses.length > 0),
  );
}

/** What is known of who speaks to whom. */
interface Found {
  readonly members: readonly string[];
  readonly routes: Routes;
  readonly known: ByHost;
  readonly named?: ByHost;
  readonly interfaces?: ByHost;
}
