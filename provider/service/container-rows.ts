import { isIP } from "node:net";
import { z } from "zod";
import { spelledWords, textMap, words } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import type { Form } from "../fields/form";
import { getAt, isTree, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { choice, duration, expecting, flag, text } from "../fields/scalars";
import { environmentRows } from "../workload/environment-rows";
import { healthPath } from "../workload/health";
import { healthRows } from "../workload/health-rows";
import { processRows } from "../workload/process-rows";
import { configsAt, hasFile } from "./attachment-rows";

const container = "TaskTemplate.ContainerSpec";
const privileges = `${container}.Privileges`;

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
  ...environmentRows(`${container}.Env`, "Not for passwords: use `secrets`."),
  hosts: field(
    spelledWords(hostsLine),
    `${container}.Hosts`,
    "Further lines of /etc/hosts, `address name` or `name:address`; of two with one name the first counts.",
  ),
  ...processRows(
    {
      workingDir: `${container}.Dir`,
      user: `${container}.User`,
      groups: `${container}.Groups`,
      hostname: `${container}.Hostname`,
      dns: `${container}.DNSConfig.Nameservers`,
      dnsSearch: `${container}.DNSConfig.Search`,
      dnsOptions: `${container}.DNSConfig.Options`,
      tty: `${container}.TTY`,
      stdin: `${container}.OpenStdin`,
      readOnly: `${container}.ReadOnly`,
      init: `${container}.Init`,
      stopSignal: `${container}.StopSignal`,
      oomScoreAdj: `${container}.OomScoreAdj`,
      capAdd: `${container}.CapabilityAdd`,
      capDrop: `${container}.CapabilityDrop`,
      sysctls: `${container}.Sysctls`,
      ulimits: `${container}.Ulimits`,
    },
    {
      hostname: "Host name inside the container; may hold templates such as `{{.Task.Slot}}`.",
      oomScoreAdjSince: 27,
    },
  ),
  containerLabels: field(
    textMap,
    `${container}.Labels`,
    "Labels of each container (`labels` are the service's).",
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
  ...healthRows(healthPath),
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
