import { placeOf } from "../../hosts/target";
import type { Place } from "../../hosts/target";
import type { Path } from "./path";
import type { Properties } from "./wire";

/**
 * The machines that the last configuration had and this one has not. They stay in the provider's own state, secrets
 * encrypted like all others there, because taking a node or a host down comes last in a run, when only this
 * configuration is left. Those of earlier runs stay, so that a run which was killed can be finished however many
 * leave meanwhile; one goes when its name, or the place where it is reached, is declared again, because then it is
 * somebody else's.
 */
export function leavingHosts(olds: Properties, news: Properties): Properties {
  const hosts = mapIn(news, "hosts");
  const ssh = mapIn(news, "ssh");
  const declared = new Set(Object.values(hosts).map((host) => whereabouts(host, ssh)));
  const isGone = ([name, host]: [string, unknown]): boolean =>
    !(name in hosts) && !declared.has(whereabouts(host, ssh));
  const both = { ...mapIn(olds, "leaving"), ...mapIn(olds, "hosts") };
  return Object.fromEntries(Object.entries(both).filter(isGone));
}

/**
 * What tells machines apart; those of a lab have names only.
 *
 * @param ssh - login of every host that says nothing else: of those that leave, too
 */
function whereabouts(host: unknown, { port, jump }: Properties): unknown {
  const place = placeIn({ port, jump, ...mapOf(host) });
  return place === undefined ? Symbol("of a lab") : placeOf(place);
}

/** As far as it is said in a form that can be read: nothing has been checked yet. */
function placeIn(value: unknown): Place | undefined {
  const { address, port, jump } = mapOf(value);
  if (typeof address !== "string") return undefined;
  return { address, port: typeof port === "number" ? port : undefined, jump: placeIn(jump) };
}

/** The same places in `leaving` for everything that was secret in the hosts of the last configuration. */
export function leavingPaths(secrets: readonly Path[]): Path[] {
  return secrets.filter(([top]) => top === "hosts").map(([, ...rest]) => ["leaving", ...rest]);
}

function mapIn(properties: Properties, key: string): Properties {
  return mapOf(properties[key]);
}

function mapOf(value: unknown): Properties {
  return typeof value === "object" && value !== null ? (value as Properties) : {};
}
