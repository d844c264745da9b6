import type { Slot } from "../../cluster/run";
import type { Context } from "../context";

/** Engine versions that a run has declared so far, by host. */
const declarations: Slot<Map<string, string>> = { make: () => new Map<string, string>() };

/** Takes note of what a host's engine will be once the run is over. */
export function declareVersion({ run }: Pick<Context, "run">, host: string, version: string): void {
  run.get(declarations).set(host, version);
}

/** Declared engine versions by host; hosts without one keep what they have. */
export function declaredVersions({ run }: Pick<Context, "run">): ReadonlyMap<string, string> {
  return run.get(declarations);
}
