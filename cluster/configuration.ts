import { z } from "zod";
import { isHostKey } from "../hosts/host-key";
import { placeOf } from "../hosts/target";
import { parseBytes } from "../units/units";
import type { Failure } from "./failure";

const HOST_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const REGISTRY = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/i;
const KEY_ADVICE =
  'expected the machine\'s public host key, "ssh-ed25519 AAAA…". On the machine itself: cat /etc/ssh/ssh_host_ed25519_key.pub';

const login = {
  port: z.int().min(1).max(65535).optional().describe("SSH port. Default 22."),
  user: z.string().min(1).optional().describe("User to log in as. Default root."),
  privateKey: z
    .string()
    .regex(/^-----BEGIN /, { error: "expected the text of a private key, not its path" })
    .meta({ secret: true })
    .optional()
    .describe("Private key, PEM or OpenSSH text."),
  passphrase: z
    .string()
    .meta({ secret: true })
    .optional()
    .describe("Passphrase of the private key."),
  password: z.string().meta({ secret: true }).optional().describe("Password of the user."),
  agent: z.string().min(1).optional().describe("Path of an ssh-agent socket."),
  sudoPassword: z
    .string()
    .meta({ secret: true })
    .optional()
    .describe("Password for sudo, where the user is not root and sudo asks for one."),
};

/** Options of a login, for a host or for all. */
export const loginKeys = Object.keys(login) as (keyof typeof login)[];

const hostKey = z.string({ error: KEY_ADVICE }).refine((text) => isHostKey(text), {
  error: KEY_ADVICE,
});

const jump = z
  .strictObject({
    address: z.string().min(1).describe("Name or IP address."),
    hostKey: hostKey.describe("Public host key; several lines are alternatives."),
    ...login,
  })
  .describe("A machine to go through.");

const memory = z.string().refine((text) => parseBytes(text) !== undefined, {
  error: 'expected a size with a unit, such as "1536MiB"',
});

const host = z.strictObject({
  role: z.enum(["manager", "worker"]).describe("What the machine is in the swarm."),
  address: z.string().min(1).optional().describe("Name or IP address."),
  hostKey: hostKey.optional().describe("Public host key; several lines are alternatives."),
  memory: memory.optional().describe("Memory of the machine in a lab, where it differs."),
  ...login,
  jump: jump.optional(),
});

/** Systems of a lab's machines. */
export const LAB_SYSTEMS = ["centos7", "centos", "centos10", "debian", "ubuntu"] as const;

const lab = z.strictObject({
  memory: memory.default("1536MiB").describe("Memory of each machine."),
  image: z.enum(LAB_SYSTEMS).default("centos").describe("System of the machines."),
  directory: z
    .string()
    .min(1)
    .optional()
    .describe("Where the lab is kept. Default .swarm/lab in the project."),
});

const hostName = z
  .string()
  .regex(HOST_NAME, { error: "expected a host name: a-z, 0-9 and hyphens" });
const HOSTS = "The machines by name.";

/** The provider's configuration: how to reach every machine. Resources name their host and nothing else. */
export const configurationSchema = z.strictObject({
  lab: lab.optional().describe("Machines made on this computer; without it the machines exist."),
  ssh: z
    .strictObject({ ...login, jump: jump.optional() })
    .optional()
    .describe("Login of every host that says nothing else."),
  registries: z
    .record(
      z.string().regex(REGISTRY, {
        error: "expected the registry in an image's name, such as registry.example.org:5000",
      }),
      z.strictObject({
        username: z.string().min(1).describe("Account."),
        password: z.string().meta({ secret: true }).describe("Password or token."),
      }),
    )
    .optional()
    .describe(
      "Accounts of image registries by the name that images have them under; docker.io is Docker Hub.",
    ),
  hosts: z.record(hostName, host).default({}).describe(HOSTS),
  leaving: z
    .record(z.string(), host)
    .default({})
    .describe(
      "Machines of the last configuration that are in this one no more, so that what they hold can be taken down. Filled in by the provider.",
    ),
});

/** The same for a plugin without a lab. */
export const labFreeSchema = configurationSchema.omit({ lab: true }).extend({
  hosts: z
    .record(hostName, host.omit({ memory: true }))
    .default({})
    .describe(HOSTS),
});

/** Configuration that passed its schema. */
export type Configuration = z.output<typeof configurationSchema>;

/** One machine of the configuration. */
export type HostConfiguration = Configuration["hosts"][string];

/** What is wrong between the fields of a configuration that passed its schema. Pure. */
export function configurationProblems(configuration: Configuration): Failure[] {
  const hosts = Object.entries(configuration.hosts);
  const problems = hosts.flatMap(([name, one]) =>
    configuration.lab === undefined
      ? existingHostProblems(name, one, configuration)
      : labHostProblems(name, one),
  );
  if (hosts.length > 0 && !hosts.some(([, one]) => one.role === "manager"))
    problems.push({
      path: "hosts",
      reason: `got ${hosts.length} hosts, none of them a manager; expected at least one with role "manager"`,
    });
  return [...problems, ...sharedAddresses(hosts, configuration)];
}

function existingHostProblems(
  name: string,
  one: HostConfiguration,
  { ssh }: Configuration,
): Failure[] {
  const path = `hosts.${name}`;
  const problems: Failure[] = [];
  if (one.address === undefined)
    problems.push({
      path: `${path}.address`,
      reason: "missing; expected a name or an IP address (only a lab's hosts have none)",
    });
  if (one.hostKey === undefined)
    problems.push({ path: `${path}.hostKey`, reason: `missing; ${KEY_ADVICE}` });
  const means = [one.privateKey, one.password, one.agent];
  const common = [ssh?.privateKey, ssh?.password, ssh?.agent];
  if ([...means, ...common].every((value) => value === undefined))
    problems.push({
      path,
      reason: "no way to log in; expected privateKey, password or agent, here or in ssh",
    });
  return problems;
}

function labHostProblems(name: string, one: HostConfiguration): Failure[] {
  return (["address", "hostKey", "jump"] as const)
    .filter((key) => one[key] !== undefined)
    .map((key) => ({
      path: `hosts.${name}.${key}`,
      reason: "given, and so is lab; expected one of the two: a lab's hosts get theirs from it",
    }));
}

function sharedAddresses(
  hosts: readonly [string, HostConfiguration][],
  { ssh }: Configuration,
): Failure[] {
  const first = new Map<string, string>();
  const problems: Failure[] = [];
  for (const [name, { address, port = ssh?.port, jump = ssh?.jump }] of hosts) {
    if (address === undefined) continue;
    const key = placeOf({ address, port, jump });
    const other = first.get(key);
    if (other === undefined) first.set(key, name);
    else
      problems.push({
        path: `hosts.${name}.address`,
        reason: `got "${address}", the address of ${other} too; expected one of its own`,
      });
  }
  return problems;
}
