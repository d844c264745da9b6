import { cp, mkdir } from "node:fs/promises";
import { lt } from "semver";
import { cached, cachePath, removeTree } from "../cache";
import { folderHash, sourceFolder } from "../source-folder";
import { ensureEngine, enginePart, runRecipe, type PackagesPlace } from "./engine";
import { ENGINES, type EngineBuild } from "./engines";

/** The recipe of the repositories: a folder of its own, so that a change of it makes no engine anew. */
const REPOSITORY = "lab/package-repository";

/** The first engine that Docker made no packages of for Enterprise Linux 7. */
const EL7_END = "27.0.0";

/**
 * Makes the package repositories of the engine once, as `centos/` (dnf), `debian/` and `ubuntu/` (apt) below the answered
 * folder, laid out and signed like Docker's own, and beside them `vault/`, what is left of CentOS 7's.
 *
 * @param extras - engines beside the one that every lab has
 * @throws Error when a package cannot be downloaded or has another version than expected; DiskFullError
 */
export async function ensurePackages(
  place: PackagesPlace,
  extras: readonly EngineBuild[] = [],
): Promise<string> {
  const { cacheDirectory, progress, signal } = place;
  const builds = [...ENGINES, ...extras];
  const engines = builds.map((build) => enginePart(cacheDirectory, build).path);
  const path = cachePath(cacheDirectory, "packages", {
    engines: engines.map((engine) => engine.split("/").at(-1)),
    files: folderHash(sourceFolder(REPOSITORY)),
  });
  const label = "engine packages";
  return cached(path, { label, neededMiB: 1000, progress, signal }, async (temporary) => {
    const made = await Promise.all(builds.map(async (build) => ensureEngine(place, build)));
    const work = `${temporary}.work`;
    await removeTree(work);
    await mkdir(work, { recursive: true });
    try {
      for (const engine of made) await cp(engine, temporary, { recursive: true });
      const forEl7 = builds.map(({ engine }) => engine).filter((engine) => lt(engine, EL7_END));
      await runRecipe(place, REPOSITORY, "repository.sh", [temporary, work, ...forEl7]);
    } finally {
      await removeTree(work);
    }
  });
}
