import * as pulumi from "@pulumi/pulumi";
import { type Application, type Cluster, Container, onCluster, Volume } from "../../public";

/** Portainer by itself: a plain container that shows the one engine whose socket it is given. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const data = new Volume("portainer_alone", { host, deleteData: true }, onCluster(cluster));
  new Container(
    "portainer-alone",
    {
      host,
      image: "portainer/portainer",
      command: ["-H", "unix:///var/run/docker.sock"],
      ports: [{ target: 9000, published: 9100, hostIp: "127.0.0.1" }],
      mounts: [
        { type: "bind", source: "/var/run/docker.sock", target: "/var/run/docker.sock" },
        { source: data.name, target: "/data" },
      ],
      restartPolicy: { name: "always" },
    },
    onCluster(cluster, data),
  );
  return { endpoints: pulumi.output([]) };
}
