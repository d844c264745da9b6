import { addressesOn, routesTo, sourcesTo } from "../../cluster/routes";
import type { ByHost, Routes } from "../../cluster/routes";
import type { Context } from "../context";
import { contains, parseLoosely } from "../../units/ranges";
import { containsUnknown } from "../value";
import type { HostInputs } from "./arguments";

type Asking = Pick<Context, "lab" | "machines" | "roles" | "run">;

/**
 * The arguments with the addresses that other machines speak from: one that has several need not speak from the one by
 * which it is known, and a firewall that lets members in alone would refuse it.
 *
 * @param olds - the last arguments: what is known of machines that do not answer
 */
export async function withSources(
  context: Asking,
  news: HostInputs,
  olds: Pick<HostInputs, "memberSources"> | undefined,
): Promise<HostInputs> {
  const declared = { ...news };
  // Nobody gives it.
  delete declared.memberSources;
  const found = await sourcesOf(context, declared, knownOf(context, olds));
  return Object.keys(found).length === 0 ? declared : { ...declared, memberSources: found };
}

/**
 * The addresses that a machine is asked the ways to, as far as they are known beforehand; none where nobody asks.
 * Addresses of interfaces are not: only the machines know them.
 */
export function askedFrom({
  addresses,
  firewall,
  members = [],
}: Pick<HostInputs, "addresses" | "firewall" | "members">): readonly string[] {
  if (firewall === false || firewall.source === "any") return [];
  return [...Object.values(addresses), ...members];
}

async function sourcesOf(
  context: Asking,
  { addresses, firewall, host, interfaces = {}, members = [] }: HostInputs,
  known: ByHost,
): Promise<ByHost> {
  if (firewall === false || firewall.source === "any") return {};
  if (containsUnknown([addresses, firewall, interfaces, members])) return known;
  const { named, routes } = await nodeRoutes(context, { addresses, interfaces, members });
  const declared = [...Object.values(addresses), ...members];
  const found = sourcesTo(host, { members: declared, routes, known, named, interfaces });
  return withoutCovered(found, firewall.sources ?? []);
}

/** How all machines get to all addresses that nodes are reached by, and which of those their interfaces have. */
async function nodeRoutes(
  context: Asking,
  {
    addresses,
    interfaces = {},
    members = [],
  }: Pick<HostInputs, "addresses" | "interfaces" | "members">,
): Promise<{ readonly named: ByHost; readonly routes: Routes }> {
  const named = await addressesOn(context, interfaces);
  const all = [...Object.values(addresses), ...members, ...Object.values(named).flat()];
  return { named, routes: await routesTo(context, all) };
}

/** Of the hosts that are declared: who has left is let in no more. */
function knownOf(
  { roles }: Pick<Context, "roles">,
  olds: Pick<HostInputs, "memberSources"> | undefined,
): ByHost {
  const entries = Object.entries(olds?.memberSources ?? {});
  return Object.fromEntries(entries.filter(([host]) => roles.has(host)));
}

/** Without those that the user lets in already. */
function withoutCovered(found: ByHost, declared: readonly string[]): ByHost {
  const ranges = declared.flatMap((text) => parseLoosely(text) ?? []);
  const isCovered = (address: string): boolean =>
    declared.includes(address) || ranges.some((range) => contains(range, address));
  return Object.fromEntries(
    Object.entries(found)
      .map(([host, sources]) => [host, sources.filter((one) => !isCovered(one))] as const)
      .filter(([, sources]) => sources.length > 0),
  );
}
