import * as pulumi from "@pulumi/pulumi";
import { type Cluster, onCluster, Service } from "../../public";

/** Two tasks of one image on two nodes. Change `replicas` to 1, and run `up` again. */
export function deploy(cluster: Cluster): undefined {
  const [host = ""] = Object.keys(cluster.addresses);
  new Service(
    "ping_app",
    {
      image: "debian:jessie",
      args: ["ping", "docker.com"],
      replicas: 2,
      // A lab has no way out: there the name leads to one of its machines. With a way out, leave this out.
      hosts: [pulumi.interpolate`${cluster.addresses[host]} docker.com`],
      stopSignal: "SIGINT",
    },
    onCluster(cluster),
  );
}
