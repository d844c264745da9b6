import { z } from "zod";
import {
  engineTable,
  firewallTable,
  hostTable,
  SWARM_MODULES,
  SWARM_SYSCTLS,
} from "../../host-settings/table";
import type { UserSpec } from "../../hosts/host-spec";

// Rows and their words are those of the settings: host-settings/table.ts. What is stricter than here, a URL without a
// password in it, is so where it is written down.
const strings = z.array(z.string());

const engine = z.strictObject({
  version: z.string().optional().describe(engineTable.version.says),
  repository: z
    .string()
    .default("https://download.docker.com/linux")
    .describe(engineTable.repository.says),
  repositoryKey: z
    .union([z.literal(false), strings.min(1)])
    .optional()
    .describe(engineTable.repositoryKey.says),
  registryMirrors: strings.optional().describe(engineTable.registryMirrors.says),
  insecureRegistries: strings.optional().describe(engineTable.insecureRegistries.says),
  labels: z.record(z.string(), z.string()).optional().describe(engineTable.labels.says),
  daemon: z.record(z.string(), z.unknown()).optional().describe(engineTable.daemon.says),
});

const firewall = z.strictObject({
  role: z
    .enum(["manager", "worker"])
    .default("manager")
    .describe("Only managers get 2377/tcp opened."),
  source: firewallTable.source.schema.default("members").describe(firewallTable.source.says),
  sources: firewallTable.sources.schema.optional().describe(firewallTable.sources.says),
  dataPathPort: z
    .int()
    .min(1024)
    .max(49151)
    .default(4789)
    .describe("UDP port of the traffic between containers."),
  ports: strings.default([]).describe(firewallTable.ports.says),
});

/** Arguments of a host. */
export const hostInputs = z.strictObject({
  host: z.string().describe("Name of the machine in the provider's configuration."),
  hostname: hostTable.hostname.schema.optional().describe(hostTable.hostname.says),
  addresses: z
    .record(z.string(), z.string())
    .describe("Host names and IP addresses of all nodes, for /etc/hosts."),
  members: strings
    .optional()
    .describe(
      "Further addresses of nodes, such as those of their data path, that the firewall lets in.",
    ),
  interfaces: z
    .record(z.string(), strings)
    .optional()
    .describe(
      "Interfaces by which nodes or their data paths are named, by host: the firewall lets in the addresses that they have.",
    ),
  memberSources: z
    .record(z.string(), strings)
    .optional()
    .describe(
      "Further addresses of other nodes, by host, as their machines say: those that they speak to this one from, and " +
        "those of the interfaces that name them. The firewall lets them in, too.",
    ),
  engine: engine.prefault({}).describe("The Docker Engine."),
  firewall: z
    .union([z.literal(false), firewall])
    .prefault({})
    .describe(
      "Openings in firewalld or ufw, where one of them is at work; false leaves them alone.",
    ),
  packages: hostTable.packages.schema.default([]).describe(hostTable.packages.says),
  users: hostTable.users.schema.default({}).describe(hostTable.users.says),
  modules: hostTable.modules.schema
    .default(SWARM_MODULES)
    .describe("Kernel modules loaded now and at boot."),
  sysctls: hostTable.sysctls.schema
    .default({ ...SWARM_SYSCTLS })
    .describe("Kernel settings made now and at boot."),
  services: hostTable.services.schema.optional().describe(hostTable.services.says),
  timeService: hostTable.timeService.schema.optional().describe(hostTable.timeService.says),
  swap: hostTable.swap.schema.optional().describe(hostTable.swap.says),
  update: hostTable.update.schema.default(false).describe(hostTable.update.says),
  dockerCompose: hostTable.dockerCompose.schema.optional().describe(hostTable.dockerCompose.says),
  drain: z
    .enum(["gentle", "now"])
    .default("gentle")
    .describe(
      "How tasks leave a node whose engine is to restart: gentle starts those of services that update start-first " +
        "elsewhere before they stop here, now stops all at once.",
    ),
  removeEngine: hostTable.removeEngine.schema.default(false).describe(hostTable.removeEngine.says),
});

/** What a machine says of itself. */
export const hostOutputs = z.object({
  facts: z
    .object({
      os: z.string().describe("`CentOS Stream 9`."),
      kernel: z.string().describe("Release of its kernel."),
      architecture: z.string().describe("As `uname -m` says: `x86_64`."),
      engineVersion: z.string().describe("Version of docker-ce that is installed; empty for none."),
    })
    .describe("What the machine says of itself."),
  pending: strings.describe(
    "What is still to be done on the machine and shows in no other property.",
  ),
});

/** Arguments as they pass the schema. */
export interface RawHostInputs extends Omit<z.output<typeof hostInputs>, "users"> {
  readonly users: Readonly<Record<string, RawUser>>;
}

/** A user as declared. */
type RawUser = Omit<UserSpec, "groups"> & { readonly groups?: readonly string[] };

/** Arguments after `check`: with the host name, and with all openings of the firewall. */
export interface HostInputs extends Omit<RawHostInputs, "hostname" | "sysctls" | "users"> {
  readonly hostname: string;
  readonly sysctls: Readonly<Record<string, string>>;
  readonly users: Readonly<Record<string, UserSpec>>;
}

/** The arguments as they really are, and what was found. */
export interface HostState extends Omit<HostInputs, "engine"> {
  readonly engine: Omit<HostInputs["engine"], "repository"> & { readonly repository?: string };
  readonly facts: z.output<typeof hostOutputs>["facts"];
  readonly pending: readonly string[];
}
