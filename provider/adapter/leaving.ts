import type { Path } from "./path";
import type { Properties } from "./wire";

/**
 * The machines that the last configuration had and this one has not. They stay in the provider's own state, secrets
 * encrypted like all others there, because taking a node or a host down comes last in a run, when only this
 * configuration is left. Those of an earlier run stay until machines leave again, so that a run which was killed can
 * be finished.
 */
export function leavingHosts(olds: Properties, news: Properties): Properties {
  const hosts = mapIn(news, "hosts");
  const isGone = ([name]: [string, unknown]): boolean => !(name in hosts);
  const gone = Object.entries(mapIn(olds, "hosts")).filter(isGone);
  const earlier = Object.entries(mapIn(olds, "leaving")).filter(isGone);
  return Object.fromEntries(gone.length > 0 ? gone : earlier);
}

/** The same places in `leaving` for everything that was secret in the hosts of the last configuration. */
export function leavingPaths(secrets: readonly Path[]): Path[] {
  return secrets.filter(([top]) => top === "hosts").map(([, ...rest]) => ["leaving", ...rest]);
}

function mapIn(properties: Properties, key: string): Properties {
  const value = properties[key];
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}
