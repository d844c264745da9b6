import type { Properties } from "./wire";

/**
 * The engine forgets that a resource is unfinished as soon as a refresh reads it without an error, and these types
 * are refreshed before every update. So the reasons are kept in the resource's own state, where the next read finds
 * them and says them again, until an update has succeeded. Pulumi shows no property that begins like this.
 */
const UNFINISHED = "__unfinished";

/** A state with the reasons why it is not what was asked for. */
export function withUnfinished(state: object, reasons: readonly string[]): Properties {
  return { ...state, [UNFINISHED]: [...reasons] };
}

/** The state as nouns know it, and why it is unfinished (empty: it is not). */
export function splitUnfinished(stored: Properties): {
  readonly state: Properties;
  readonly reasons: readonly string[];
} {
  const { [UNFINISHED]: reasons, ...state } = stored;
  return { state, reasons: Array.isArray(reasons) ? reasons.map(String) : [] };
}
