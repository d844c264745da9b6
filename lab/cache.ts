import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, stat, statfs, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withLock } from "./lock";
import { manifestPath } from "./manifest";
import { runProcess } from "./process";

/** Says what is going on, in one line. */
export type Progress = (message: string) => void;

/** Not enough room on the disk for what the lab has to build or copy. */
export class DiskFullError extends Error {
  constructor(what: string, path: string, neededMiB: number, freeMiB: number) {
    super(
      `${what}: no space left on the disk of ${path}: ${freeMiB} MiB free; expected at least ${neededMiB} MiB. ` +
        "Free some space there and run again; what was half done has been removed.",
    );
    this.name = "DiskFullError";
  }
}

/** Where less than this is left when a build fails, that is why, whatever the failed program says. */
const FULL_MIB = 16;

/** Free space in MiB for the folder that `path` is or will be in. */
export async function freeMiB(path: string): Promise<number> {
  let folder = path;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = await statfs(folder);
  return Math.floor((bavail * bsize) / 2 ** 20);
}

/** Removes files and folders, also very large trees. */
export async function removeTree(...paths: readonly string[]): Promise<void> {
  // --one-file-system: should anything ever be mounted below, it is not emptied.
  await runProcess(["rm", "-rf", "--one-file-system", "--", ...paths], { deadlineSeconds: 600 });
}

/** Path of a cached thing made by the recipe: the same recipe always has the same path. */
export function cachePath(directory: string, kind: string, recipe: unknown): string {
  const text = typeof recipe === "string" ? recipe : JSON.stringify(recipe);
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 12);
  return `${directory}/${kind}-${hash}`;
}

/**
 * Makes a file or folder once: `build` fills a temporary path, which gets its real name only when it is complete. The
 * manifest that it may write beside that goes along.
 *
 * Whatever a killed build left is cleared by the next; two runs at once build one thing once.
 *
 * @throws DiskFullError when there is not enough room, before or during the build
 */
export async function cached(
  path: string,
  options: {
    /** What is made, for messages (`base image "centos"`). */
    readonly label: string;
    /** Room that the build takes at its largest. */
    readonly neededMiB: number;
    readonly progress: Progress;
    readonly signal?: AbortSignal | undefined;
  },
  build: (temporary: string) => Promise<void>,
): Promise<string> {
  const { label, neededMiB, progress, signal } = options;
  await mkdir(dirname(path), { recursive: true });
  await markUsed(path);
  if (existsSync(path)) return path;
  const wait = (): void => {
    progress(`${label}: waiting for another run that is building it`);
  };
  await withLock(`${path}.lock`, { deadlineSeconds: 1800, signal, onWait: wait }, async () => {
    if (existsSync(path)) return;
    const temporary = `${path}.tmp`;
    await removeTree(temporary, manifestPath(temporary));
    const free = await freeMiB(path);
    if (free < neededMiB) throw new DiskFullError(label, dirname(path), neededMiB, free);
    try {
      await build(temporary);
      // Before the thing itself: where that is, its manifest is, too.
      if (existsSync(manifestPath(temporary))) {
        await rename(manifestPath(temporary), manifestPath(path));
      }
      await rename(temporary, path);
    } catch (error) {
      const left = await freeMiB(path);
      await removeTree(temporary, manifestPath(temporary));
      if (isDiskFull(error) || left < FULL_MIB) {
        throw new DiskFullError(label, dirname(path), neededMiB, left);
      }
      throw error;
    }
    await prune(dirname(path));
  });
  return path;
}

/** Days after which what no lab has used is made anew rather than kept. */
const KEPT_DAYS = 14;

/** The time of the lock file tells when a thing was used last; its own may be that of a package it was made from. */
async function markUsed(path: string): Promise<void> {
  await writeFile(`${path}.lock`, "", { flag: "a" });
  await utimes(`${path}.lock`, new Date(), new Date());
}

/** Removes what no lab has used for a long time: recipes change, and each change leaves a thing of the old one. */
export async function prune(directory: string): Promise<void> {
  const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  const locks = (await readdir(directory)).filter((name) => name.endsWith(".lock"));
  for (const lock of locks.map((name) => join(directory, name))) {
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Infinity }));
    const path = lock.replace(/\.lock$/, "");
    if (mtimeMs < oldest) await removeTree(path, manifestPath(path), lock);
  }
}

/** Whether an error, or the output of a failed program, says that the disk is full. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error as NodeJS.ErrnoException).code === "ENOSPC" ||
    /No space left on device|enough free space|Could not allocate block/i.test(error.message)
  );
}
