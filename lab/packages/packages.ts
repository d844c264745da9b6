import { mkdir, writeFile } from "node:fs/promises";
import { cached, cachePath, removeTree, type Progress } from "../cache";
import { readDebianSource } from "../debian";
import { manifestPath } from "../manifest";
import { explained, newerThanProven } from "../proven";
import { folderHash, sourceFolder } from "../source-folder";
import type { Toolbox } from "../toolbox";
import { ENGINES } from "./engines";

/** Where the recipe's scripts appear inside the toolbox. */
const RECIPE = "/mnt/recipe";

/** Where the cache has the package repositories of the engine. */
export function packagesPath(cacheDirectory: string): string {
  const files = folderHash(sourceFolder("lab/packages"));
  return cachePath(cacheDirectory, "packages", { ENGINES, files });
}

/**
 * Makes the package repositories of the engine once, as `centos/` (dnf) and `debian/` (apt) below the answered folder,
 * laid out and signed like Docker's own.
 *
 * @throws Error when a package cannot be downloaded or has another version than expected; DiskFullError
 */
export async function ensurePackages(
  toolbox: Toolbox,
  cacheDirectory: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  const recipe = sourceFolder("lab/packages");
  const path = packagesPath(cacheDirectory);
  const label = "engine packages";
  await cached(path, { label, neededMiB: 2000, progress, signal }, async (temporary) => {
    const work = `${temporary}.work`;
    await removeTree(work);
    await mkdir(work, { recursive: true });
    await mkdir(temporary, { recursive: true });
    const script = async (name: string, ...words: readonly string[]): Promise<void> => {
      await toolbox.run(["bash", `${RECIPE}/${name}`, ...words], {
        binds: [{ source: cacheDirectory }, { source: recipe, target: RECIPE }],
        deadlineSeconds: 900,
        signal,
        onLine: (line) => {
          if (/^(reading|downloading|making|signing) /.test(line)) progress(`${label}: ${line}`);
        },
      });
    };
    const build = async (): Promise<void> => {
      const source = await readDebianSource(signal);
      await writeFile(`${work}/apt.conf`, source.settings, { mode: 0o600 });
      const wanted = ENGINES.map(({ suite, packages }) => `${suite}=${packages.join(",")}`);
      const settings = [`${work}/apt.conf`, source.mirror, source.keyring];
      await script("fetch.sh", work, manifestPath(temporary), ...settings, ...wanted);
      await Promise.all(
        ENGINES.map(async ({ engine, containerd, containerdMinimum, suite }) => {
          const folders = [`${work}/${suite}`, `${work}/engine-${engine}`, temporary];
          await script("build.sh", ...folders, engine, containerd, containerdMinimum);
        }),
      );
      await script("repository.sh", temporary, work);
    };
    try {
      const part = { name: "engines", path: temporary };
      await explained(async () => newerThanProven(toolbox, [part]), build);
    } finally {
      await removeTree(work);
    }
  });
  return path;
}
