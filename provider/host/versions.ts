import type { Node } from "@docker/node-sdk";
import { nameOf } from "../../cluster/members";
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

/** The engine of a manager, as it is once the run is over. */
export interface ManagerEngine {
  readonly name: string;
  readonly version: string;
  /** First number of the version. */
  readonly release: number;
}

/**
 * The engines of the managers, the oldest first; those that say no version are left out.
 *
 * @param versions - engine versions that this run declares, by host: they count more than what runs now
 * @param declared - hosts that are to be managers, nodes already or not
 */
export function managerEngines(
  nodes: readonly Node[],
  versions: ReadonlyMap<string, string>,
  declared: readonly string[] = [],
): ManagerEngine[] {
  const live = nodes
    .filter((node) => node.ManagerStatus)
    .map((node): [string, string] => [nameOf(node), node.Description?.Engine?.EngineVersion ?? ""]);
  const known = new Map([...declared.map((name): [string, string] => [name, ""]), ...live]);
  return [...known]
    .map(([name, now]) => {
      const version = versions.get(name) ?? now;
      return { name, version, release: Number.parseInt(version, 10) };
    })
    .filter(({ release }) => !Number.isNaN(release))
    .sort((a, b) => a.release - b.release || (a.name < b.name ? -1 : 1));
}
