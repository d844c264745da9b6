import { posix } from "node:path";
import type { Path, Report } from "./finding";
import type { Places } from "./places";
import type { Value } from "./value";
import type { Variables } from "./variables";

/** The files of the machine that reads. */
export interface Disk {
  /**
   * @returns undefined where there is nothing
   * @throws Error when it cannot be read, as a folder
   */
  read(path: string): Buffer | undefined;
  /** The folder that `~` means. */
  readonly home: string;
}

/** What the reading of one stack needs everywhere. */
export interface Reading {
  readonly report: Report;
  readonly places: Places;
  readonly disk: Disk;
  readonly variables: Variables;
  /** The first file's folder, which all relative paths are of. */
  readonly folder: string;
  /** The folder on the nodes that relative binds are of. */
  readonly projectDirectory: string | undefined;
  /** Ports that may still be published: ranges make many of a short text. */
  portsLeft: number;
}

/** Reads one value, or reports what is wrong with it and answers undefined. */
export type Form<T> = (value: Value, path: Path, reading: Reading) => T | undefined;

/** Reads a value; one that is known to be broken is passed over in silence. */
export function apply<T>(form: Form<T>, value: Value, path: Path, reading: Reading): T | undefined {
  return "broken" in value ? undefined : form(value, path, reading);
}

/** The content of a file that a stack file names; undefined when there is none, which is reported. */
export function readNamed(
  name: string,
  value: Value,
  path: Path,
  { disk, folder, report }: Reading,
  required = true,
): Buffer | undefined {
  const place = posix.isAbsolute(name) ? name : posix.join(folder, name);
  try {
    const content = disk.read(place);
    if (content !== undefined || !required) return content;
    report.error(value.at, path, `got "${name}"; expected a file, and ${place} is not there.`);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    report.error(value.at, path, `got "${name}"; expected a file that can be read: ${reason}`);
    return undefined;
  }
}
