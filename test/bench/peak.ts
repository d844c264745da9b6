import { readFileSync, readdirSync, readlinkSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How often processes are looked at; one that lives shorter is not seen. */
const PERIOD_MS = 200;

/** Whether a process is of interest, by its command line with spaces, and the folder that it works in. */
export type Watched = (command: string, folder: string) => boolean;

/**
 * Highest resident memory in MiB of processes while something runs, each kind's highest, in the order of `watched`; 0
 * of one that was not seen.
 */
export async function peakMemory(
  watched: readonly Watched[],
  during: Promise<unknown>,
): Promise<readonly number[]> {
  const peaks = watched.map(() => 0);
  const over = { is: false };
  const end = (): void => {
    over.is = true;
  };
  during.then(end, end);
  while (!over.is) {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const seen = look(pid);
      if (seen === undefined) continue;
      watched.forEach((isWatched, index) => {
        if (isWatched(seen.command, seen.folder))
          peaks[index] = Math.max(peaks[index] ?? 0, seen.mebibytes);
      });
    }
    await delay(PERIOD_MS);
  }
  await during;
  return peaks;
}

function look(pid: string) {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const [, kilobytes = "0"] = /VmHWM:\s+(\d+)/.exec(status) ?? [];
    const folder = readlinkSync(`/proc/${pid}/cwd`);
    return { command, folder, mebibytes: Number(kilobytes) / 1024 };
  } catch {
    // It ended meanwhile.
    return undefined;
  }
}
