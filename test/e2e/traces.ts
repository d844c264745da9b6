import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Lab } from "../../lab/lab";

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

/**
 * What the programs of a run name their files after, wherever they put them. Whatever else comes and goes there is
 * another program's; temporary files are looked for by `marker` and in the clone's own temporary folder.
 */
const named =
  /swarm|pulumi|docker|containerd|\buml|linux\.uml|mmdebstrap|skopeo|umoci|ts-node|esbuild|grpc/i;

/**
 * Looks at the machine. Links and routes of other clones' labs come and go as they like.
 *
 * @param clone - folder of the clone, which every process of its lab has in its command line
 * @param temporaryFolder - where the programs that the test started put their temporary files
 */
export function traces(clone: string, temporaryFolder: string): Traces {
  const { namespace } = new Lab({ directory: `${clone}/.swarm/lab`, image: "debian", hosts: [] })
    .plan;
  const isOwn = (text: string): boolean =>
    text.includes(namespace) || !/\bswarm-[0-9a-f]{6}\b/.test(text);
  const temporary = existsSync(temporaryFolder)
    ? readdirSync(temporaryFolder).map((name) => `${temporaryFolder}/${name}`)
    : [];
  return {
    namespaces: lines("ip", ["netns", "list"]),
    links: lines("ip", ["-o", "link"])
      .map((line) => line.split(":")[1]?.trim() ?? "")
      .filter(isOwn),
    mounts: readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[4] ?? "")
      .sort(),
    processes: processes(clone),
    routes: lines("ip", ["route"]).filter(isOwn),
    sysctls: [readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim()],
    files: watched
      .flatMap((folder) =>
        readdirSync(folder)
          .filter((name) => named.test(name))
          .map((name) => `${folder}/${name}`),
      )
      .concat(temporary)
      .sort(),
  };
}

/** What is there now and was not before; what has gone meanwhile was another program's. */
export function left(before: Traces, after: Traces): string[] {
  return Object.entries(after).flatMap(([kind, found]: [string, readonly string[]]) =>
    found
      .filter((one) => !before[kind as keyof Traces].includes(one))
      .map((one) => `${kind}: ${one}`),
  );
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
