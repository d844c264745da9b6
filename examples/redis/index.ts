import { type Cluster, onCluster, Service } from "../../public";

/** A rolling update: one task at a time, ten seconds apart. Change the tag to 3.0.7, and run `up` again. */
export function deploy(cluster: Cluster): undefined {
  new Service(
    "redis",
    {
      image: "redis:3.0.6",
      replicas: 3,
      updateConfig: { delay: "10s" },
    },
    onCluster(cluster),
  );
}
