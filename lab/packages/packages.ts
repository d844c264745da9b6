import { cp, mkdir } from "node:fs/promises";
import { cached, cachePath, removeTree } from "../cache";
import { ensureEngine, enginePart, runRecipe, type PackagesPlace } from "./engine";
import { ENGINES, type EngineBuild } from "./engines";

/**
 * Makes the package repositories of the engine once, as `centos/` (dnf) and `debian/` (apt) below the answered folder,
 * laid out and signed like Docker's own.
 *
 * @param extras - engines beside those that every lab has
 * @throws Error when a package cannot be downloaded or has another version than expected; DiskFullError
 */
export async function ensurePackages(
  place: PackagesPlace,
  extras: readonly EngineBuild[] = [],
): Promise<string> {
  const { cacheDirectory, progress, signal } = place;
  const builds = [...ENGINES, ...extras];
  const engines = builds.map((build) => enginePart(cacheDirectory, build).path);
  const path = cachePath(
    cacheDirectory,
    "packages",
    engines.map((engine) => engine.split("/").at(-1)),
  );
  const label = "engine packages";
  return cached(path, { label, neededMiB: 1000, progress, signal }, async (temporary) => {
    const made = await Promise.all(builds.map(async (build) => ensureEngine(place, build)));
    const work = `${temporary}.work`;
    await removeTree(work);
    await mkdir(work, { recursive: true });
    try {
      for (const engine of made) await cp(engine, temporary, { recursive: true });
      await runRecipe(place, "repository.sh", [temporary, work]);
    } finally {
      await removeTree(work);
    }
  });
}
