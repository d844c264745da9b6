import type { Node } from "@docker/node-sdk";
import { neededBy } from "../fields/table";
import { managerEngines } from "../host/versions";
import type { Failure } from "../resource";
import type { ServiceInputs } from "./arguments";
import { serviceTable } from "./table";

/** Whether a service uses anything that not every supported engine knows. */
export function needsReleases(inputs: ServiceInputs): boolean {
  return Object.keys(neededBy(serviceTable, inputs)).length > 0;
}

/**
 * Properties that a manager's engine would drop without a word, because it is older than they are.
 *
 * @param versions - engine versions that this run declares, by host: they count more than what runs now
 * @see https://docs.docker.com/reference/api/engine/version-history/
 */
export function tooNewFor(
  inputs: ServiceInputs,
  nodes: readonly Node[],
  versions: ReadonlyMap<string, string>,
): Failure[] {
  const [oldest] = managerEngines(nodes, versions);
  if (oldest === undefined) return [];
  return Object.entries(neededBy(serviceTable, inputs))
    .filter(([, release]) => release > oldest.release)
    .map(([path, release]) => ({
      path,
      reason:
        `got a value, which Docker ${oldest.version} on ${oldest.name} does not know; expected Docker ${release} or newer ` +
        `on every manager. Upgrade the managers (engine.version), or leave it out.`,
    }));
}
