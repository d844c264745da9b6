import {
  type Application,
  type Cluster,
  endpointsOn,
  Network,
  onCluster,
  Service,
  Volume,
} from "../../public";

/** WordPress and MySQL as two `docker service create` make them: a network, a volume, passwords in the open. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const network = new Network("demo", {}, onCluster(cluster));
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
    "wordpress",
    {
      image: "wordpress",
      env: {
        WORDPRESS_DB_HOST: mysql.name,
        WORDPRESS_DB_USER: "root",
        WORDPRESS_DB_PASSWORD: "root",
        WORDPRESS_DB_NAME: "wordpress",
      },
      networks: [{ target: network.name }],
      ports: [{ target: 80, published: 80 }],
    },
    onCluster(cluster, mysql),
  );
  return { endpoints: endpointsOn(cluster, 80) };
}
