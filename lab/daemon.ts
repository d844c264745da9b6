import { closeSync, openSync } from "node:fs";
import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { withLock } from "./lock";
import { killGroup } from "./process";
import type { Command } from "./toolbox";

/**
 * Leaves word of who it is, then becomes the program. The record is written by the process itself: there is no moment
 * in which the program runs and nobody knows.
 */
const BECOME = `set -e
record=$1; shift
read -r boot </proc/sys/kernel/random/boot_id
read -r stat </proc/$$/stat
printf '%s\\n%s\\n' "$boot" "$stat" >"$record.tmp"
mv "$record.tmp" "$record"
exec 3>&-
exec "$@"
`;

/** A program that runs on, detached, after the one that started it has ended. It leads a process group of its own. */
export class Daemon {
  /** Name in messages. */
  readonly name: string;
  /** File that takes everything the program writes; begun anew with each start. */
  readonly log: string;
  readonly #record: string;

  /** No side effect. `directory` holds the daemon's record and log. */
  constructor(directory: string, name: string) {
    this.name = name;
    this.log = `${directory}/${name}.log`;
    this.#record = `${directory}/${name}.pid`;
  }

  /** Process id while it runs; undefined when it does not. Safe against reused process ids and restarts of the machine. */
  async pid(): Promise<number | undefined> {
    const record = await readIfThere(this.#record);
    if (record === undefined) return undefined;
    const [boot, stat] = record.split("\n");
    const then = parseStat(stat ?? "");
    if (then === undefined) return undefined;
    const bootNow = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    if (bootNow.trim() !== boot) return undefined;
    const now = parseStat((await readIfThere(`/proc/${then.pid}/stat`)) ?? "");
    return now?.startTime === then.startTime && now.state !== "Z" ? then.pid : undefined;
  }

  /** Whether it runs. */
  async state(): Promise<"running" | "stopped"> {
    return (await this.pid()) === undefined ? "stopped" : "running";
  }

  /** Starts the program unless it runs already; answers whether it was started. */
  async start(command: Command): Promise<boolean> {
    await mkdir(dirname(this.log), { recursive: true });
    return withLock(`${this.#record}.lock`, { deadlineSeconds: 60 }, async () => {
      if ((await this.pid()) !== undefined) return false;
      const log = openSync(this.log, "w", 0o600);
      try {
        const argv = ["-c", BECOME, this.name, this.#record, ...command.argv];
        await launch("/bin/sh", argv, command.env, log);
      } finally {
        closeSync(log);
      }
      return true;
    });
  }

  /**
   * Waits until `probe` says yes.
   *
   * @throws Error with the last lines of the log when the program ends first or the deadline passes
   */
  async waitUntil(
    probe: () => Promise<boolean>,
    options: {
      /** What is waited for ("sshd"). */
      readonly what: string;
      readonly deadlineSeconds: number;
      readonly signal?: AbortSignal | undefined;
      /** Called about once a second with the seconds waited so far. */
      readonly onWait?: (seconds: number) => void;
    },
  ): Promise<void> {
    const start = Date.now();
    let said = 0;
    for (;;) {
      if (await probe()) return;
      options.signal?.throwIfAborted();
      const seconds = Math.floor((Date.now() - start) / 1000);
      const ended = (await this.pid()) === undefined;
      if (ended || seconds >= options.deadlineSeconds) {
        const how = ended
          ? "ended before it was ready"
          : `not ready after ${options.deadlineSeconds} s`;
        throw new Error(
          `${this.name}: ${how}; expected ${options.what}. Last lines of ${this.log}:\n${await this.tail()}`,
        );
      }
      if (seconds > said) {
        said = seconds;
        options.onWait?.(seconds);
      }
      await delay(200, undefined, { signal: options.signal });
    }
  }

  /**
   * Ends the program and its whole process group at once (SIGKILL) and waits until it is gone. No error when it does
   * not run.
   */
  async kill(): Promise<void> {
    const pid = await this.pid();
    if (pid !== undefined) {
      killGroup(pid);
      const deadline = Date.now() + 30_000;
      while ((await this.pid()) !== undefined) {
        if (Date.now() > deadline) {
          throw new Error(
            `${this.name}: process ${pid} still there 30 s after SIGKILL; expected it to end. ` +
              `See /proc/${pid}/stack for what it waits for, then run again.`,
          );
        }
        await delay(20);
      }
    }
    await rm(this.#record, { force: true });
  }

  /** The last lines that the program wrote. */
  async tail(lines = 20): Promise<string> {
    const text = (await readIfThere(this.log)) ?? "";
    return text.trimEnd().split("\n").slice(-lines).join("\n");
  }
}

/** Process id, state letter and start time (clock ticks after boot) in a line of /proc/PID/stat. */
export function parseStat(
  line: string,
): { readonly pid: number; readonly state: string; readonly startTime: string } | undefined {
  // The second field is the program's name in parentheses and may hold blanks and parentheses itself.
  const match = /^(\d+) \(.*\) (\S) (.*)$/s.exec(line.trimEnd());
  const startTime = match?.[3]?.split(" ")[18];
  if (match?.[1] === undefined || match[2] === undefined || startTime === undefined)
    return undefined;
  return { pid: Number(match[1]), state: match[2], startTime };
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    // ESRCH: a process that ended between opening its file in /proc and reading it.
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (["ENOENT", "ESRCH"].includes(code)) return undefined;
    throw error;
  }
}

/** Starts the program; done when its record is written, or when it has ended before that. */
function launch(
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  log: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, {
      detached: true,
      env,
      stdio: ["ignore", log, log, "pipe"],
      cwd: "/",
    });
    child.once("error", reject);
    const recorded = child.stdio[3] as Readable;
    recorded.resume();
    recorded.once("close", () => {
      child.unref();
      resolve();
    });
  });
}
