import * as random from "@pulumi/random";
import {
  type Application,
  type Cluster,
  endpointsOn,
  Network,
  onCluster,
  Secret,
  Service,
  Volume,
} from "../../public";

/** wordpress-c with its password in a secret, which both services read as a file in memory. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const password = new random.RandomPassword("my-pw", { length: 32, special: false });
  const secret = new Secret(
    "my-pw-secret",
    { name: "my-pw", value: password.result },
    onCluster(cluster),
  );
  const secrets = [{ source: secret.name, target: "my-pw" }];
  const network = new Network("my-network", {}, onCluster(cluster));
  const volume = new Volume("mysql-data", { host, deleteData: true }, onCluster(cluster));
  const mysql = new Service(
    "mysql",
    {
      image: "mysql",
      env: { MYSQL_ROOT_PASSWORD_FILE: "/run/secrets/my-pw", MYSQL_DATABASE: "wordpress" },
      secrets,
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
        WORDPRESS_DB_PASSWORD_FILE: "/run/secrets/my-pw",
        WORDPRESS_DB_NAME: "wordpress",
      },
      secrets,
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
