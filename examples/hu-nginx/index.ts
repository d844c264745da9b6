import { type Cluster, Network, onCluster, Service } from "../../public";

/** Three tasks on a network of their own, to scale and to see survive the loss of a node. */
export function deploy(cluster: Cluster): undefined {
  const network = new Network("nginx_net", {}, onCluster(cluster));
  new Service(
    "hu_nginx",
    {
      image: "nginx",
      replicas: 3,
      networks: [{ target: network.name }],
    },
    onCluster(cluster),
  );
}
