import { isIP } from "node:net";
import { z } from "zod";
import { spelledWords, textMap, words, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import type { Form } from "../fields/form";
import { objectList } from "../fields/list";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { choice, duration, expecting, flag, integer, text, textLike } from "../fields/scalars";
import { healthPath, healthTestOf } from "../health";
import { configsAt, hasFile } from "./attachment-rows";
import { environmentRows } from "./environment-rows";

const container = "TaskTemplate.ContainerSpec";
const privileges = `${container}.Privileges`;

/** Docker keeps "no healthcheck" as the test `NONE`. */
const noHealthcheck: Place<boolean> = {
  read: (wire) => (healthTestOf(wire)?.[0] === "NONE" ? true : undefined),
  write: (wire, value) => {
    if (value === true) setAt(wire, healthPath, { Test: ["NONE"] });
    else if (healthTestOf(wire)?.[0] === "NONE") setAt(wire, healthPath, undefined);
  },
};

const healthTest: Place<string[]> = {
  read: (wire) => {
    const test = healthTestOf(wire);
    return test?.[0] === "NONE" ? undefined : test;
  },
  write: (wire, value) => {
    setAt(wire, `${healthPath}.Test`, value);
  },
};

/** `NET_ADMIN`, `net_admin` and `CAP_NET_ADMIN` are one capability; Docker keeps the last. */
function capability(name: string): string {
  const upper = name.trim().toUpperCase();
  return upper === "ALL" || upper.startsWith("CAP_") ? upper : `CAP_${upper}`;
}

const ulimits = objectList(
  {
    name: field(
      textLike(/^[a-z]+$/, 'a limit\'s name such as "nofile"'),
      "Name",
      "Name of the limit, as in ulimit(3): nofile, nproc, memlock …",
      { required: true },
    ),
    soft: field(integer(-1), "Soft", "Soft limit; -1 is unlimited.", {
      required: true,
      explicit: "always",
      fallback: 0,
    }),
    hard: field(integer(-1), "Hard", "Hard limit; -1 is unlimited.", {
      required: true,
      explicit: "always",
      fallback: 0,
    }),
  },
  { keys: ["name"] },
);

/** Text of a JSON object, which Docker keeps in base64. Two texts of one object are the same. */
const jsonText: Form<string> = {
  schema: z
    .string(expecting("JSON text of an object"))
    .refine((value) => objectOf(value) !== undefined, expecting("JSON text of an object")),
  toWire: (value) => Buffer.from(value, "utf8").toString("base64"),
  toUser: (wire) => Buffer.from(String(wire), "base64").toString("utf8"),
  normal: (value) => objectOf(value) ?? value,
};

function objectOf(value: string): Tree | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return isTree(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Docker keeps `address name`, as in /etc/hosts; its CLI and compose files say `name:address`. */
function hostsLine(word: string): string {
  const [, name = "", address = ""] = /^([^\s:]+):(\S+)$/.exec(word) ?? [];
  return isIP(address) === 0 ? word : `${address} ${name}`;
}

/**
 * The config of a Windows service account. The engine hands a task only those configs that its spec lists, so it stands
 * there too, without a file.
 *
 * @see https://docs.docker.com/reference/cli/docker/service/create/#credential-spec
 */
const credentialConfig: Place<string> = {
  read: (wire, references) => {
    const id = getAt(wire, `${privileges}.CredentialSpec.Config`) as string | undefined;
    if (id === undefined || id === "") return undefined;
    const listed = ((getAt(wire, configsAt) ?? []) as Tree[]).find((one) => one.ConfigID === id);
    return listed === undefined ? references.name("config", id) : String(listed.ConfigName);
  },
  write: (wire, value, references) => {
    const id = value === undefined ? undefined : references.id("config", value);
    const others = ((getAt(wire, configsAt) ?? []) as Tree[]).filter(hasFile);
    const own = id === undefined ? [] : [{ ConfigID: id, ConfigName: value, Runtime: {} }];
    const all = [...others, ...own];
    setAt(wire, configsAt, all.length === 0 ? undefined : all);
    setAt(wire, `${privileges}.CredentialSpec.Config`, id);
  },
};

/** What runs in each task: the rows of Docker's ContainerSpec, without mounts, secrets and configs. */
export const containerRows = {
  command: field(
    words,
    `${container}.Command`,
    "Words of the entry point, in place of the image's.",
  ),
  args: field(
    words,
    `${container}.Args`,
    "Arguments of the entry point, in place of the image's command.",
  ),
  ...environmentRows,
  workingDir: field(text, `${container}.Dir`, "Folder in which the command starts."),
  user: field(text, `${container}.User`, "User, or `user:group`, by name or number."),
  groups: field(words, `${container}.Groups`, "Further groups of the user, by name or number."),
  hostname: field(
    text,
    `${container}.Hostname`,
    "Host name inside the container; may hold templates such as `{{.Task.Slot}}`.",
  ),
  hosts: field(
    spelledWords(hostsLine),
    `${container}.Hosts`,
    "Further lines of /etc/hosts, `address name` or `name:address`; of two with one name the first counts.",
  ),
  dns: field(
    words,
    `${container}.DNSConfig.Nameservers`,
    "Addresses of name servers, asked in this order.",
  ),
  dnsSearch: field(words, `${container}.DNSConfig.Search`, "Domains to search, in this order."),
  dnsOptions: field(
    wordSet(),
    `${container}.DNSConfig.Options`,
    "Options of resolv.conf, such as `ndots:2`.",
  ),
  containerLabels: field(
    textMap,
    `${container}.Labels`,
    "Labels of each container (`labels` are the service's).",
  ),
  tty: field(flag, `${container}.TTY`, "Gives the container a terminal."),
  stdin: field(flag, `${container}.OpenStdin`, "Keeps standard input open."),
  readOnly: field(
    flag,
    `${container}.ReadOnly`,
    "Mounts the container's root file system read-only.",
  ),
  init: field(
    flag,
    `${container}.Init`,
    "Runs a small init as process 1, which forwards signals and reaps processes. Default: what the node's engine does (`init` of its daemon.json).",
    // Docker's command line says false where its user says nothing.
    { zeroCounts: true, byDocker: (live) => !live },
  ),
  stopSignal: field(
    text,
    `${container}.StopSignal`,
    "Signal that asks the container to stop. Default: the image's, else SIGTERM.",
  ),
  stopGracePeriod: field(
    duration,
    `${container}.StopGracePeriod`,
    "Time between the stop signal and SIGKILL.",
    { fallback: "10s" },
  ),
  isolation: field(
    choice(["default", "process", "hyperv"]),
    `${container}.Isolation`,
    "Isolation technology of Windows containers.",
    { fallback: "default" },
  ),
  oomScoreAdj: field(
    integer(-1000, 1000),
    `${container}.OomScoreAdj`,
    "Added to the score by which the kernel picks what to kill when memory runs out.",
    { since: 27 },
  ),
  capAdd: field(
    wordSet(capability),
    `${container}.CapabilityAdd`,
    "Kernel capabilities to add, with or without `CAP_`.",
  ),
  capDrop: field(
    wordSet(capability),
    `${container}.CapabilityDrop`,
    "Kernel capabilities to drop, with or without `CAP_`.",
  ),
  sysctls: field(textMap, `${container}.Sysctls`, "Namespaced kernel parameters of the container."),
  ulimits: field(ulimits, `${container}.Ulimits`, "Resource limits of the container's processes."),
  "healthcheck.disable": field(flag, noHealthcheck, "Switches the image's health check off."),
  "healthcheck.test": field(
    words,
    healthTest,
    "The check: `CMD` and words, or `CMD-SHELL` and a command line. Default: the image's.",
  ),
  "healthcheck.interval": field(
    duration,
    `${healthPath}.Interval`,
    "Time between two checks. Default: the image's, else 30s.",
  ),
  "healthcheck.timeout": field(
    duration,
    `${healthPath}.Timeout`,
    "Time after which a check has failed. Default: the image's, else 30s.",
  ),
  "healthcheck.retries": field(
    integer(0),
    `${healthPath}.Retries`,
    "Failures in a row that make the container unhealthy. Default: the image's, else 3.",
  ),
  "healthcheck.startPeriod": field(
    duration,
    `${healthPath}.StartPeriod`,
    "Time to start in, during which failures do not count. Default: the image's, else none.",
  ),
  "healthcheck.startInterval": field(
    duration,
    `${healthPath}.StartInterval`,
    "Time between checks during the start period. Default: 5s.",
    { since: 25 },
  ),
  "credentialSpec.config": field(
    text,
    credentialConfig,
    "Config that holds the credential spec of a Windows service account.",
  ),
  "credentialSpec.file": field(
    text,
    `${privileges}.CredentialSpec.File`,
    "File with the credential spec, on the node.",
  ),
  "credentialSpec.registry": field(
    text,
    `${privileges}.CredentialSpec.Registry`,
    "Registry value with the credential spec, on the node.",
  ),
  "privileges.noNewPrivileges": field(
    flag,
    `${privileges}.NoNewPrivileges`,
    "Keeps the container's processes from gaining privileges.",
    { since: 25 },
  ),
  "privileges.seLinuxDisable": field(
    flag,
    `${privileges}.SELinuxContext.Disable`,
    "Switches SELinux labels off.",
  ),
  "privileges.seLinuxUser": field(text, `${privileges}.SELinuxContext.User`, "SELinux user."),
  "privileges.seLinuxRole": field(text, `${privileges}.SELinuxContext.Role`, "SELinux role."),
  "privileges.seLinuxType": field(text, `${privileges}.SELinuxContext.Type`, "SELinux type."),
  "privileges.seLinuxLevel": field(text, `${privileges}.SELinuxContext.Level`, "SELinux level."),
  "privileges.appArmor": field(
    choice(["default", "disabled"]),
    `${privileges}.AppArmor.Mode`,
    "AppArmor profile.",
    { fallback: "default", since: 25 },
  ),
  "privileges.seccomp": field(
    choice(["default", "unconfined", "custom"]),
    `${privileges}.Seccomp.Mode`,
    "Which system calls are allowed.",
    { fallback: "default", since: 25 },
  ),
  "privileges.seccompProfile": field(
    jsonText,
    `${privileges}.Seccomp.Profile`,
    "The profile itself, JSON text, with seccomp `custom`.",
    { since: 25 },
  ),
};
