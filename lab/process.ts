import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How a program on this machine is run. */
export interface ProcessOptions {
  /** Text given to the program's standard input. @default - none */
  readonly stdin?: string;
  /** Working folder. @default - that of the caller */
  readonly cwd?: string;
  /** The whole environment of the program. @default - that of the caller */
  readonly env?: NodeJS.ProcessEnv;
  /** Called with every line that the program writes, from both of its outputs. */
  readonly onLine?: (line: string) => void;
  /** Ends the program and everything that it started. */
  readonly signal?: AbortSignal | undefined;
  /** Seconds after which the program is killed. @default 60 */
  readonly deadlineSeconds?: number;
  /** The words shown in errors. @default - the program and its arguments */
  readonly shownAs?: readonly string[];
  /** Answer a failure instead of throwing. @default false */
  readonly allowFailure?: boolean;
}

/** How a program ended. */
export interface ProcessResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program on this machine ended badly, could not be started, or took too long. */
class ProcessError extends Error {
  readonly argv: readonly string[];
  readonly code: number | undefined;
  readonly stderr: string;
  constructor(
    argv: readonly string[],
    reason: string,
    code?: number | null,
    output = "",
    stderr = "",
  ) {
    const tail = output.trimEnd().split("\n").slice(-15).join("\n  ");
    super(`${argv.join(" ")}: ${reason}${tail === "" ? "" : `\n  ${tail}`}`);
    this.name = "ProcessError";
    this.argv = argv;
    this.code = code ?? undefined;
    this.stderr = stderr;
  }
}

/**
 * Runs a program without a shell and waits for its end.
 *
 * It gets a process group of its own, so that a deadline or an abort ends its children, too.
 *
 * @throws ProcessError when it cannot be started, ends with another code than 0, or is out of time
 */
export async function runProcess(
  argv: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const [program, ...rest] = argv;
  if (program === undefined)
    throw new Error("runProcess: got no program; expected at least one word.");
  options.signal?.throwIfAborted();
  const deadlineSeconds = options.deadlineSeconds ?? 60;
  const shown = options.shownAs ?? argv;
  const child = spawn(program, rest, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const stdout: string[] = [];
  const stderr: string[] = [];
  const both: string[] = [];
  const collect = (stream: NodeJS.ReadableStream, lines: string[]): void => {
    createInterface({ input: stream, crlfDelay: Infinity }).on("line", (line) => {
      lines.push(line);
      both.push(line);
      options.onLine?.(line);
    });
  };
  collect(child.stdout, stdout);
  collect(child.stderr, stderr);
  // A program that ends without reading its input is no failure of its own: its exit code tells.
  child.stdin.on("error", () => undefined);
  child.stdin.end(options.stdin ?? "");

  const deadline = AbortSignal.timeout(deadlineSeconds * 1000);
  const kill = (): void => {
    killGroup(child.pid);
  };
  const end = AbortSignal.any([
    deadline,
    ...(options.signal === undefined ? [] : [options.signal]),
  ]);
  end.addEventListener("abort", kill, { once: true });
  try {
    const { code, signal } = await ended(child, shown);
    options.signal?.throwIfAborted();
    const output = both.join("\n");
    if (deadline.aborted) {
      throw new ProcessError(shown, `not done after ${deadlineSeconds} s`, code, output);
    }
    if (code === null) {
      throw new ProcessError(shown, `killed by ${signal ?? "a signal"}`, code, output);
    }
    if (code !== 0 && options.allowFailure !== true) {
      throw new ProcessError(shown, `exit code ${code}`, code, output, text(stderr));
    }
    return { code, stdout: text(stdout), stderr: text(stderr) };
  } finally {
    end.removeEventListener("abort", kill);
  }
}

/** Kills a process and the whole group that it leads; no error when it is gone already. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function text(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

function ended(
  child: ReturnType<typeof spawn>,
  argv: readonly string[],
): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  return new Promise((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "ENOENT" ? "program not found" : error.message;
      reject(new ProcessError(argv, reason));
    });
    child.on("close", (code, signal) => {
      resolve({ code, signal });
    });
  });
}
