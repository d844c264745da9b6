import type { Cluster } from "../../components/cluster";
import { endpointsOn, onCluster } from "../../components/on-cluster";
import type { Application } from "../../components/application";
import { Service } from "../../resources/service";

/** A web server whose port every node answers. Change `replicas`, and run `up` again. */
export function deploy(cluster: Cluster): Application {
  new Service(
    "my-nginx",
    {
      image: "nginx",
      replicas: 1,
      ports: [{ target: 80, published: 8888 }],
    },
    onCluster(cluster),
  );
  return { endpoints: endpointsOn(cluster, 8888) };
}
