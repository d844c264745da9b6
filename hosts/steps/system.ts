import { COMPOSE_PACKAGE, NEEDED_MODULES } from "../facts";
import type { Facts } from "../facts";
import { unitOf } from "../host-spec";
import type { HostSpec } from "../host-spec";
import { writeHostsBlock } from "../hosts-block";
import { KEEP } from "../../host-settings/table";
import type { Step } from "../step";
import { platformOf } from "../platforms/platform";
import hostname from "../scripts/hostname.sh";
import modules from "../scripts/modules.sh";
import sysctls from "../scripts/sysctls.sh";
import enableServices from "../scripts/enable-services.sh";
import swap from "../scripts/swap.sh";

/** Seconds a package transaction may take on a slow machine with a slow mirror. */
export const PACKAGE_SECONDS = 1200;

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
  if (spec.hostname !== KEEP && facts.hostname !== spec.hostname) {
    steps.push({
      id: "hostname",
      title: `setting the host name to ${spec.hostname}`,
      path: "hostname",
      files: [{ path: "/etc/hostname", content: `${spec.hostname}\n` }],
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

/** Swap that is on and shall be off, or was turned off here and shall be on again. */
export function swapSteps(facts: Facts, spec: HostSpec): Step[] {
  if (spec.swap === undefined || hasSwap(facts, spec.swap) === spec.swap) return [];
  return [
    {
      id: "swap",
      title: spec.swap ? "letting swap on again" : "turning swap off",
      path: "swap",
      script: swap,
      args: [spec.swap ? "on" : "off"],
      // What is in it has to find room in memory.
      deadlineSeconds: 300,
    },
  ];
}

/** Whether there may be swap: as it is where it was turned off here, now and at boot; else as `otherwise` says. */
export function hasSwap({ swapMasked, swapMiB }: Facts, otherwise: boolean): boolean {
  if (otherwise) return !swapMasked;
  return !swapMasked || swapMiB > 0;
}

/** Services that shall run. They come last: some of them need the engine. */
export function unitSteps(facts: Facts, { services = [] }: HostSpec): Step[] {
  const units = services.map(unitOf).filter((unit) => !isOn(facts, unit));
  if (units.length === 0) return [];
  return [
    {
      id: "services",
      title: `turning on ${units.sort().join(", ")}`,
      path: "services",
      script: enableServices,
      args: units,
      deadlineSeconds: 180,
    },
  ];
}

/** `docker compose`, out of the engine's repository. */
export function composeSteps(facts: Facts, spec: HostSpec): Step[] {
  if (spec.dockerCompose !== true || facts.packages[COMPOSE_PACKAGE] !== undefined) return [];
  return [
    {
      id: "compose",
      title: `installing ${COMPOSE_PACKAGE}`,
      path: "dockerCompose",
      script: platformOf(facts).scripts.installPackages,
      args: [COMPOSE_PACKAGE],
      deadlineSeconds: PACKAGE_SECONDS,
    },
  ];
}

/** Whether a unit runs, and does so after each boot. */
export function isOn({ units }: Facts, name: string): boolean {
  const unit = units[name];
  return unit?.running === true && unit.enabled;
}
