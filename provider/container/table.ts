import { isIP } from "node:net";
import { spelledWords, textMap, words, wordSet } from "../fields/collections";
import { field } from "../fields/field";
import type { Place } from "../fields/field";
import { withoutReferences } from "../fields/form";
import { getAt, setAt } from "../fields/paths";
import { bytes, choice, duration, flag, integer, text, textLike } from "../fields/scalars";
import { renderBytes } from "../../units/units";
import { environmentRows } from "../workload/environment-rows";
import { healthRows } from "../workload/health-rows";
import { imageForm } from "../workload/image";
import { mountList } from "../workload/mount-rows";
import { processRows } from "../workload/process-rows";
import { limitRows, logRows } from "../workload/resource-rows";
import { devices } from "./device-row";
import { networkPlace, networks } from "./network-row";
import { portPlace, ports } from "./port-row";

/** Docker keeps whole seconds here, and nanoseconds for services. */
const stopGracePeriod: Place<string> = {
  read: (wire) => {
    const seconds = getAt(wire, "StopTimeout");
    return seconds === undefined ? undefined : duration.toUser(Number(seconds) * 1e9, none);
  },
  write: (wire, value) => {
    const seconds = value === undefined ? undefined : Number(duration.toWire(value, none)) / 1e9;
    setAt(wire, "StopTimeout", seconds);
  },
};

const none = withoutReferences;
const memoryAt = "HostConfig.Memory";
const swapAt = "HostConfig.MemorySwap";

/** Docker keeps memory and swap together; users say the swap alone, as for services. */
const memorySwap: Place<string> = {
  read: (wire) => {
    const total = getAt(wire, swapAt) as number | undefined;
    if (total === undefined || total === -1) return total === undefined ? undefined : "-1";
    return renderBytes(total - Number(getAt(wire, memoryAt) ?? 0));
  },
  write: (wire, value) => {
    const swap = value === undefined ? undefined : Number(swapBytes(value));
    const isSum = swap !== undefined && swap !== -1;
    setAt(wire, swapAt, isSum ? swap + Number(getAt(wire, memoryAt) ?? 0) : swap);
  },
};

function swapBytes(value: string): unknown {
  return value === "-1" ? -1 : bytes.toWire(value, none);
}

/** Docker keeps `name:address`, as its command line says; /etc/hosts says `address name`. */
function hostsLine(word: string): string {
  const [, address = "", name = ""] = /^(\S+)\s+(\S+)$/.exec(word) ?? [];
  return isIP(address) === 0 ? word : `${name}:${address}`;
}

const config = {
  name: field(
    textLike(
      /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/,
      "two or more letters, digits, _, . and -, starting with a letter or digit",
    ),
    "Name",
    "Name of the container on its host. Default: the resource's. Changed in place.",
  ),
  image: field(
    imageForm,
    "Image",
    "Image, with tag or digest. `imageRefresh` says when a tag is pinned to the digest that it stands for.",
    { required: true },
  ),
  entrypoint: field(words, "Entrypoint", "Words of the entry point, in place of the image's."),
  command: field(
    words,
    "Cmd",
    "Arguments of the entry point, or without one the program itself, in place of the image's command.",
  ),
  ...environmentRows(
    "Env",
    "Whoever may ask the host's engine reads them; in Pulumi's state a secret stays one.",
  ),
  labels: field(textMap, "Labels", "Labels of the container."),
  domainname: field(text, "Domainname", "Domain of the container's host name."),
  ...processRows(
    {
      workingDir: "WorkingDir",
      user: "User",
      groups: "HostConfig.GroupAdd",
      hostname: "Hostname",
      dns: "HostConfig.Dns",
      dnsSearch: "HostConfig.DnsSearch",
      dnsOptions: "HostConfig.DnsOptions",
      tty: "Tty",
      stdin: "OpenStdin",
      readOnly: "HostConfig.ReadonlyRootfs",
      init: "HostConfig.Init",
      stopSignal: "StopSignal",
      oomScoreAdj: "HostConfig.OomScoreAdj",
      capAdd: "HostConfig.CapAdd",
      capDrop: "HostConfig.CapDrop",
      sysctls: "HostConfig.Sysctls",
      ulimits: "HostConfig.Ulimits",
    },
    { hostname: "Host name inside the container. Default: the start of its id." },
  ),
  hosts: field(
    spelledWords(hostsLine),
    "HostConfig.ExtraHosts",
    "Further lines of /etc/hosts, `address name` or `name:address`; the address `host-gateway` is the host's.",
  ),
  stopGracePeriod: field(
    duration,
    stopGracePeriod,
    "Time between the stop signal and SIGKILL, in whole seconds.",
    { fallback: "10s" },
  ),
};

