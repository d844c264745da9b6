import { createHash } from "node:crypto";

/** Length of `-` and eight hexadecimal digits. */
export const suffixLength = 9;

/** Docker's own limit. */
export const longestName = 64;

function suffix(...sources: readonly (Uint8Array | string)[]): string {
  const hash = createHash("sha256");
  for (const source of sources) hash.update(source);
  return `-${hash.digest("hex").slice(0, suffixLength - 1)}`;
}

/** The part of a whole name that the user chose; the name itself where no version's digits end it. */
export function prefixOf(name: string): string {
  return /-[0-9a-f]{8}$/.test(name) ? name.slice(0, -suffixLength) : name;
}

/**
 * Name in Docker of a first version. Nothing of it comes from the value: whoever reads names cannot test guesses.
 *
 * @param seed - bytes that are the same in the run after one that was killed, and in no other stack
 */
export function firstName(prefix: string, seed: Uint8Array): string {
  return `${prefix}${suffix(seed)}`;
}

/**
 * Name in Docker of the version after `before`. It follows from that name alone, not from the value, and so a run that
 * begins again after a kill comes to the same one and finds what the last run left.
 */
export function nextName(prefix: string, before: string): string {
  return `${prefix}${suffix("after ", before)}`;
}

/** Whether an object of this name is the version after `before`, under whatever prefix. */
export function isNext(name: string, before: string): boolean {
  return name.endsWith(suffix("after ", before));
}
