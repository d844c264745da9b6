import { z } from "zod";

const strings = z.array(z.string());

const engine = z.strictObject({
  version: z
    .string()
    .optional()
    .describe(
      "Version of docker-ce (`26.1.5`), 20.10 or newer; its first digits are enough. Left out: the one that is there, else the newest in the repository. It is held until another one is declared.",
    ),
  repository: z
    .string()
    .default("https://download.docker.com/linux")
    .describe(
      "URL of the package repository, laid out like https://download.docker.com/linux, whose key is beside its packages.",
    ),
  repositoryKey: z
    .union([z.literal(false), strings.min(1)])
    .optional()
    .describe(
      "Fingerprints of the keys that may sign the repository's packages; false trusts whatever key lies beside them. Left out: Docker's own.",
    ),
  registryMirrors: strings
    .optional()
    .describe("URLs asked first for images of Docker Hub (daemon.json: registry-mirrors)."),
  insecureRegistries: strings
    .optional()
    .describe(
      "Registries spoken to without TLS: `address:port` or a subnet (daemon.json: insecure-registries).",
    ),
  labels: z
    .record(z.string(), z.string())
    .optional()
    .describe("Labels of the engine, for `engine.labels.…` in constraints (daemon.json: labels)."),
  daemon: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Any further key of daemon.json. Keys that are not declared are left as they are."),
});

const firewall = z.strictObject({
  role: z
    .enum(["manager", "worker"])
    .default("manager")
    .describe("Only managers get 2377/tcp opened."),
  source: z
    .enum(["any", "members"])
    .default("members")
    .describe(
      "Who may come in: only the other nodes and `sources`, or anybody, which Docker advises against.",
    ),
  sources: strings
    .optional()
    .describe("Addresses and subnets that may come in beside the nodes, such as 10.20.0.0/16."),
  dataPathPort: z
    .int()
    .min(1024)
    .max(49151)
    .default(4789)
    .describe("UDP port of the traffic between containers."),
  ports: strings
    .default([])
    .describe(
      "Openings besides those of the swarm: `9100/tcp`, `30000-30010/udp` or a protocol. Published ports need none.",
    ),
});

/** Arguments of a host. */
export const hostInputs = z.strictObject({
  host: z.string().describe("Name of the machine in the provider's configuration."),
  hostname: z.string().optional().describe("Host name that the machine is given. Default: `host`."),
  addresses: z
    .record(z.string(), z.string())
    .describe("Host names and IP addresses of all nodes, for /etc/hosts."),
  members: strings
    .optional()
    .describe(
      "Further addresses of nodes, such as those of their data path, that the firewall lets in.",
    ),
  engine: engine.prefault({}).describe("The Docker Engine."),
  firewall: z
    .union([z.literal(false), firewall])
    .prefault({})
    .describe(
      "Openings in firewalld or ufw, where one of them is at work; false leaves them alone.",
    ),
  packages: strings.default([]).describe("Packages of the system that shall be installed."),
  users: strings
    .default([])
    .describe("Users that shall exist and be in the group docker, which makes them equal to root."),
  modules: strings
    .default(["br_netfilter", "ip_vs", "overlay", "vxlan"])
    .describe("Kernel modules loaded now and at boot."),
  sysctls: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .default({
      "net.bridge.bridge-nf-call-ip6tables": "1",
      "net.bridge.bridge-nf-call-iptables": "1",
      "net.ipv4.ip_forward": "1",
    })
    .describe("Kernel settings made now and at boot."),
  update: z
    .boolean()
    .default(false)
    .describe("Bring all packages to their newest version, once. The engine stays as it is."),
  drain: z
    .enum(["gentle", "now"])
    .default("gentle")
    .describe(
      "How tasks leave a node whose engine is to restart: gentle starts those of services that update start-first " +
        "elsewhere before they stop here, now stops all at once.",
    ),
  removeEngine: z
    .boolean()
    .default(false)
    .describe("Delete removes the engine's packages, too; /var/lib/docker stays in any case."),
});

/** What a machine says of itself. */
export const hostOutputs = z.object({
  facts: z
    .object({
      os: z.string().describe("`CentOS Stream 9`."),
      kernel: z.string(),
      architecture: z.string().describe("As `uname -m` says: `x86_64`."),
      engineVersion: z.string().describe("Version of docker-ce that is installed; empty for none."),
    })
    .describe("What the machine says of itself."),
  pending: strings.describe(
    "What is still to be done on the machine and shows in no other property.",
  ),
});

/** Arguments as they pass the schema. */
export type RawHostInputs = z.output<typeof hostInputs>;

/** Arguments after `check`: with the host name, and with all openings of the firewall. */
export interface HostInputs extends Omit<RawHostInputs, "hostname" | "sysctls"> {
  readonly hostname: string;
  readonly sysctls: Readonly<Record<string, string>>;
}

/** The arguments as they really are, and what was found. */
export interface HostState extends Omit<HostInputs, "engine"> {
  readonly engine: Omit<HostInputs["engine"], "repository"> & { readonly repository?: string };
  readonly facts: z.output<typeof hostOutputs>["facts"];
  readonly pending: readonly string[];
}
