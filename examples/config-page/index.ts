import { join } from "node:path";
import {
  type Application,
  type Cluster,
  Config,
  endpointsOn,
  onCluster,
  Service,
} from "../../public";

/** A web server whose settings and page are configs. Change one of both files, and run `up` again. */
export function deploy(cluster: Cluster): Application {
  const server = new Config(
    "page-server",
    { file: join(__dirname, "server.conf") },
    onCluster(cluster),
  );
  const page = new Config(
    "page-index",
    { file: join(__dirname, "index.html"), templateDriver: "golang" },
    onCluster(cluster),
  );
  new Service(
    "page",
    {
      image: "nginx",
      replicas: 2,
      configs: [
        { source: server.name, target: "/etc/nginx/conf.d/default.conf" },
        { source: page.name, target: "/srv/page/index.html" },
      ],
      ports: [{ target: 80, published: 8070 }],
      // The next version answers before the last one goes.
      updateConfig: { order: "start-first" },
    },
    onCluster(cluster),
  );
  return { endpoints: endpointsOn(cluster, 8070) };
}
