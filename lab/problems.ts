import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter } from "node:path";
import { freeMiB } from "./cache";
import { DEBIAN_KEYRING } from "./debian";

/** Programs of this machine that the lab starts with; all belong to a plain Debian. */
const PROGRAMS = ["apt-get", "dpkg-deb", "flock", "nsenter", "perl", "setpriv", "unshare"] as const;

/** What a check of this machine goes by. */
export interface MachineFacts {
  readonly platform: string;
  readonly architecture: string;
  readonly root: boolean;
  readonly tun: boolean;
  /** Missing programs. */
  readonly missing: readonly string[];
  readonly keyring: boolean;
  readonly availableMemoryMiB: number;
  readonly freeDiskMiB: number;
}

/** Whether a lab can run here; one text per reason why not. */
export function findProblems(
  facts: MachineFacts,
  needed: { readonly memoryMiB: number; readonly diskMiB: number; readonly folder: string },
): string[] {
  if (facts.platform !== "linux") {
    return [
      `got a machine with ${facts.platform}; expected Linux. Run the lab on a Debian machine, or use an environment with machines of its own.`,
    ];
  }
  const problems: string[] = [];
  if (facts.architecture !== "x64") {
    problems.push(
      `got a processor of type ${facts.architecture}; expected x64, the only one that User-Mode Linux runs on.`,
    );
  }
  if (!facts.root) {
    problems.push(
      "got an ordinary user; expected root, who alone may make network interfaces. Run it as root (sudo -i).",
    );
  }
  if (!facts.tun) {
    problems.push(
      "/dev/net/tun: not found; expected the device that machines are plugged in with. Run `modprobe tun`, or give it to the container.",
    );
  }
  if (facts.missing.length > 0) {
    problems.push(
      `got no ${facts.missing.join(", no ")} in PATH; expected them, as on any Debian. Install apt, dpkg, util-linux and perl.`,
    );
  }
  if (!facts.keyring) {
    problems.push(
      `${DEBIAN_KEYRING}: not found; expected the Debian archive's keys. Install debian-archive-keyring.`,
    );
  }
  if (facts.availableMemoryMiB < needed.memoryMiB) {
    problems.push(
      `got ${facts.availableMemoryMiB} MiB of memory available; expected at least ${needed.memoryMiB} MiB for the machines that are to be booted. ` +
        "Give them less (swarm:lab memory), configure fewer hosts, or stop what else runs here.",
    );
  }
  if (facts.freeDiskMiB < needed.diskMiB) {
    problems.push(
      `${needed.folder}: got ${facts.freeDiskMiB} MiB free on its disk; expected at least ${needed.diskMiB} MiB for what is still to be made. Free some space there.`,
    );
  }
  return problems;
}

/** Reads what `findProblems` goes by. */
export async function readMachineFacts(folder: string): Promise<MachineFacts> {
  const linux = process.platform === "linux";
  const memory = linux ? await readFile("/proc/meminfo", "utf8") : "";
  const path = `${process.env.PATH ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  return {
    platform: process.platform,
    architecture: process.arch,
    root: process.getuid?.() === 0,
    tun: existsSync("/dev/net/tun"),
    missing: PROGRAMS.filter((name) => !path.some((at) => existsSync(`${at}/${name}`))),
    keyring: existsSync(DEBIAN_KEYRING),
    availableMemoryMiB: Math.floor(Number(/^MemAvailable:\s+(\d+)/m.exec(memory)?.[1] ?? 0) / 1024),
    freeDiskMiB: await freeMiB(folder),
  };
}
