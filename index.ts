import * as pulumi from "@pulumi/pulumi";
import { Cluster, deployStacks } from "./public";
import { readSettings } from "./settings";

const settings = readSettings();
const cluster = new Cluster("cluster", settings);
const stacks = deployStacks(cluster, settings.stacks);

/** Role and address of each node. */
export const nodes = cluster.summary;

/** Names of the managers. */
export const managers = Object.keys(cluster.nodes)
  .filter((host) => settings.hosts[host]?.role === "manager")
  .sort();

/** URLs of each stack, one per node. */
export const endpoints = pulumi.output(
  Object.fromEntries(Object.entries(stacks).map(([name, stack]) => [name, stack.endpoints])),
);
