import type { Cluster } from "../components/cluster";

/** A cluster, or one of which a preview cannot tell yet what belongs to it. */
type Known = Cluster | "not known yet";

/** The clusters that one plugin has made: stacks name theirs by its URN. */
export class Clusters {
  readonly #made = new Map<string, Known>();

  note(urn: string, cluster: Known): void {
    this.#made.set(urn, cluster);
  }

  /** @throws Error when this plugin has made none of that URN */
  of(urn = "no resource"): Known {
    const found = this.#made.get(urn);
    if (found !== undefined) return found;
    throw new Error(
      `cluster: got ${urn}; expected a swarm:index:Cluster of the same program, which has the same provider as the ` +
        "stack, or neither has one.",
    );
  }
}
