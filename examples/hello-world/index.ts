import { type Cluster, Container, onCluster } from "../../public";

/** What Docker's own instructions end with, on every host: the engine pulls, runs and ends a container. */
export function deploy(cluster: Cluster): undefined {
  for (const host of Object.keys(cluster.hosts)) {
    new Container(
      `hello-world-${host}`,
      { host, image: "hello-world", job: true },
      onCluster(cluster),
    );
  }
}
