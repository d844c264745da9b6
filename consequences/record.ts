import type { Node, ServiceSpec } from "@docker/node-sdk";
import { sumOf } from "../units/cost";
import type { Cost } from "../units/cost";
import type { World } from "./demand";
import type { Finding } from "./finding";
import { nodeOutline, outlineOf, specOutline } from "./outline";

export type { Cost } from "../units/cost";

/** What a run does to the placement of tasks; null: the service, or the node, goes. */
export interface Effect {
  readonly service?: { readonly name: string; readonly spec: ServiceSpec | null };
  readonly node?: { readonly id: string; readonly node: Node | null };
}

/**
 * One line of the file in which a run keeps what it has found, as JSON: the swarm before any finding, and again and again
 * what was asked of machines since the last time.
 */
export type Entry =
  | { readonly world: World }
  | { readonly finding: Finding; readonly effect: Effect }
  | { readonly cost: Cost };

/** Name of the variable with the path of that file; without it nothing is kept. */
export const recordVariable = "SWARM_RECORD";

/** The first line. */
export function worldEntry(world: World): Entry {
  return { world: outlineOf(world) };
}

/** A further line. */
export function findingEntry(finding: Finding, { service, node }: Effect): Entry {
  return {
    finding,
    effect: {
      ...(service && {
        service: { name: service.name, spec: service.spec && specOutline(service.spec) },
      }),
      ...(node && { node: { id: node.id, node: node.node && nodeOutline(node.node) } }),
    },
  };
}

/** What was asked of machines, by all plugins of a run. */
export function costIn(entries: readonly Entry[]): Cost {
  return sumOf(entries.flatMap((entry) => ("cost" in entry ? [entry.cost] : [])));
}

/** Entries of a file; a line that a killed run has cut is left out. */
export function entriesIn(text: string): Entry[] {
  return text.split("\n").flatMap((line): Entry[] => {
    try {
      const entry = JSON.parse(line) as unknown;
      const isEntry =
        typeof entry === "object" &&
        entry !== null &&
        ("world" in entry || "finding" in entry || "cost" in entry);
      return isEntry ? [entry as Entry] : [];
    } catch {
      return [];
    }
  });
}
