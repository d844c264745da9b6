import { engineTable, firewallTable, hostTable, type Merge } from "./table";

type Values = Readonly<Record<string, unknown>>;
type Rules = Readonly<Record<string, { readonly merge: Merge }>>;

/**
 * The settings of one host: what all hosts have, and what it has of its own, by the rules of the tables. A key that no
 * table has is the host's.
 */
function merge<T extends object>(rules: Rules, common: T | undefined, own: T | undefined): T {
  const [one, other] = [(common ?? {}) as Values, (own ?? {}) as Values];
  const keys = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    keys.map((key) => [key, mergeValue(rules[key]?.merge ?? "own", one[key], other[key])]),
  ) as T;
}

/** The host settings of one host. */
export function mergeHost<T extends object>(common: T | undefined, own: T | undefined): T {
  return merge(hostTable, common, own);
}

/** The engine of one host. Maps are put together by their names, `daemon` too. */
export function mergeEngine<T extends object>(common: T | undefined, own: T | undefined): T {
  return merge(engineTable, common, own);
}

/** The firewall of one host; false leaves it alone, for one host or for all that say nothing. */
export function mergeFirewall<T extends object>(
  common: T | false | undefined,
  own: T | false | undefined,
): T | false {
  if (own === false || (common === false && own === undefined)) return false;
  return merge<T>(firewallTable, common === false ? undefined : common, own);
}

function mergeValue(rule: Merge, common: unknown, own: unknown): unknown {
  if (own === undefined || common === undefined) return own ?? common;
  if (rule === "added")
    return [...new Set([...(common as readonly unknown[]), ...(own as readonly unknown[])])];
  return rule === "by name" ? { ...(common as object), ...(own as object) } : own;
}
