import * as pulumi from "@pulumi/pulumi";
import { type Application, type Cluster, Container, onCluster, Service } from "../../public";

/** The mesh's port: every node answers on it. */
const mesh = 8080;

/** HAProxy's port on its host. */
const front = 8090;

/** Three web servers behind the routing mesh, and an HAProxy beside the swarm, on one host, in front of the mesh. */
export function deploy(cluster: Cluster): Application {
  const [host = ""] = Object.keys(cluster.hosts);
  const web = new Service(
    "web-behind",
    { image: "nginx", replicas: 3, ports: [{ target: 80, published: mesh }] },
    onCluster(cluster),
  );
  new Container(
    "proxy",
    {
      host,
      image: "haproxy",
      // A plain container has no configs of the swarm: its file is made of a variable when it starts.
      entrypoint: ["sh", "-c", start],
      env: { CONFIGURATION: configurationOf(cluster) },
      ports: [{ target: 80, published: front }],
      restartPolicy: { name: "unless-stopped" },
      limits: { memory: "128M" },
    },
    onCluster(cluster, web),
  );
  const url = pulumi.interpolate`http://${cluster.addresses[host]}:${front}`;
  return { endpoints: url.apply((one) => [one]) };
}

const start =
  'printf "%s" "$CONFIGURATION" > /tmp/haproxy.cfg && exec docker-entrypoint.sh haproxy -f /tmp/haproxy.cfg';

/**
 * Every node is a server of it, with tasks or without: the mesh leads on to a task. A node that does not answer is left
 * out after two checks, and until then its requests are sent to another one. What it had taken already is asked anew
 * after the server's time, but for requests that change something: nobody orders twice.
 */
function configurationOf(cluster: Cluster): pulumi.Output<string> {
  const servers = Object.keys(cluster.addresses)
    .sort()
    .map((name) => pulumi.interpolate`   server ${name} ${cluster.addresses[name]}:${mesh} check`);
  return pulumi.interpolate`global
   log stdout format raw local0

defaults
   mode http
   timeout connect 2s
   timeout client 30s
   timeout server 5s
   retries 4
   retry-on conn-failure empty-response response-timeout
   option redispatch 1
   default-server inter 1s fall 2

frontend http_front
   bind *:80
   stats uri /haproxy?stats
   http-request disable-l7-retry unless METH_GET
   default_backend http_back

backend http_back
   balance roundrobin
${pulumi.all(servers).apply((lines) => lines.join("\n"))}
`;
}
