import { type Cluster, onCluster, Service, Volume } from "../../public";

/** What a task writes into a volume is there for the next task. */
export function deploy(cluster: Cluster): undefined {
  const [host = ""] = Object.keys(cluster.hosts).reverse();
  const volume = new Volume("volume", { host, deleteData: true }, onCluster(cluster));
  new Service(
    "uchin_v_test",
    {
      image: "busybox",
      args: ["ping", "127.0.0.1"],
      stopSignal: "SIGINT",
      mounts: [{ source: volume.name, target: "/data" }],
      // A volume is on one node; a task elsewhere would get an empty one of the same name.
      placement: { constraints: [`node.hostname == ${host}`] },
    },
    onCluster(cluster),
  );
}
