import type { ContainerInputs } from "../../provider/container/arguments";

/** Arguments of a container without its name, host and image. */
type Declared = Omit<ContainerInputs, "name" | "host" | "image" | "state">;

/** One property, changed alone. */
export interface ContainerCase {
  readonly from: Declared;
  readonly to: Declared;
  /** What a preview says: property path → kind of change. */
  readonly changes: Readonly<Record<string, string>>;
}

const replaced = (path: string, kind = "update"): ContainerCase["changes"] => ({
  [path]: `${kind}-replace`,
});

/** What says who the process is and what it finds around itself: all of it makes a new container. */
const processCases: Readonly<Record<string, ContainerCase>> = {
  command: {
    from: { command: ["sleep", "1000"] },
    to: { command: ["sleep", "2000"] },
    changes: replaced("command"),
  },
  entrypoint: {
    from: { entrypoint: ["sleep"], command: ["1000"] },
    to: { entrypoint: ["/bin/busybox", "sleep"], command: ["1000"] },
    changes: replaced("entrypoint"),
  },
  env: {
    from: { env: { A: "own", C: "=odd= value" } },
    to: { env: { A: "own", C: "two" } },
    changes: replaced("env.C"),
  },
  envUnset: { from: {}, to: { envUnset: ["B"] }, changes: replaced("envUnset", "add") },
  labels: {
    from: { labels: { "com.example.tier": "web" } },
    to: { labels: { "com.example.tier": "db" } },
    changes: replaced('labels["com.example.tier"]'),
  },
  domainname: {
    from: {},
    to: { domainname: "example.org" },
    changes: replaced("domainname", "add"),
  },
  workingDir: { from: {}, to: { workingDir: "/etc" }, changes: replaced("workingDir", "add") },
  user: { from: { user: "1" }, to: { user: "2:3" }, changes: replaced("user") },
  groups: { from: {}, to: { groups: ["4"] }, changes: replaced("groups", "add") },
  hostname: { from: { hostname: "one" }, to: { hostname: "two" }, changes: replaced("hostname") },
  dns: { from: { dns: ["192.0.2.1"] }, to: { dns: ["192.0.2.2"] }, changes: replaced("dns") },
  dnsSearch: {
    from: {},
    to: { dnsSearch: ["example.org"] },
    changes: replaced("dnsSearch", "add"),
  },
  dnsOptions: {
    from: { dnsOptions: ["ndots:2"] },
    to: { dnsOptions: ["ndots:3"] },
    changes: replaced("dnsOptions"),
  },
  tty: { from: {}, to: { tty: true }, changes: replaced("tty", "add") },
  stdin: { from: { stdin: true }, to: {}, changes: replaced("stdin", "delete") },
  readOnly: { from: {}, to: { readOnly: true }, changes: replaced("readOnly", "add") },
  init: { from: {}, to: { init: true }, changes: replaced("init", "add") },
  hosts: {
    from: { hosts: ["192.0.2.9 db"] },
    to: { hosts: ["db:192.0.2.8", "gateway:host-gateway"] },
    changes: replaced("hosts"),
  },
  stopSignal: { from: {}, to: { stopSignal: "SIGINT" }, changes: replaced("stopSignal", "add") },
  stopGracePeriod: {
    from: { stopGracePeriod: "1s" },
    to: { stopGracePeriod: "2s" },
    changes: replaced("stopGracePeriod"),
  },
  capAdd: {
    from: { capAdd: ["net_admin"] },
    to: { capAdd: ["CAP_NET_ADMIN", "SYS_TIME"] },
    changes: replaced("capAdd"),
  },
  capDrop: { from: {}, to: { capDrop: ["MKNOD"] }, changes: replaced("capDrop", "add") },
  sysctls: {
    from: { sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" } },
    to: { sysctls: { "net.ipv4.ip_unprivileged_port_start": "80" } },
    changes: replaced('sysctls["net.ipv4.ip_unprivileged_port_start"]'),
  },
  ulimits: {
    from: { ulimits: [{ name: "nofile", soft: 1000, hard: 2000 }] },
    to: { ulimits: [{ name: "nofile", soft: 1500, hard: 2000 }] },
    changes: replaced("ulimits[0].soft"),
  },
  oomScoreAdj: { from: {}, to: { oomScoreAdj: 100 }, changes: replaced("oomScoreAdj", "add") },
};

const healthCases: Readonly<Record<string, ContainerCase>> = {
  healthcheck: {
    from: { healthcheck: { test: ["CMD", "true"], interval: "1s" } },
    to: { healthcheck: { test: ["CMD-SHELL", "exit 0"], interval: "1s" } },
    changes: replaced("healthcheck.test"),
  },
  healthcheckRetries: {
    from: {},
    to: { healthcheck: { retries: 5 } },
    changes: replaced("healthcheck.retries", "add"),
  },
  healthcheckOff: {
    from: {},
    to: { healthcheck: { disable: true } },
    changes: replaced("healthcheck.disable", "add"),
  },
};

const attachmentCases: Readonly<Record<string, ContainerCase>> = {
  mounts: {
    from: {
      mounts: [
        { source: "data", target: "/srv" },
        { type: "tmpfs", target: "/scratch", tmpfsSize: "1M" },
      ],
    },
    to: {
      mounts: [
        { source: "data", target: "/srv", readOnly: true },
        { type: "tmpfs", target: "/scratch", tmpfsSize: "1M" },
      ],
    },
    changes: replaced("mounts[0].readOnly", "add"),
  },
  bind: {
    from: { mounts: [{ type: "bind", source: "/etc", target: "/host", readOnly: true }] },
    to: { mounts: [{ type: "bind", source: "/usr", target: "/host", readOnly: true }] },
    changes: replaced("mounts[0].source"),
  },
  ports: {
    from: { ports: [{ target: 80, published: 18080 }, { target: 81 }] },
    to: { ports: [{ target: 80, published: 18081, hostIp: "127.0.0.1" }, { target: 81 }] },
    changes: { ...replaced("ports[0].published"), ...replaced("ports[0].hostIp", "add") },
  },
  devices: {
    from: { devices: ["/dev/null:/dev/nothing"] },
    to: { devices: ["/dev/null:/dev/nothing:r"] },
    changes: replaced("devices"),
  },
  networkOfTheHost: {
    from: {},
    to: { networks: [{ target: "none" }] },
    changes: replaced("networks", "add"),
  },
};

const rightsCases: Readonly<Record<string, ContainerCase>> = {
  privileged: { from: {}, to: { privileged: true }, changes: replaced("privileged", "add") },
  securityOpt: {
    from: {},
    to: { securityOpt: ["no-new-privileges"] },
    changes: replaced("securityOpt", "add"),
  },
  pidMode: { from: {}, to: { pidMode: "host" }, changes: replaced("pidMode", "add") },
  ipcMode: { from: { ipcMode: "none" }, to: { ipcMode: "host" }, changes: replaced("ipcMode") },
  shmSize: { from: { shmSize: "1M" }, to: { shmSize: "2M" }, changes: replaced("shmSize") },
  logDriver: {
    from: { logDriver: { name: "json-file", options: { "max-size": "1m" } } },
    to: { logDriver: { name: "json-file", options: { "max-size": "2m" } } },
    changes: replaced("logDriver.options.max-size"),
  },
};

/** What `docker update` and `docker network connect` change while the container runs. */
const inPlaceCases: Readonly<Record<string, ContainerCase>> = {
  limitsCpus: {
    from: { limits: { cpus: 0.5 } },
    to: { limits: { cpus: 0.25 } },
    changes: { "limits.cpus": "update" },
  },
  limitsMemory: {
    from: { limits: { memory: "64M" } },
    to: { limits: { memory: "256M" } },
    changes: { "limits.memory": "update" },
  },
  limitsMemoryLess: {
    from: { limits: { memory: "256M" } },
    to: { limits: { memory: "64M" } },
    changes: { "limits.memory": "update" },
  },
  limitsMemoryNew: {
    from: {},
    to: { limits: { memory: "64M" } },
    changes: { "limits.memory": "add" },
  },
  limitsPids: {
    from: { limits: { pids: 50 } },
    to: {},
    changes: { "limits.pids": "delete" },
  },
  limitsCpuShares: {
    from: {},
    to: { limits: { cpuShares: 512 } },
    changes: { "limits.cpuShares": "add" },
  },
  limitsCpuset: {
    from: { limits: { cpuset: "0" } },
    to: { limits: { cpuset: "0-0" } },
    changes: { "limits.cpuset": "update" },
  },
  reservations: {
    from: {},
    to: { reservations: { memory: "16M" } },
    changes: { "reservations.memory": "add" },
  },
  restartPolicy: {
    from: { restartPolicy: { name: "on-failure", maximumRetryCount: 2 } },
    to: { restartPolicy: { name: "unless-stopped" } },
    changes: { "restartPolicy.name": "update", "restartPolicy.maximumRetryCount": "delete" },
  },
  restartPolicyNoMore: {
    from: { restartPolicy: { name: "always" } },
    to: {},
    changes: { "restartPolicy.name": "delete" },
  },
  networks: {
    from: { networks: [{ target: "net-a", aliases: ["one"] }] },
    to: { networks: [{ target: "net-b" }, { target: "net-a", aliases: ["two"] }] },
    changes: { "networks[0]": "add", "networks[1]": "add" },
  },
  networksNoMore: {
    from: { networks: [{ target: "net-a" }] },
    to: {},
    changes: { networks: "delete" },
  },
};

/** What `docker update` sets, and cannot take away. */
const takenAwayCases: Readonly<Record<string, ContainerCase>> = {
  limitsCpusNoMore: {
    from: { limits: { cpus: 0.5 } },
    to: {},
    changes: replaced("limits.cpus", "delete"),
  },
  limitsMemoryNoMore: {
    from: { limits: { memory: "64M" } },
    to: {},
    changes: replaced("limits.memory", "delete"),
  },
};

/** Every property of a container, each changed alone. */
export const containerCases: Readonly<Record<string, ContainerCase>> = {
  ...processCases,
  ...healthCases,
  ...attachmentCases,
  ...rightsCases,
  ...inPlaceCases,
  ...takenAwayCases,
};
