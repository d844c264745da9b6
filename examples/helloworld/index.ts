import * as pulumi from "@pulumi/pulumi";
import { type Cluster, onCluster, Service } from "../../public";

/** The first service of every tutorial: it pings a name for ever. Change `replicas`, and run `up` again. */
export function deploy(cluster: Cluster): undefined {
  const [host = ""] = Object.keys(cluster.addresses);
  new Service(
    "helloworld",
    {
      image: "alpine",
      args: ["ping", "docker.com"],
      replicas: 1,
      // A lab has no way out: there the name leads to one of its machines. With a way out, leave this out.
      hosts: [pulumi.interpolate`${cluster.addresses[host]} docker.com`],
      // Process 1 of a container ignores SIGTERM unless it asked for it; ping listens to what Ctrl-C sends.
      stopSignal: "SIGINT",
    },
    onCluster(cluster),
  );
}
