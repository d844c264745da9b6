import {
  type Application,
  type Cluster,
  endpointsOn,
  Network,
  onCluster,
  Service,
  Volume,
} from "../../public";

/** The stack of three web servers that are updated one by one; its passwords are in the open. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const network = new Network("my-network", {}, onCluster(cluster));
  const volume = new Volume("mysql-data", { host, deleteData: true }, onCluster(cluster));
  const mysql = new Service(
    "mysql",
    {
      image: "mysql",
      env: { MYSQL_ROOT_PASSWORD: "root", MYSQL_DATABASE: "wordpress" },
      networks: [{ target: network.name }],
      mounts: [{ source: volume.name, target: "/var/lib/mysql" }],
      placement: { constraints: [`node.hostname == ${host}`] },
    },
    onCluster(cluster),
  );
  new Service(
    "web",
    {
      image: "wordpress",
      env: {
        WORDPRESS_DB_HOST: mysql.name,
        WORDPRESS_DB_USER: "root",
        WORDPRESS_DB_PASSWORD: "root",
        WORDPRESS_DB_NAME: "wordpress",
      },
      networks: [{ target: network.name }],
      ports: [{ target: 80, published: 8080 }],
      replicas: 3,
      restartPolicy: { condition: "on-failure", delay: "5s", maxAttempts: 3 },
      updateConfig: { parallelism: 1, delay: "10s" },
    },
    onCluster(cluster, mysql),
  );
  return { endpoints: endpointsOn(cluster, 8080) };
}
