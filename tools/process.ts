import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";

/** How a program is started. */
export interface StartOptions {
  /** Working folder. @default - this process's */
  readonly cwd?: string;
  /** In addition to this process's environment. @default - nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /** Ends the program with SIGTERM. @default - never */
  readonly signal?: AbortSignal;
  /** What the program reads on standard input, instead of this terminal; for values no command line may show. */
  readonly input?: string;
  /** What it reads on file descriptor 3, where standard input is the user's own. */
  readonly handed?: string;
  /** Show errors at once and leave them out of what is gathered. @default false */
  readonly showErrors?: boolean;
  /** Is given what a program with this terminal writes, instead of the terminal; errors still go there. */
  readonly onOutput?: (text: string) => void;
}

/** What a program wrote and how it ended: 128 + N for signal N, as in a shell. */
export interface Ended {
  readonly code: number;
  readonly output: string;
}

/** A program that could not be started at all. */
class StartError extends Error {}

const exitCode = (code: number | null, signal: NodeJS.Signals | null) =>
  code ?? 128 + (signal === null ? 0 : constants.signals[signal]);

/**
 * Runs a program with this process's own terminal, and passes signals on to it: an interrupt is the program's to
 * handle, this process ends after it.
 *
 * @returns its exit code
 * @throws StartError when it cannot be started
 */
export async function runAttached(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<number> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: [
      options.input === undefined ? "inherit" : "pipe",
      options.onOutput === undefined ? "inherit" : "pipe",
      "inherit",
      options.handed === undefined ? "ignore" : "pipe",
    ],
  });
  child.stdout?.setEncoding("utf8").on("data", (text: string) => options.onOutput?.(text));
  // A program that ends without reading all of it says by its exit code what was wrong.
  child.stdin?.on("error", () => undefined).end(options.input);
  const handing = child.stdio[3];
  if (handing instanceof Writable) handing.on("error", () => undefined).end(options.handed);
  // The terminal sends an interrupt to the whole group by itself; it only must not end this process before the child.
  const onInterrupt = () => undefined;
  const onTerminate = () => child.kill("SIGTERM");
  process.on("SIGINT", onInterrupt).on("SIGTERM", onTerminate);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once("error", (error) => {
        reject(new StartError(`${command} cannot be started: ${error.message}`));
      });
      child.once("close", (code, signal) => {
        resolve(exitCode(code, signal));
      });
    });
  } finally {
    process.off("SIGINT", onInterrupt).off("SIGTERM", onTerminate);
  }
}

/**
 * Runs a program to its end and gathers what it writes (output and errors, in order of arrival).
 *
 * @param onLine called for each line as it comes
 * @throws StartError when it cannot be started
 */
export async function runGathered(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
  onLine?: (line: string) => void,
): Promise<Ended> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", options.showErrors === true ? "inherit" : "pipe"],
    signal: options.signal,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      onLine?.(line);
    });
  }
  return new Promise<Ended>((resolve, reject) => {
    child.once("error", (error) => {
      if (error.name !== "AbortError") reject(new StartError(`${command}: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      resolve({ code: exitCode(code, signal), output: lines.join("\n") });
    });
  });
}
