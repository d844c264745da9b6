import type { ClusterContext } from "../cluster/context";

/**
 * What an acting function may use. One per call of the engine: `signal` is aborted when the resource's timeout has
 * passed, `progress` is the line beside the resource, and the rest is said in its log.
 */
export interface Context extends ClusterContext {
  /** Nothing was declared in this run: what is there is taken down, as `destroy` does. */
  readonly isDestroy: boolean;
  /** The resource takes the place of its former self, which in a preview is still there. */
  readonly isReplacement: boolean;
}
