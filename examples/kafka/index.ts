import {
  type Application,
  type Cluster,
  endpointsOn,
  Network,
  onCluster,
  Service,
  Volume,
} from "../../public";

/** A network with addresses of one's own that plain containers may join, a volume, and two services on both. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const network = new Network(
    "kafka",
    { attachable: true, subnets: [{ subnet: "172.30.0.0/16", gateway: "172.30.0.1" }] },
    onCluster(cluster),
  );
  const volume = new Volume("volume_kafka", { host, deleteData: true }, onCluster(cluster));
  const shared = {
    networks: [{ target: network.name }],
    mounts: [{ source: volume.name, target: "/home" }],
    // A volume is on one node; a task elsewhere would get an empty one of the same name.
    placement: { constraints: [`node.hostname == ${host}`] },
  };
  new Service(
    "uchin_test",
    {
      ...shared,
      image: "debian",
      // Without a program that goes on the container would end at once.
      args: ["sleep", "infinity"],
      stopSignal: "SIGKILL",
      replicas: 2,
    },
    onCluster(cluster),
  );
  new Service(
    "my-nginx",
    { ...shared, image: "nginx", ports: [{ target: 80, published: 8888 }] },
    onCluster(cluster),
  );
  return { endpoints: endpointsOn(cluster, 8888) };
}