const attachments = {
  mounts: field(
    mountList({
      type: field(
        choice(["volume", "bind", "tmpfs", "npipe", "image"]),
        "Type",
        "What is mounted. `image` needs Docker 28.",
        {
          fallback: "volume",
          explicit: "always",
          since: (type) => (type === "image" ? 28 : undefined),
        },
      ),
    }),
    "HostConfig.Mounts",
    "Volumes, folders of the host, and memory file systems in the container.",
  ),
  networks: field(
    networks,
    networkPlace,
    "Networks of the container, changed in place. Default: Docker's own `bridge`.",
  ),
  ports: field(ports, portPlace, "Ports of the container that answer on the host."),
  devices: field(
    devices,
    "HostConfig.Devices",
    "Devices of the host, `path`, `path:path in the container` or with `:rwm` behind it.",
  ),
};

const rights = {
  privileged: field(
    flag,
    "HostConfig.Privileged",
    "Gives the container nearly all that root may do on the host.",
  ),
  securityOpt: field(
    wordSet(),
    "HostConfig.SecurityOpt",
    "Options of SELinux, AppArmor and seccomp, such as `no-new-privileges`.",
  ),
  pidMode: field(text, "HostConfig.PidMode", "`host` shows the host's processes."),
  ipcMode: field(
    text,
    "HostConfig.IpcMode",
    "`host`, `private`, `shareable` or `none`. Default: the engine's.",
  ),
  usernsMode: field(text, "HostConfig.UsernsMode", "`host` switches the engine's user names off."),
  shmSize: field(bytes, "HostConfig.ShmSize", "Size of /dev/shm. Default: the engine's, 64M."),
  runtime: field(text, "HostConfig.Runtime", "Runtime of the engine. Default: its own."),
};

const amounts = {
  ...limitRows({
    who: "the container",
    cpus: "HostConfig.NanoCpus",
    memory: memoryAt,
    pids: "HostConfig.PidsLimit",
    memorySwap,
    memorySwappiness: "HostConfig.MemorySwappiness",
  }),
  "limits.cpuShares": field(
    integer(0),
    "HostConfig.CpuShares",
    "Weight among containers that want more CPU than there is, 1024 is usual. Default: 1024.",
  ),
  "limits.cpuset": field(
    text,
    "HostConfig.CpusetCpus",
    "CPUs that the container runs on, `0-2` or `0,1`. Default: all.",
  ),
  "reservations.memory": field(
    bytes,
    "HostConfig.MemoryReservation",
    "Memory down to which the container is pressed when the host runs short of it.",
  ),
  "restartPolicy.name": field(
    choice(["no", "always", "on-failure", "unless-stopped"]),
    "HostConfig.RestartPolicy.Name",
    "When Docker starts a container that ended once more.",
    { fallback: "no", explicit: "with-parent" },
  ),
  "restartPolicy.maximumRetryCount": field(
    integer(0),
    "HostConfig.RestartPolicy.MaximumRetryCount",
    "With `on-failure`: times that it is started again; 0 is without end.",
  ),
  ...logRows(
    { name: "HostConfig.LogConfig.Type", options: "HostConfig.LogConfig.Config" },
    "the container",
  ),
};

/**
 * Every property of a container: how it is written, where Docker keeps it (in the body with which one is made), Docker's
 * default. What it has in common with the tasks of a service comes from the same rows.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerCreate
 */
export const containerTable = {
  ...config,
  ...healthRows("Healthcheck"),
  ...attachments,
  ...rights,
  ...amounts,
};

/** What the groups of properties are about. */
export const containerGroups = {
  healthcheck: "How Docker sees whether the container is healthy.",
  limits:
    "What the container may use at most. A limit is changed in place, and taken away by a new container.",
  reservations: "What the container is to have in any case.",
  restartPolicy: "When Docker starts a container that ended once more. Changed in place.",
  logDriver: "Where the container's output goes.",
};
