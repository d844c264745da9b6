import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { DiskFullError, isDiskFull } from "./cache";
import { readManifest, type Versions } from "./manifest";
import { sourceFolder } from "./source-folder";
import type { Toolbox } from "./toolbox";

/** A thing of the cache whose packages are proven together. */
export interface Part {
  /** `tools`, `base image centos`, `engines`, `image base debian`, `image mysql`. */
  readonly name: string;
  /** Where the cache has it. */
  readonly path: string;
  /** A lab may do without it. @default false */
  readonly isOptional?: boolean;
}

/** Versions of packages by part, as committed. */
export type Proven = Readonly<Record<string, Versions>>;

/** A package with another version than the one that was proven. */
interface Difference {
  readonly name: string;
  readonly found: string;
  readonly proven: string;
}

const FILE = "lab/proven.json";

/** What was proven last. @throws Error when the file is not there or no JSON */
export async function readProven(): Promise<Proven> {
  return JSON.parse(await readFile(sourceFolder(FILE), "utf8")) as Proven;
}

/** Packages whose version is another one than was proven, by name. What was never proven says nothing. */
function differences(found: Versions, proven: Versions = {}): Difference[] {
  return Object.entries(found)
    .flatMap(([name, version]) => {
      const before = proven[name];
      return before === undefined || before === version
        ? []
        : [{ name, found: version, proven: before }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Which packages of these parts are newer than the last that were proven, as one sentence; undefined when none are.
 * Never throws: it stands beside an error that matters more.
 */
export async function newerThanProven(
  toolbox: Pick<Toolbox, "run">,
  parts: readonly Part[],
  read: () => Promise<Proven> = readProven,
): Promise<string | undefined> {
  try {
    const proven = await read();
    const newer: string[] = [];
    for (const { name: part, path } of parts) {
      const found = (await readManifest(path)) ?? {};
      for (const { name, found: now, proven: before } of differences(found, proven[part])) {
        const words = ["dpkg", "--compare-versions", now, "gt", before];
        const { code } = await toolbox.run(words, { allowFailure: true });
        if (code === 0) newer.push(`${name} ${now} (proven: ${before})`);
      }
    }
    if (newer.length === 0) return undefined;
    const list = [...new Set(newer)].join(", ");
    return `Debian has newer packages here than the lab was last proven with (${FILE}): ${list}.`;
  } catch {
    return undefined;
  }
}

/**
 * Does something that packages can make fail. The error then says which of them are newer than the last that were
 * proven, if `newer` knows any.
 */
export async function explained<T>(
  newer: () => Promise<string | undefined>,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const isFull = error instanceof DiskFullError || isDiskFull(error);
    // A full disk and Ctrl-C are reasons enough.
    if (!(error instanceof Error) || error.name === "AbortError" || isFull) throw error;
    const reason = await newer();
    if (reason === undefined) throw error;
    throw new Error(`${error.message}\n${reason}`, { cause: error });
  }
}

/**
 * What is to be committed after a proof: the versions of all that is built. An optional part that is not built keeps
 * what was proven of it.
 *
 * @throws Error when something that a lab cannot do without is not built
 */
export async function versionsToProve(parts: readonly Part[], before: Proven): Promise<Proven> {
  const found = await Promise.all(
    parts.map(async (part) => {
      const versions = existsSync(part.path) ? await readManifest(part.path) : undefined;
      return { ...part, versions };
    }),
  );
  const missing = found.filter(({ versions, isOptional }) => !versions && isOptional !== true);
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(", ");
    throw new Error(
      `got no ${names} in the cache; expected all that a lab is made of. Run \`npm run lab -- prepare\`.`,
    );
  }
  const sections = found.flatMap(({ name, versions = before[name] }) =>
    versions === undefined ? [] : [[name, sorted(versions)] as const],
  );
  return sorted(Object.fromEntries(sections));
}

/** Writes what was proven, for a commit. Answers what is new in it, one line per package. */
export async function writeProven(
  proven: Proven,
  before: Proven,
  file = sourceFolder(FILE),
): Promise<string[]> {
  await writeFile(file, `${JSON.stringify(proven, undefined, 2)}\n`);
  return Object.entries(proven).flatMap(([part, versions]) =>
    Object.entries(versions)
      .filter(([name, version]) => before[part]?.[name] !== version)
      .map(([name, version]) => {
        const was = before[part]?.[name];
        return `${part}: ${name} ${version}${was === undefined ? "" : ` (was ${was})`}`;
      }),
  );
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
