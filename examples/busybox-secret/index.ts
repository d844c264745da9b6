import { type Cluster, onCluster, Secret, Service } from "../../public";
import * as random from "@pulumi/random";

/** A generated password that a container reads as a file in memory. Change `length`, and run `up` again. */
export function deploy(cluster: Cluster): undefined {
  const password = new random.RandomPassword("mysql-pass", { length: 20 });
  const secret = new Secret(
    "mysql-pass-secret",
    { name: "mysql-pass", value: password.result },
    onCluster(cluster),
  );
  new Service(
    "demo",
    {
      image: "busybox",
      args: ["sh", "-c", "while true; do sleep 3600; done"],
      stopSignal: "SIGKILL",
      secrets: [{ source: secret.name, target: "mysql-pass" }],
    },
    onCluster(cluster),
  );
}
