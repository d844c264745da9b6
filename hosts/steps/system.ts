import { NEEDED_MODULES } from "../facts";
import type { Facts } from "../facts";
import type { HostSpec } from "../host-spec";
import { writeHostsBlock } from "../hosts-block";
import type { Step } from "../step";
import { platformOf } from "../platforms/platform";
import hostname from "../scripts/hostname.sh";
import modules from "../scripts/modules.sh";
import sysctls from "../scripts/sysctls.sh";
import users from "../scripts/users.sh";
import usersOut from "../scripts/users-out.sh";

/** Seconds a package transaction may take on a slow machine with a slow mirror. */
const PACKAGE_SECONDS = 1200;

/** Finishes a package transaction that was killed. */
export function recoverySteps(facts: Facts): Step[] {
  if (!facts.packageManagerInterrupted && !facts.engine.installPending) {
    return [];
  }
  return [
    {
      id: "recover",
      title: "finishing an interrupted package transaction",
      path: "engine",
      script: platformOf(facts).scripts.recover,
      deadlineSeconds: PACKAGE_SECONDS,
    },
  ];
}

/** The machine's name, and the names of all nodes. */
export function namingSteps(facts: Facts, spec: HostSpec): Step[] {
  const steps: Step[] = [];
  if (facts.hostname !== spec.hostname) {
    steps.push({
      id: "hostname",
      title: `setting the host name to ${spec.hostname}`,
      path: "hostname",
      script: hostname,
      args: [spec.hostname],
    });
  }
  const content = writeHostsBlock(facts.hostsFile, spec.addresses);
  if (content !== facts.hostsFile) {
    steps.push({
      id: "hosts",
      title: "writing the addresses of all nodes to /etc/hosts",
      path: "addresses",
      files: [{ path: "/etc/hosts", content }],
    });
  }
  return steps;
}

/** Modules and settings of the kernel, now and at boot. */
export function kernelSteps(facts: Facts, spec: HostSpec): Step[] {
  const steps: Step[] = [];
  const modulesFile = [...spec.modules]
    .sort()
    .map((name) => `${name}\n`)
    .join("");
  // Those that a package was to bring are loaded at once, so that a kernel without them is told from an engine that
  // does not start.
  const brought = NEEDED_MODULES.filter((name) => facts.modules[name] === "missing");
  const absent = [
    ...new Set([...spec.modules.filter((name) => facts.modules[name] !== "loaded"), ...brought]),
  ].sort();
  if (absent.length > 0 || modulesFile !== (facts.modulesFile ?? "")) {
    steps.push({
      id: "modules",
      title:
        absent.length > 0
          ? `loading kernel modules ${absent.join(", ")}`
          : "listing the kernel modules to load at boot",
      path: "modules",
      files: [{ path: "/etc/modules-load.d/swarm.conf", content: modulesFile }],
      script: modules,
      args: absent,
    });
  }
  const keys = Object.keys(spec.sysctls).sort();
  const sysctlFile = keys.map((key) => `${key} = ${spec.sysctls[key] ?? ""}\n`).join("");
  const differing = keys.filter((key) => facts.sysctls[key] !== spec.sysctls[key]);
  if (differing.length > 0 || sysctlFile !== (facts.sysctlFile ?? "")) {
    steps.push({
      id: "sysctls",
      title:
        differing.length > 0
          ? `setting ${differing.join(", ")}`
          : "listing the kernel settings to make at boot",
      path: "sysctls",
      files: [{ path: "/etc/sysctl.d/90-swarm.conf", content: sysctlFile }],
      script: sysctls,
    });
  }
  return steps;
}

/** The system's own packages. */
export function packageSteps(facts: Facts, spec: HostSpec): Step[] {
  const { scripts } = platformOf(facts);
  const steps: Step[] = [];
  if (spec.update) {
    steps.push({
      id: "update",
      title: "bringing all packages up to date",
      path: "update",
      script: scripts.update,
      deadlineSeconds: 3600,
    });
  }
  const missing = spec.packages.filter((name) => facts.packages[name] === undefined).sort();
  if (missing.length > 0) {
    steps.push({
      id: "packages",
      title: `installing ${missing.join(", ")}`,
      path: "packages",
      script: scripts.installPackages,
      args: missing,
      deadlineSeconds: PACKAGE_SECONDS,
    });
  }
  return steps;
}

/** Who may use Docker without being root. */
export function userSteps(facts: Facts, spec: HostSpec): Step[] {
  const steps: Step[] = [];
  const missing = spec.users.filter((name) => facts.users[name]?.includes("docker") !== true);
  if (missing.length > 0) {
    steps.push({
      id: "users",
      title: `letting ${missing.sort().join(", ")} use Docker`,
      path: "users",
      script: users,
      args: missing,
    });
  }
  const leaving = (spec.former?.users ?? []).filter(
    (name) => !spec.users.includes(name) && facts.users[name]?.includes("docker") === true,
  );
  if (leaving.length > 0) {
    steps.push({
      id: "users-out",
      title: `taking ${leaving.sort().join(", ")} out of the group docker`,
      path: "users",
      script: usersOut,
      args: leaving,
    });
  }
  return steps;
}
