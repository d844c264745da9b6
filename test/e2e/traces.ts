import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Everything outside the clone that a lab could leave on the machine. */
export interface Traces {
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
  readonly mounts: readonly string[];
  readonly processes: readonly string[];
  readonly routes: readonly string[];
  readonly sysctls: readonly string[];
  readonly files: readonly string[];
}

const watched = [
  "/etc",
  "/usr/bin",
  "/usr/sbin",
  "/usr/lib/systemd",
  "/run",
  "/tmp",
  "/var/lib",
  "/root",
];

/** Looks at the machine. `marker` is text that every process of the lab has in its command line. */
export function traces(marker: string): Traces {
  return {
    namespaces: lines("ip", ["netns", "list"]),
    links: lines("ip", ["-o", "link"]).map((line) => line.split(":")[1]?.trim() ?? ""),
    mounts: readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[4] ?? "")
      .sort(),
    processes: processes(marker),
    routes: lines("ip", ["route"]),
    sysctls: [readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim()],
    files: watched
      .flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`))
      .sort(),
  };
}

function processes(marker: string): string[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
      } catch {
        return ""; // it ended meanwhile
      }
    })
    .filter((command) => command.includes(marker))
    .sort();
}

function lines(file: string, args: string[]): string[] {
  return execFileSync(file, args, { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}
