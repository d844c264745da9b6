import { type Application, type Cluster, endpointsOn, onCluster, Service } from "../../public";

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
