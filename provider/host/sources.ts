import { routesTo, sourcesTo } from "../../cluster/routes";
import type { SourcesByHost } from "../../cluster/routes";
import type { Context } from "../context";
import { contains, parseLoosely } from "../../units/ranges";
import { containsUnknown } from "../value";
import type { HostInputs } from "./arguments";

/**
 * The arguments with the addresses that other machines speak from: one that has several need not speak from the one by
 * which it is known, and a firewall that lets members in alone would refuse it.
 *
 * @param olds - the last arguments: what is known of machines that do not answer
 */
export async function withSources(
  context: Pick<Context, "lab" | "machines" | "roles" | "run">,
  news: HostInputs,
  olds: Pick<HostInputs, "memberSources"> | undefined,
): Promise<HostInputs> {
  const declared = { ...news };
  // Nobody gives it.
  delete declared.memberSources;
  const found = await sourcesOf(context, declared, knownOf(context, olds));
  return Object.keys(found).length === 0 ? declared : { ...declared, memberSources: found };
}

async function sourcesOf(
  context: Pick<Context, "lab" | "machines" | "roles" | "run">,
  { addresses, firewall, host, members = [] }: HostInputs,
  known: SourcesByHost,
): Promise<SourcesByHost> {
  if (firewall === false || firewall.source === "any") return {};
  if (containsUnknown([addresses, firewall, members])) return known;
  const all = [...Object.values(addresses), ...members];
  const found = sourcesTo(host, { members: all, routes: await routesTo(context, all), known });
  return withoutCovered(found, firewall.sources ?? []);
}

/** Of the hosts that are declared: who has left is let in no more. */
function knownOf(
  { roles }: Pick<Context, "roles">,
  olds: Pick<HostInputs, "memberSources"> | undefined,
): SourcesByHost {
  const entries = Object.entries(olds?.memberSources ?? {});
  return Object.fromEntries(entries.filter(([host]) => roles.has(host)));
}

/** Without those that the user lets in already. */
function withoutCovered(found: SourcesByHost, declared: readonly string[]): SourcesByHost {
  const ranges = declared.flatMap((text) => parseLoosely(text) ?? []);
  const isCovered = (address: string): boolean =>
    declared.includes(address) || ranges.some((range) => contains(range, address));
  return Object.fromEntries(
    Object.entries(found)
      .map(([host, sources]) => [host, sources.filter((one) => !isCovered(one))] as const)
      .filter(([, sources]) => sources.length > 0),
  );
}
