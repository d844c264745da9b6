import { isIP } from "node:net";
import { z } from "zod";
import { engineTable, firewallTable, hostTable, optional } from "../host-settings/table";
import { hostName, labels, source, url, words } from "../host-settings/values";
import type { ApplicationDeclaration } from "../components/application";
import { availabilities, drains, roles, type ClusterArgs } from "../components/cluster-args";
import { labImages, type LabClusterArgs } from "../components/lab-args";
import { isHostKey } from "../hosts/host-key";

/** The whole configuration, checked. */
export interface Settings extends LabClusterArgs {
  /** Applications by name. @default {} */
  readonly stacks?: Readonly<Record<string, ApplicationDeclaration>>;
}

/** What a public host key looks like, and where to get one. */
export function expectedHostKey(address = "ADDRESS"): string {
  return (
    `"ssh-ed25519 AAAA…". Read it with \`npm run hosts -- keys\`, or \`ssh-keyscan -t ed25519 ${address}\`, and compare it with ` +
    "`cat /etc/ssh/ssh_host_ed25519_key.pub` on the machine's console."
  );
}

const addressOrInterface = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || /^[a-zA-Z][\w.@-]{0,14}$/.test(text),
    "an IP address or the name of a network interface",
  );

const listenAddress = z
  .string()
  .regex(
    /^(\[[0-9a-f:]+\]|[\w.@-]+):\d{1,5}$/i,
    'an address or interface with a port, such as "10.0.0.11:2377"',
  );

// An address with a mistake in it (203.0.113.256) would be a name as well, but no top-level domain is a number.
const addressOrName = z
  .string()
  .refine(
    (text) => isIP(text) !== 0 || (hostName.safeParse(text).success && !/(^|\.)\d+$/.test(text)),
    "an IP address, such as 203.0.113.11, or a DNS name",
  );

const hostKey = z.string().refine(isHostKey, expectedHostKey());

const memory = z.string().regex(/^[1-9]\d*(MiB|GiB)$/, '"1536MiB", "2GiB" or the like');

const port = z.int("a whole number").min(1, "1 to 65535").max(65535, "1 to 65535");

const duration = z
  .string()
  .regex(/^(\d+(\.\d+)?(ms|s|m|h))+$/, 'a duration, such as "90s", "30m" or "2160h"');

const certificateLife = duration.refine(
  (text) => !lastsLessThan(text, 3600),
  "at least 1h, because nodes renew their certificates in the second half of it",
);

const heartbeat = duration.refine(
  (text) => !lastsLessThan(text, 0.001),
  'more than none, such as "5s"',
);

const rotationWord = z.string().regex(/\S/, "a word that was not used before, such as a date");

const prefixLength = "a whole number from 8 to 30";

const subnet = source.refine((text) => text.includes("/"), 'a subnet, such as "10.20.0.0/16"');

const login = {
  user: z
    .string()
    .regex(/^[a-z_][\w.-]*\$?$/i, "the name of an account")
    .exactOptional(),
  port: port.exactOptional(),
  privateKey: z
    .string()
    .refine(
      (text) => text.includes("PRIVATE KEY-----"),
      'the text of a private key ("-----BEGIN OPENSSH PRIVATE KEY-----…"), not a path',
    )
    .exactOptional(),
  passphrase: z.string().exactOptional(),
  agent: z.string().startsWith("/", "the path of an ssh-agent's socket").exactOptional(),
  password: z.string().exactOptional(),
};

const ssh = z.strictObject({
  ...login,
  sudoPassword: z.string().exactOptional(),
  jump: z.strictObject({ address: addressOrName, hostKey, ...login }).exactOptional(),
});

const engine = z.strictObject(optional(engineTable));

const firewall = z.union(
  [z.literal(false), z.strictObject(optional(firewallTable))],
  "a map, or false",
);

