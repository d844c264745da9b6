import type { Managers } from "../../cluster/managers";

/** Engine versions that each run has declared so far, by host. */
const declarations = new WeakMap<Managers, Map<string, string>>();

/** Takes note of what a host's engine will be once the run is over. */
export function declareVersion(managers: Managers, host: string, version: string): void {
  const versions = declarations.get(managers) ?? new Map<string, string>();
  declarations.set(managers, versions.set(host, version));
}

/** Declared engine versions by host; hosts without one keep what they have. */
export function declaredVersions(managers: Managers): ReadonlyMap<string, string> {
  return declarations.get(managers) ?? new Map<string, string>();
}
