import { withoutReferences } from "../fields/form";
import type { Tree } from "../fields/paths";
import { withArguments } from "../fields/table";
import type { NetworkInputs } from "./network";
import { networkTable } from "./table";

/**
 * What Docker is given to make a network: one that is there on every node that needs it. An overlay network always is;
 * one of another driver is the manager's own unless that is said.
 */
export function networkSpec(inputs: NetworkInputs): Tree {
  const spec = withArguments(networkTable, {}, inputs, withoutReferences);
  return spec.Driver === "overlay" ? spec : { ...spec, Scope: "swarm" };
}
