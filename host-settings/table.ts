import { z } from "zod";
import {
  authorizedKey,
  fingerprint,
  groupName,
  hostName,
  labels,
  moduleName,
  packageName,
  serviceName,
  source,
  sudoRule,
  sysctlName,
  url,
  userName,
  words,
} from "./values";

/**
 * How the value that one host has goes together with the one that all hosts have.
 *
 * `own`: the host's, in place of the common one. `added`: a list of both, the common ones first. `by name`: a map of
 * both; under a name that both have, the host's.
 */
export type Merge = "own" | "added" | "by name";

/** One setting of a machine. */
export interface Setting {
  /** What may stand there. */
  readonly schema: z.ZodType;
  readonly merge: Merge;
  /** What is the case where it is left out, for people. */
  readonly default: string;
  /** What it is, for people: served with the schema, and in docs/hosts.md. */
  readonly says: string;
}

/** A row's schema by its key, none of them asked for. */
export function optional<T extends Readonly<Record<string, Setting>>>(
  table: T,
): { [Key in keyof T]: z.ZodExactOptional<T[Key]["schema"]> } {
  return Object.fromEntries(
    Object.entries(table).map(([key, { schema, says }]) => [
      key,
      schema.describe(says).exactOptional(),
    ]),
  ) as { [Key in keyof T]: z.ZodExactOptional<T[Key]["schema"]> };
}

/** Time services that are known by name. */
const timeServices = ["any", "chrony", "timesyncd"] as const;

/** In the place of a host name: the machine's own stays. */
export const KEEP = "keep";

/** Kernel modules that a swarm needs. */
export const SWARM_MODULES = ["br_netfilter", "ip_vs", "overlay", "vxlan"];

/** Kernel settings that a swarm needs: bridged traffic meets iptables, and packets are forwarded. */
export const SWARM_SYSCTLS: Readonly<Record<string, string>> = {
  "net.bridge.bridge-nf-call-ip6tables": "1",
  "net.bridge.bridge-nf-call-iptables": "1",
  "net.ipv4.ip_forward": "1",
};

/** A user of a machine. */
const user = z.strictObject({
  uid: z
    .int()
    .min(1, "1 to 60000")
    .max(60_000, "1 to 60000")
    .exactOptional()
    .describe(
      "Number of the user. Default: the next that is free. One that exists is never changed.",
    ),
  groups: z
    .array(groupName)
    .exactOptional()
    .describe(
      "Groups that the user is in; made where they are missing. docker makes equal to root.",
    ),
  authorizedKeys: z
    .array(authorizedKey)
    .exactOptional()
    .describe("Public keys that may log in as the user; others that are there stay."),
  sudo: sudoRule
    .exactOptional()
    .describe("What the user may do through sudo: `ALL=(ALL) NOPASSWD: ALL`."),
});

/** Groups of a user that names none. */
export const USER_GROUPS = ["docker"];

/** Settings of the machine itself: `swarm:host` for all, `swarm:hosts: NAME:` for one. */
export const hostTable = {
  hostname: {
    schema: hostName,
    merge: "own",
    default: "the name in `swarm:hosts`",
    says: "Host name that the machine is given, with or without a domain; `keep` leaves the one that it has.",
  },
  packages: {
    schema: z.array(packageName),
    merge: "added",
    default: "none",
    says: "Packages of the system that shall be installed, before the engine.",
  },
  users: {
    schema: z.record(userName, user),
    merge: "by name",
    default: "none",
    says: "Users that shall exist, by name; in the group docker, which makes them equal to root, unless `groups` says otherwise.",
  },
  modules: {
    schema: z.array(moduleName),
    merge: "added",
    default: "those that a swarm needs",
    says: "Kernel modules loaded now and at boot, besides those that a swarm needs.",
  },
  sysctls: {
    schema: z.record(sysctlName, z.union([words, z.number()], "text or a number")),
    merge: "by name",
    default: "those that a swarm needs",
    says: "Kernel settings made now and at boot, besides those that a swarm needs.",
  },
  services: {
    schema: z.array(serviceName),
    merge: "added",
    default: "none",
    says: "Services of systemd that shall run, now and after each boot.",
  },
  timeService: {
    schema: z.enum(timeServices),
    merge: "own",
    default: "whatever there is",
    says: "What keeps the clock right: `chrony` or `timesyncd`, installed where it is missing; `any` is content with whichever is there.",
  },
  swap: {
    schema: z.boolean(),
    merge: "own",
    default: "whatever there is",
    says: "`false` turns swap off, now and at boot; `true` takes that back.",
  },
  update: {
    schema: z.boolean(),
    merge: "own",
    default: "`false`",
    says: "Brings all packages to their newest version, once. The engine stays as it is.",
  },
  dockerCompose: {
    schema: z.boolean(),
    merge: "own",
    default: "`false`",
    says: "Installs `docker compose` (docker-compose-plugin) beside the engine. Stacks do not need it.",
  },
  removeEngine: {
    schema: z.boolean(),
    merge: "own",
    default: "`false`",
    says: "A host that is taken out loses the engine's packages, too, and what was declared of daemon.json; /var/lib/docker stays in any case.",
  },
} as const satisfies Record<string, Setting>;

