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

/** The cluster of a program in another language. */
export const clusterComponent: Component = {
  token,
  async make(name, inputs, options, clusters) {
    if (inputs.unknowns.length > 0) {
      const alone = unmade(token, name, inputs.unknowns, ["clusterId", "nodes"], options);
      clusters.note(await urnOf(alone.resource), "not known yet");
      return alone;
    }
    const parsed = argumentsOf(name, inputs);
    const cluster = new Cluster(name, sealed(parsed.settings, inputs.secrets), options);
    for (const warning of parsed.warnings) void pulumi.log.warn(warning, cluster);
    clusters.note(await urnOf(cluster), cluster);
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
