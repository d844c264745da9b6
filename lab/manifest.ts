import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** Versions of Debian packages by name. */
export type Versions = Readonly<Record<string, string>>;

/**
 * Where the versions stand of the packages that a thing of the cache was made from: those that its recipe names, as
 * apt chose them before it installed them. So they are known also when the build fails.
 */
export function manifestPath(path: string): string {
  return `${path}.packages`;
}

/**
 * Option of mmdebstrap that writes the versions of packages. The hook runs when the package lists are there
 * and nothing is installed yet.
 */
export function manifestHook(path: string, packages: readonly string[]): string {
  const lines = `grep -E "^(Package|Version): "`;
  const show = `apt-cache show --no-all-versions ${packages.join(" ")}`;
  return `--extract-hook=APT_CONFIG=$MMDEBSTRAP_APT_CONFIG ${show} | ${lines} >"${path}"`;
}

/** Versions that were written beside a thing of the cache; undefined when none were. */
export async function readManifest(path: string): Promise<Versions | undefined> {
  const file = manifestPath(path);
  return existsSync(file) ? parseManifest(await readFile(file, "utf8")) : undefined;
}

/** Reads the lines `Package: NAME` and `Version: VERSION`, as apt and dpkg write them. */
export function parseManifest(text: string): Versions {
  const versions: Record<string, string> = {};
  let name = "";
  for (const line of text.split("\n")) {
    const [key = "", value = ""] = line.split(": ", 2);
    if (key === "Package") name = value;
    if (key === "Version" && name !== "") versions[name] = value;
  }
  return versions;
}
