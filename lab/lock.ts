import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Runs `task` while holding an exclusive lock on a file, against other tasks of this process and of others.
 *
 * The lock belongs to a `flock` child that waits on its input: when this process ends in whatever way, the kernel
 * gives the lock back. `onWait` is called once when somebody else holds it.
 *
 * @throws Error when the lock is not free within `deadlineSeconds`
 */
export async function withLock<T>(
  path: string,
  options: {
    readonly deadlineSeconds: number;
    readonly signal?: AbortSignal | undefined;
    readonly onWait?: (() => void) | undefined;
  },
  task: () => Promise<T>,
): Promise<T> {
  await mkdir(dirname(path), { recursive: true });
  const child = spawn(
    "flock",
    // --no-fork: the lock is the child's own, there is no grandchild that could outlive it.
    [
      "--no-fork",
      "--exclusive",
      "--wait",
      String(options.deadlineSeconds),
      path,
      "sh",
      "-c",
      "echo; read x",
    ],
    // detached: an interrupt typed at the terminal is this process's to handle, the lock stays until it has.
    { stdio: ["pipe", "pipe", "ignore"], signal: options.signal, detached: true },
  );
  child.stdin.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    child.once("close", () => {
      resolve();
    });
  });
  const waiting = setTimeout(() => options.onWait?.(), 1000);
  try {
    await locked(child, path, options.deadlineSeconds);
  } finally {
    clearTimeout(waiting);
  }
  try {
    return await task();
  } finally {
    child.stdin.end();
    await closed;
  }
}

function locked(
  child: { stdout: NodeJS.ReadableStream; once: NodeJS.EventEmitter["once"] },
  path: string,
  deadlineSeconds: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout.once("data", () => {
      resolve();
    });
    child.once("error", reject);
    child.once("close", () => {
      reject(
        new Error(
          `${path}: another run held this lock for more than ${deadlineSeconds} s; expected it to finish. ` +
            `See which process has the file open (fuser ${path}), end it, and run again.`,
        ),
      );
    });
  });
}
