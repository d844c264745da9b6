/**
 * What needs `@pulumi/docker` beside it: `import { dockerProvider } from "pulumi-swarm/docker"`.
 *
 * @module pulumi-swarm/docker
 */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Cluster } from "./cluster";
import { urlHost } from "./on-cluster";

/**
 * A provider of the official `@pulumi/docker` on one host, for what `Container` has no word for: images that are built there.
 * It logs in with the machine's ssh program, so with an agent or the user's own keys; the host key is the declared one.
 *
 * ```ts
 * new docker.Image("shop", { imageName: "shop:1", build: { context: "shop" } }, { provider: dockerProvider("edge", cluster, "web-1") });
 * ```
 * @throws pulumi.ResourceError for a host that the cluster does not have, and for a lab's
 */
export function dockerProvider(
  name: string,
  cluster: Cluster,
  host: string,
  opts?: pulumi.ResourceOptions,
): docker.Provider {
  const { host: address, hostKey, user, port } = cluster.connection(host);
  const known = pulumi.interpolate`KnownHostsCommand=/bin/echo ${address} ${hostKey}`;
  const alias = pulumi.interpolate`HostKeyAlias=${address}`; // else a port other than 22 becomes part of the name
  const place = pulumi.output(address).apply(urlHost);
  return new docker.Provider(
    name,
    {
      host: pulumi.interpolate`ssh://${user}@${place}:${port}`,
      sshOpts: [
        ...["-o", known, "-o", alias],
        ...["-o", "StrictHostKeyChecking=yes"],
        ...["-o", "UserKnownHostsFile=/dev/null", "-o", "GlobalKnownHostsFile=/dev/null"],
      ],
    },
    opts,
  );
}