const host = z.strictObject({
  ...optional(hostTable),
  role: z.enum(roles),
  address: addressOrName.exactOptional(),
  hostKey: z.string().exactOptional(), // looked at in rules.ts, which can name the machine's address
  ssh: ssh.exactOptional(),
  advertiseAddr: addressOrInterface.exactOptional(),
  dataPathAddr: addressOrInterface.exactOptional(),
  listenAddr: listenAddress.exactOptional(),
  labels: labels.exactOptional(),
  availability: z.enum(availabilities).exactOptional(),
  drain: z.enum(drains).exactOptional(),
  engine: engine.exactOptional(),
  firewall: firewall.exactOptional(),
  memory: memory.exactOptional(),
});

const swarm = z.strictObject({
  autolock: z.boolean().exactOptional(),
  certExpiry: certificateLife.exactOptional(),
  dispatcherHeartbeat: heartbeat.exactOptional(),
  taskHistoryLimit: z.int().min(-1).exactOptional(),
  snapshotInterval: z.int().min(1).exactOptional(),
  maxSnapshots: z.int().min(0).exactOptional(),
  defaultAddrPool: z.array(subnet).exactOptional(),
  defaultAddrPoolMaskLength: z.int().min(8, prefixLength).max(30, prefixLength).exactOptional(),
  dataPathPort: z.int().min(1024, "1024 to 49151").max(49151, "1024 to 49151").exactOptional(),
  externalCas: z
    .array(
      z.strictObject({
        url,
        protocol: z.enum(["cfssl"]).exactOptional(),
        options: z.record(z.string(), words).exactOptional(),
        caCert: z.string().exactOptional(),
      }),
    )
    .exactOptional(),
  labels: labels.exactOptional(),
  caCert: z
    .string()
    .refine(
      (text) => text.includes("-----BEGIN CERTIFICATE-----"),
      'the text of a certificate ("-----BEGIN CERTIFICATE-----…"), not a path',
    )
    .exactOptional(),
  caKey: z
    .string()
    .refine(
      (text) => text.includes("PRIVATE KEY-----"),
      'the text of a private key ("-----BEGIN PRIVATE KEY-----…"), not a path',
    )
    .exactOptional(),
  rotate: z
    .strictObject({
      workerToken: rotationWord.exactOptional(),
      managerToken: rotationWord.exactOptional(),
      unlockKey: rotationWord.exactOptional(),
      ca: rotationWord.exactOptional(),
    })
    .exactOptional(),
});

// What else may stand in it depends on which of them it names: stack-rules.ts looks at that.
const stack = z.looseObject({
  component: z.string().exactOptional(),
  program: z.string().exactOptional(),
});

// rules.ts looks at the names.
const registries = z.record(
  z.string(),
  z.strictObject({ username: words.min(1, "the name of an account"), password: z.string() }),
);

/** Shape of the `swarm:` configuration. What one part means for another is in rules.ts. */
export const settingsSchema = z.strictObject({
  lab: z
    .strictObject({ memory: memory.exactOptional(), image: z.enum(labImages).exactOptional() })
    .exactOptional(),
  hosts: z.record(z.string(), host),
  ssh: ssh.exactOptional(),
  host: z.strictObject(optional(hostTable)).exactOptional(),
  engine: engine.exactOptional(),
  firewall: firewall.exactOptional(),
  settings: swarm.exactOptional(),
  registries: registries.exactOptional(),
  protect: z.boolean().exactOptional(),
  stacks: z.record(z.string(), stack).exactOptional(),
}) satisfies z.ZodType<Settings>;

/** Shape of the arguments of a cluster whose machines exist. */
export const clusterSchema = settingsSchema.omit({ lab: true, stacks: true }).extend({
  hosts: z.record(z.string(), host.omit({ memory: true })),
}) satisfies z.ZodType<Omit<ClusterArgs, "machines">>;

/** Whether a duration (`1h30m`) is shorter than so many seconds. One that cannot be read is somebody else's to report. */
function lastsLessThan(text: string, seconds: number): boolean {
  const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };
  let total = 0;
  for (const [, amount, unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g))
    total += Number(amount) * (units[unit] ?? 0);
  return total < seconds;
}
