import { type Cluster, onCluster, Service, type ServiceArgs } from "../../public";

const target = 53;
const published = 53;

/** Ways to publish the port of a name server. */
const forms = {
  tcp: { ports: [{ target, published }] },
  "tcp and udp": {
    ports: [
      { target, published },
      { target, published, protocol: "udp" },
    ],
  },
  udp: { ports: [{ target, published, protocol: "udp" }] },
  /** Each node answers with its own task, past the routing mesh. */
  host: { mode: "global", ports: [{ target, published, protocol: "udp", mode: "host" }] },
} as const satisfies Record<string, Partial<ServiceArgs>>;

/** The one in use. Change it, and run `up` again. */
const form: keyof typeof forms = "tcp";

/** A name server whose port is published in one of four forms. */
export function deploy(cluster: Cluster): undefined {
  new Service(
    "dns-cache",
    {
      image: "dns-cache",
      // What it answers; a real cache is told its servers instead: "--server=192.0.2.53".
      args: ["--address=/answer.example/192.0.2.1"],
      ...forms[form],
    },
    onCluster(cluster),
  );
}
