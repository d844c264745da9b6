import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** An npm package that the program names in its package.json. */
export interface Dependency {
  readonly name: string;
  /** The version that is installed, else the range that was asked for. */
  readonly version: string;
}

interface Manifest {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Direct dependencies of a program, sorted by name; `pulumi about` lists them. */
export async function readDependencies(directory: string): Promise<Dependency[]> {
  const manifest = await readManifest(directory);
  const wanted = Object.entries(manifest?.dependencies ?? {});
  const found = await Promise.all(
    wanted.map(async ([name, range]) => {
      const installed = await readManifest(join(directory, "node_modules", name));
      return { name, version: installed?.version ?? range };
    }),
  );
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readManifest(directory: string): Promise<Manifest | undefined> {
  try {
    return JSON.parse(await readFile(join(directory, "package.json"), "utf8")) as Manifest;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
