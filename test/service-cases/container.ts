import type { Case } from "./case";
import { container, flags, second } from "./case";

/** The container: what runs in each task. */
export const containerCases: Record<string, Case> = {
  image: {
    to: { image: "redis:3.0.7" },
    changes: { image: "update" },
    docker: container({ Image: pinned("redis:3.0.7") }),
    hand: flags("--image", "redis:3.0.6"),
    drift: { image: "update" },
  },
  labels: {
    from: { labels: { "com.x/y": "1" } },
    to: { labels: { "com.x/y": "2", z: "1" } },
    changes: { 'labels["com.x/y"]': "update", "labels.z": "add" },
    docker: { Labels: { "com.x/y": "2", z: "1" } },
    hand: flags("--label-rm", "z", "--label-add", "q=1"),
    drift: { "labels.z": "add", "labels.q": "delete" },
  },
  command: {
    to: { command: ["sleep", "5"] },
    changes: { command: "add" },
    docker: container({ Command: ["sleep", "5"] }),
    hand: flags("--entrypoint", "sleep 7"),
    drift: { command: "update" },
  },
  args: {
    from: { args: ["sleep", "1"] },
    to: { args: ["sleep", "2"] },
    changes: { args: "update" },
    docker: container({ Args: ["sleep", "2"] }),
    hand: flags("--args", "sleep 9"),
    drift: { args: "update" },
  },
  env: {
    from: { env: { A: "1", B: "x=y" } },
    to: { env: { A: "2", C: "" } },
    changes: { "env.A": "update", "env.B": "delete", "env.C": "add" },
    docker: container({ Env: ["A=2", "C="] }),
    hand: flags("--env-rm", "C", "--env-add", "D=1"),
    drift: { "env.C": "add", "env.D": "delete" },
  },
  "env-unset": {
    from: { env: { A: "", B: "1" }, envUnset: ["C"] },
    to: { env: { B: "1" }, envUnset: ["A", "C"] },
    changes: { "env.A": "delete", envUnset: "update" },
    docker: container({ Env: ["A", "C", "B=1"] }),
    hand: {
      spec: ({ TaskTemplate: { ContainerSpec: spec } }) => {
        spec.Env = ["A=", "C", "B=1"];
      },
    },
    drift: { "env.A": "delete", envUnset: "update" },
  },
  "working-dir": {
    to: { workingDir: "/tmp" },
    changes: { workingDir: "add" },
    docker: container({ Dir: "/tmp" }),
    hand: flags("--workdir", "/etc"),
    drift: { workingDir: "update" },
  },
  user: {
    to: { user: "1000:1000" },
    changes: { user: "add" },
    docker: container({ User: "1000:1000" }),
    hand: flags("--user", "0"),
    drift: { user: "update" },
  },
  groups: {
    to: { groups: ["10", "20"] },
    changes: { groups: "add" },
    docker: container({ Groups: ["10", "20"] }),
    hand: flags("--group-rm", "10"),
    drift: { groups: "update" },
  },
  hostname: {
    to: { hostname: "{{.Task.Slot}}-h" },
    changes: { hostname: "add" },
    docker: container({ Hostname: "{{.Task.Slot}}-h" }),
    hand: flags("--hostname", "x"),
    drift: { hostname: "update" },
  },
  hosts: {
    from: { hosts: ["www:10.0.0.8"] },
    to: { hosts: ["10.0.0.9 db", "www:10.0.0.8"] },
    changes: { hosts: "update" },
    docker: container({ Hosts: ["10.0.0.9 db", "10.0.0.8 www"] }),
    hand: flags("--host-add", "z:10.0.0.1"),
    drift: { hosts: "update" },
  },
  dns: {
    to: { dns: ["10.0.0.2", "10.0.0.1"] },
    changes: { dns: "add" },
    docker: container({ DNSConfig: { Nameservers: ["10.0.0.2", "10.0.0.1"] } }),
    hand: flags("--dns-rm", "10.0.0.1"),
    drift: { dns: "update" },
  },
  "dns-search": {
    to: { dnsSearch: ["a.example"] },
    changes: { dnsSearch: "add" },
    docker: container({ DNSConfig: { Search: ["a.example"] } }),
    hand: flags("--dns-search-add", "b.example"),
    drift: { dnsSearch: "update" },
  },
  "dns-options": {
    to: { dnsOptions: ["ndots:2", "attempts:3"] },
    changes: { dnsOptions: "add" },
    docker: container({ DNSConfig: { Options: ["attempts:3", "ndots:2"] } }),
    hand: flags("--dns-option-rm", "ndots:2"),
    drift: { dnsOptions: "update" },
  },
  "container-labels": {
    to: { containerLabels: { a: "1" } },
    changes: { containerLabels: "add" },
    docker: container({ Labels: { a: "1" } }),
    hand: flags("--container-label-rm", "a"),
    drift: { containerLabels: "add" },
  },
  tty: {
    to: { tty: true },
    changes: { tty: "add" },
    docker: container({ TTY: true }),
    hand: flags("--tty=false"),
    drift: { tty: "add" },
  },
  stdin: {
    to: { stdin: true },
    changes: { stdin: "add" },
    docker: container({ OpenStdin: true }),
    hand: { spec: ({ TaskTemplate: { ContainerSpec: spec } }) => delete spec.OpenStdin },
    drift: { stdin: "add" },
  },
  "read-only": {
    to: { readOnly: true },
    changes: { readOnly: "add" },
    docker: container({ ReadOnly: true }),
    hand: flags("--read-only=false"),
    drift: { readOnly: "add" },
  },
  init: {
    to: { init: true },
    changes: { init: "add" },
    docker: container({ Init: true }),
    hand: flags("--init=false"),
    drift: { init: "update" },
  },
  "init-off": {
    from: { init: true },
    to: { init: false },
    changes: { init: "update" },
    docker: container({ Init: false }),
    hand: { spec: ({ TaskTemplate: { ContainerSpec: spec } }) => delete spec.Init },
    drift: { init: "add" },
  },
  "stop-signal": {
    to: { stopSignal: "SIGINT" },
    changes: { stopSignal: "add" },
    docker: container({ StopSignal: "SIGINT" }),
    hand: flags("--stop-signal", "SIGQUIT"),
    drift: { stopSignal: "update" },
  },
  "stop-grace-period": {
    from: { stopGracePeriod: "10s" },
    to: { stopGracePeriod: "1m30s" },
    changes: { stopGracePeriod: "update" },
    docker: container({ StopGracePeriod: 90 * second }),
    hand: flags("--stop-grace-period", "91s"),
    drift: { stopGracePeriod: "update" },
  },
  isolation: {
    to: { isolation: "process" },
    changes: { isolation: "add" },
    docker: container({ Isolation: "process" }),
    hand: flags("--isolation", "hyperv"),
    drift: { isolation: "update" },
  },
  "cap-add": {
    to: { capAdd: ["net_admin", "CAP_SYS_TIME"] },
    changes: { capAdd: "add" },
    docker: container({ CapabilityAdd: ["CAP_NET_ADMIN", "CAP_SYS_TIME"] }),
    hand: flags("--cap-add", "SYS_NICE"),
    drift: { capAdd: "update" },
  },
  "cap-drop": {
    to: { capDrop: ["CHOWN"] },
    changes: { capDrop: "add" },
    docker: container({ CapabilityDrop: ["CAP_CHOWN"] }),
    hand: flags("--cap-drop", "NET_RAW"),
    drift: { capDrop: "update" },
  },
  sysctls: {
    to: { sysctls: { "net.core.somaxconn": "1024" } },
    changes: { sysctls: "add" },
    docker: container({ Sysctls: { "net.core.somaxconn": "1024" } }),
    hand: flags("--sysctl-add", "net.core.somaxconn=2048"),
    drift: { 'sysctls["net.core.somaxconn"]': "update" },
  },
  ulimits: {
    from: {
      ulimits: [
        { name: "nofile", soft: 10, hard: 20 },
        { name: "nproc", soft: 1, hard: 1 },
      ],
    },
    to: {
      ulimits: [
        { name: "nproc", soft: 1, hard: 1 },
        { name: "nofile", soft: 0, hard: 30 },
      ],
    },
    changes: { "ulimits[1]": "update" },
    docker: container({
      Ulimits: [
        { Name: "nproc", Soft: 1, Hard: 1 },
        { Name: "nofile", Soft: 0, Hard: 30 },
      ],
    }),
    hand: flags("--ulimit-rm", "nproc"),
    drift: { "ulimits[0]": "add" },
  },
  "healthcheck-disabled": {
    to: { healthcheck: { disable: true } },
    changes: { "healthcheck.disable": "add" },
    docker: container({ Healthcheck: { Test: ["NONE"] } }),
    hand: flags("--no-healthcheck=false", "--health-cmd", "true"),
    drift: { "healthcheck.disable": "add", "healthcheck.test": "delete" },
  },
  healthcheck: {
    from: { healthcheck: { test: ["CMD", "true"], interval: "60s" } },
    to: {
      healthcheck: {
        test: ["CMD-SHELL", "true"],
        interval: "1m",
        timeout: "5s",
        retries: 3,
        startPeriod: "1m",
        startInterval: "2s",
      },
    },
    changes: {
      "healthcheck.test": "update",
      "healthcheck.timeout": "add",
      "healthcheck.retries": "add",
      "healthcheck.startPeriod": "add",
      "healthcheck.startInterval": "add",
    },
    docker: container({
      Healthcheck: {
        Test: ["CMD-SHELL", "true"],
        Interval: 60 * second,
        Timeout: 5 * second,
        Retries: 3,
        StartPeriod: 60 * second,
        StartInterval: 2 * second,
      },
    }),
    hand: flags("--health-interval", "90s", "--health-retries", "9"),
    drift: { "healthcheck.interval": "update", "healthcheck.retries": "update" },
  },
  privileges: {
    to: {
      privileges: {
        noNewPrivileges: true,
        seLinuxDisable: true,
        seLinuxUser: "u",
        seLinuxRole: "r",
        seLinuxType: "t",
        seLinuxLevel: "s0",
        appArmor: "disabled",
        seccomp: "custom",
        seccompProfile: '{"defaultAction": "SCMP_ACT_ALLOW"}',
      },
    },
    changes: Object.fromEntries(
      "noNewPrivileges seLinuxDisable seLinuxUser seLinuxRole seLinuxType seLinuxLevel appArmor seccomp seccompProfile"
        .split(" ")
        .map((key) => [`privileges.${key}`, "add"]),
    ),
    docker: container({
      Privileges: {
        NoNewPrivileges: true,
        SELinuxContext: { Disable: true, User: "u", Role: "r", Type: "t", Level: "s0" },
        AppArmor: { Mode: "disabled" },
        Seccomp: {
          Mode: "custom",
          Profile: Buffer.from('{"defaultAction": "SCMP_ACT_ALLOW"}').toString("base64"),
        },
      },
    }),
    hand: {
      spec: ({ TaskTemplate: { ContainerSpec: spec } }) => {
        spec.Privileges = { NoNewPrivileges: true, Seccomp: { Mode: "unconfined" } };
      },
    },
    drift: {
      "privileges.seLinuxDisable": "add",
      "privileges.seLinuxUser": "add",
      "privileges.seLinuxRole": "add",
      "privileges.seLinuxType": "add",
      "privileges.seLinuxLevel": "add",
      "privileges.appArmor": "add",
      "privileges.seccomp": "update",
      "privileges.seccompProfile": "add",
    },
  },
  "credential-spec": {
    from: { credentialSpec: { file: "spec.json" } },
    to: { credentialSpec: { registry: "key" } },
    changes: { "credentialSpec.file": "delete", "credentialSpec.registry": "add" },
    docker: container({ Privileges: { CredentialSpec: { Registry: "key" } } }),
    hand: flags("--credential-spec", "registry://other"),
    drift: { "credentialSpec.registry": "update" },
  },
  "credential-spec-config": {
    from: { credentialSpec: { registry: "key" } },
    to: { credentialSpec: { config: "C1" } },
    changes: { "credentialSpec.config": "add", "credentialSpec.registry": "delete" },
    docker: container({
      Privileges: { CredentialSpec: { Config: "ID of C1" } },
      Configs: [{ ConfigName: "C1", ConfigID: "ID of C1", Runtime: {} }],
    }),
    hand: flags("--credential-spec", "file://other.json"),
    drift: { "credentialSpec.config": "add", "credentialSpec.file": "delete" },
  },
};

/** Docker shows a tag with its digest. */
function pinned(image: string): object {
  return { asymmetricMatch: (found: unknown) => String(found).startsWith(`${image}@sha256:`) };
}
