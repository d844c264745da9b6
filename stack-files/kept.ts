import type { Disk } from "./reading";

/** A result, with all that it was made from. */
interface Kept<Result> {
  readonly request: string;
  readonly read: ReadonlyMap<string, Buffer | undefined>;
  readonly result: Result;
}

/**
 * Keeps what was made of files, one result for each name, for as long as request and files are the same to the byte. A
 * program reads the files of a stack three times: to check its configuration, to order the stacks, and to make them.
 */
export class KeptResults<Result> {
  readonly #kept = new Map<string, Kept<Result>>();

  /**
   * @param request - all that the result depends on beside files, as text
   * @param make - reads its files from the disk that it is given
   */
  of(name: string, request: string, disk: Disk, make: (disk: Disk) => Result): Result {
    const before = this.#kept.get(name);
    if (before?.request === request && isSame(before.read, disk)) return before.result;
    const read = new Map<string, Buffer | undefined>();
    const failed = new Set<string>();
    const witness = (path: string): Buffer | undefined => {
      try {
        const bytes = disk.read(path);
        read.set(path, bytes);
        return bytes;
      } catch (error) {
        failed.add(path);
        throw error;
      }
    };
    const result = make({ home: disk.home, read: witness });
    this.#kept.delete(name);
    if (failed.size === 0) this.#kept.set(name, { request, read, result });
    return result;
  }
}

function isSame(before: Kept<unknown>["read"], disk: Disk): boolean {
  try {
    return [...before].every(([path, bytes]) => {
      const now = disk.read(path);
      return bytes === undefined || now === undefined ? bytes === now : bytes.equals(now);
    });
  } catch {
    // What could be read can be read no longer: that is to be said by whoever reads it anew.
    return false;
  }
}
