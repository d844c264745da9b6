import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster";

/**
 * Options of a resource that belongs into the swarm: it is reached through the cluster's provider and waits until every
 * node has joined.
 *
 * ```ts
 * new Service("redis", { image: "redis" }, onCluster(cluster));
 * ```
 *
 * @param dependsOn - what has to be there before, beside the nodes
 */
export function onCluster(
  cluster: Cluster,
  ...dependsOn: readonly pulumi.Resource[]
): pulumi.CustomResourceOptions {
  const nodes = Object.values(cluster.nodes);
  return { provider: cluster.provider, dependsOn: [...nodes, ...dependsOn] };
}

/**
 * URLs of a published port, one per address, in the order of the names of the nodes: `https://` of port 443, `http://` of
 * others.
 */
export function endpointsOn(cluster: Cluster, port: number): pulumi.Output<string[]> {
  const scheme = port === 443 ? "https" : "http";
  const suffix = port === 80 || port === 443 ? "" : `:${port}`;
  const hosts = Object.keys(cluster.addresses).sort();
  return pulumi.all(hosts.map((host) => cluster.addresses[host] ?? "")).apply((addresses) =>
    // Hosts behind one translated address share it.
    [...new Set(addresses)].map((address) => `${scheme}://${urlHost(address)}${suffix}`),
  );
}

/** IPv6 addresses stand in brackets. */
export function urlHost(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
