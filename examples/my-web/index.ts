import * as pulumi from "@pulumi/pulumi";
import {
  type Application,
  type Cluster,
  Config,
  endpointsOn,
  onCluster,
  Service,
} from "../../public";

/** Where HAProxy answers on every node. */
const front = 8090;

/** Two web servers behind the routing mesh, and an HAProxy in front of the mesh. */
export function deploy(cluster: Cluster): Application {
  const web = new Service(
    "my-web",
    {
      image: "nginx",
      replicas: 2,
      ports: [{ target: 80, published: 8080 }],
    },
    onCluster(cluster),
  );
  const config = new Config(
    "haproxy-cfg",
    { name: "haproxy-cfg", value: haproxyConfig(cluster, 8080) },
    onCluster(cluster),
  );
  new Service(
    "haproxy",
    {
      image: "haproxy",
      configs: [{ source: config.name, target: "/usr/local/etc/haproxy/haproxy.cfg" }],
      ports: [{ target: 80, published: front }],
    },
    onCluster(cluster, web),
  );
  return { endpoints: endpointsOn(cluster, front) };
}

/** Every node is a server of it, with tasks or without: the mesh leads on to a task. */
function haproxyConfig(cluster: Cluster, port: number): pulumi.Output<string> {
  const servers = Object.keys(cluster.addresses)
    .sort()
    .map((host) => pulumi.interpolate`   server ${host} ${cluster.addresses[host]}:${port} check`);
  return pulumi.interpolate`global
   log stdout format raw local0

defaults
   mode http
   timeout connect 5s
   timeout client 30s
   timeout server 30s

frontend http_front
   bind *:80
   stats uri /haproxy?stats
   default_backend http_back

backend http_back
   balance roundrobin
${pulumi.all(servers).apply((lines) => lines.join("\n"))}
`;
}