/** Settings of the engine: `swarm:engine` for all, `swarm:hosts: NAME: engine:` for one. */
export const engineTable = {
  version: {
    schema: z.string().regex(/^\d+(\.\d+){0,2}$/, 'a version, such as "26.1.5", in quotes'),
    merge: "own",
    default: "the one that is there, else the newest; then kept",
    says: "Version of docker-ce, 20.10 or newer; its first digits are enough. It is held until another one is declared.",
  },
  repository: {
    schema: url,
    merge: "own",
    default: "`https://download.docker.com/linux`; in a lab, the lab's",
    says: "URL of the package repository, laid out like the default, whose key is beside its packages.",
  },
  repositoryKey: {
    schema: z.union(
      [z.literal(false), z.array(fingerprint).min(1)],
      "a list of fingerprints, or false",
    ),
    merge: "own",
    default: "Docker's own; in a lab, `false`",
    says: "Fingerprints of the keys that may sign the repository's packages; false trusts whatever key lies beside them.",
  },
  registryMirrors: {
    schema: z.array(url),
    merge: "own",
    default: "none; in a lab, the lab's",
    says: "URLs asked first for images of Docker Hub (daemon.json: registry-mirrors).",
  },
  insecureRegistries: {
    schema: z.array(words),
    merge: "added",
    default: "none",
    says: "Registries spoken to without TLS: `address:port` or a subnet (daemon.json: insecure-registries).",
  },
  labels: {
    schema: labels,
    merge: "by name",
    default: "none",
    says: "Labels of the engine, for `engine.labels.…` in constraints (daemon.json: labels).",
  },
  daemon: {
    schema: z.record(z.string(), z.unknown()),
    merge: "by name",
    default: "none",
    says: "Any further key of daemon.json. Keys that are not declared are left as they are.",
  },
} as const satisfies Record<string, Setting>;

/** Settings of the firewall: `swarm:firewall` for all, `swarm:hosts: NAME: firewall:` for one; each may be `false`. */
export const firewallTable = {
  source: {
    schema: z.enum(["any", "members"]),
    merge: "own",
    default: "`members`",
    says: "Who may come in: only the other nodes and `sources`, or anybody, which Docker advises against.",
  },
  sources: {
    schema: z.array(source),
    merge: "added",
    default: "none",
    says: "Addresses and subnets that may come in beside the nodes, such as 10.20.0.0/16.",
  },
  ports: {
    schema: z.array(
      z
        .string()
        .regex(
          /^(\d+(-\d+)?\/(tcp|udp|sctp)|[a-z][a-z-]*)$/,
          '"9100/tcp", "30000-30010/udp" or a protocol',
        ),
    ),
    merge: "added",
    default: "those of the swarm",
    says: "Openings besides those of the swarm: `9100/tcp`, `30000-30010/udp` or a protocol. Published ports need none.",
  },
} as const satisfies Record<string, Setting>;
