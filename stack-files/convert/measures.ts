import { renderBytes, renderDuration, renderFileMode } from "../../units/units";
import type { Path } from "../finding";
import type { Conversion } from "./conversion";

/** Billionths; Docker takes no less. */
const smallestCpus = 1_000_000;

/** Bytes; Docker takes no less. */
const smallestMemory = 4 * 1024 * 1024;

/** The word as a resource knows it; nothing where nothing is said. The reader takes no other words. */
export function wordOf<const Word extends string>(
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  return words.find((word) => word === text);
}

/** A duration out of nanoseconds. */
export function durationOf(nanoseconds: number | undefined): string | undefined {
  return nanoseconds === undefined ? undefined : renderDuration(nanoseconds);
}

/** A size out of bytes. */
export function sizeOf(bytes: number | undefined): string | undefined {
  return bytes === undefined ? undefined : renderBytes(bytes);
}

/** Permission bits of a file, octal. */
export function modeOf(mode: number | undefined): string | undefined {
  return mode === undefined ? undefined : renderFileMode(mode);
}

/** Memory of a task, which Docker refuses when there is too little of it. */
export function memoryOf(
  conversion: Conversion,
  path: Path,
  bytes: number | undefined,
): string | undefined {
  if (bytes === undefined || bytes === 0 || bytes >= smallestMemory) return sizeOf(bytes);
  conversion.error(
    path,
    `got ${bytes} bytes; expected at least 4M, which is the least that Docker takes.`,
  );
  return undefined;
}

/** CPUs of a task, which Docker refuses when there is too little of one. */
export function cpusOf(
  conversion: Conversion,
  path: Path,
  nanoCpus: number | undefined,
): number | undefined {
  if (nanoCpus === undefined) return undefined;
  if (nanoCpus === 0 || nanoCpus >= smallestCpus) return nanoCpus / 1e9;
  conversion.error(
    path,
    `got ${nanoCpus / 1e9}; expected at least 0.001, which is the least that Docker takes.`,
  );
  return undefined;
}
