import type { Path } from "./path";
import type { Properties } from "./wire";

/**
 * The machines that the last configuration had and this one has not. They stay in the provider's own state, secrets
 * encrypted like all others there, because taking a node or a host down comes last in a run, when only this
 * configuration is left. Those of earlier runs stay, so that a run which was killed can be finished however many
 * leave meanwhile; one goes when its name or its address is declared again, because then it is somebody else's.
 */
export function leavingHosts(olds: Properties, news: Properties): Properties {
  const hosts = mapIn(news, "hosts");
  const declared = new Set(Object.values(hosts).map(whereabouts));
  const isGone = ([name, host]: [string, unknown]): boolean =>
    !(name in hosts) && !declared.has(whereabouts(host));
  const both = { ...mapIn(olds, "leaving"), ...mapIn(olds, "hosts") };
  return Object.fromEntries(Object.entries(both).filter(isGone));
}

/** What tells machines apart; those of a lab have names only. */
function whereabouts(host: unknown): unknown {
  const { address, port = 22 } = host as Properties;
  return address === undefined ? Symbol("of a lab") : JSON.stringify([address, port]);
}

/** The same places in `leaving` for everything that was secret in the hosts of the last configuration. */
export function leavingPaths(secrets: readonly Path[]): Path[] {
  return secrets.filter(([top]) => top === "hosts").map(([, ...rest]) => ["leaving", ...rest]);
}

function mapIn(properties: Properties, key: string): Properties {
  const value = properties[key];
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}
