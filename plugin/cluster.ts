import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/cluster";
import { parseCluster } from "../settings/parse";
import { render } from "../settings/problem";
import { sealed } from "../settings/sealed";
import type { Component } from "./component";
import type { ComponentInputs } from "./inputs";
import { unmade } from "./unmade";
import { urnOf } from "./urn";

const token = "swarm:index:Cluster";

/** The clusters that were made, by URN: stacks name theirs so. */
const made = new Map<string, Cluster | "not known yet">();

/**
 * The cluster of a URN; "not known yet" of one that a preview cannot tell more of.
 *
 * @throws Error when this plugin has made none of that URN
 */
export function clusterOf(urn = "no resource"): Cluster | "not known yet" {
  const found = made.get(urn);
  if (found !== undefined) return found;
  throw new Error(
    `cluster: got ${urn}; expected a ${token} of the same program, which has ` +
      "the same provider as the stack, or neither has one.",
  );
}

/** The cluster of a program in another language. */
export const clusterComponent: Component = {
  token,
  async make(name, inputs, options) {
    if (inputs.unknowns.length > 0) {
      const alone = unmade(token, name, inputs.unknowns, ["clusterId", "nodes"], options);
      made.set(await urnOf(alone.resource), "not known yet");
      return alone;
    }
    const parsed = argumentsOf(name, inputs);
    const cluster = new Cluster(name, sealed(parsed.settings, inputs.secrets), options);
    for (const warning of parsed.warnings) void pulumi.log.warn(warning, cluster);
    made.set(await urnOf(cluster), cluster);
    const { summary: nodes, swarm } = cluster;
    return { resource: cluster, outputs: { nodes, clusterId: swarm.clusterId } };
  },
};

function argumentsOf(name: string, { value, secrets }: ComponentInputs) {
  const parsed = parseCluster(value, secrets);
  if ("settings" in parsed) return parsed;
  const lines = parsed.problems.map((problem) => `\n  ${render(problem)}`);
  throw new Error(`cluster ${name} cannot be used; nothing was touched.${lines.join("")}`);
}
