import {
  type Application,
  type Cluster,
  endpointsOn,
  Network,
  onCluster,
  Service,
  Volume,
} from "../../public";

/** What a compose file for one machine says, on a swarm: `restart: always` is a restart policy here. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const restartPolicy = { condition: "any" } as const;
  const network = new Network("blog_default", {}, onCluster(cluster));
  const volume = new Volume("db_data", { host, deleteData: true }, onCluster(cluster));
  const database = new Service(
    "db",
    {
      image: "mysql:5.7",
      env: {
        MYSQL_ROOT_PASSWORD: "somewordpress",
        MYSQL_DATABASE: "wordpress",
        MYSQL_USER: "wordpress",
        MYSQL_PASSWORD: "wordpress",
      },
      networks: [{ target: network.name }],
      mounts: [{ source: volume.name, target: "/var/lib/mysql" }],
      placement: { constraints: [`node.hostname == ${host}`, "node.platform.arch == x86_64"] },
      restartPolicy,
    },
    onCluster(cluster),
  );
  new Service(
    "blog",
    {
      image: "wordpress:latest",
      env: {
        WORDPRESS_DB_HOST: "db:3306",
        WORDPRESS_DB_USER: "wordpress",
        WORDPRESS_DB_PASSWORD: "wordpress",
        WORDPRESS_DB_NAME: "wordpress",
      },
      networks: [{ target: network.name }],
      ports: [{ target: 80, published: 8000 }],
      restartPolicy,
    },
    onCluster(cluster, database),
  );
  return { endpoints: endpointsOn(cluster, 8000) };
}
