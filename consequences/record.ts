import type { Node, ServiceSpec } from "@docker/node-sdk";
import type { World } from "./demand";
import type { Finding } from "./finding";
import { nodeOutline, outlineOf, specOutline } from "./outline";

/** What a run does to the placement of tasks; null: the service, or the node, goes. */
export interface Effect {
  readonly service?: { readonly name: string; readonly spec: ServiceSpec | null };
  readonly node?: { readonly id: string; readonly node: Node | null };
}

/** One line of the file in which a preview keeps what it has found, as JSON: the swarm first, then finding by finding. */
export type Entry =
  { readonly world: World } | { readonly finding: Finding; readonly effect: Effect };

/** Name of the variable with the path of that file; without it nothing is kept. */
export const recordVariable = "SWARM_CONSEQUENCES";

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

/** Entries of a file; a line that a killed run has cut is left out. */
export function entriesIn(text: string): Entry[] {
  return text.split("\n").flatMap((line): Entry[] => {
    try {
      const entry = JSON.parse(line) as unknown;
      const isEntry =
        typeof entry === "object" && entry !== null && ("world" in entry || "finding" in entry);
      return isEntry ? [entry as Entry] : [];
    } catch {
      return [];
    }
  });
}
