import { cached, cachePath, removeTree, type Progress } from "../cache";
import type { Toolbox } from "../toolbox";
import { ImageBuilder } from "./builder";
import { imagePath } from "./paths";
import { IMAGES } from "./table";

/** Where the cache has the storage of a registry with the images that every lab has. */
function registryPath(cacheDirectory: string): string {
  const paths = IMAGES.map((image) => imagePath(cacheDirectory, image));
  return cachePath(cacheDirectory, "registry", paths);
}

/**
 * Makes the storage of a registry that holds every image of the table, and answers its folder. What has been built
 * before is used again: a changed row costs the building of that image and the filling of the registry.
 *
 * @throws Error when a package cannot be had or a build fails; DiskFullError
 */
export async function ensureImages(
  toolbox: Toolbox,
  cacheDirectory: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  const builder = new ImageBuilder(toolbox, cacheDirectory, progress, signal);
  const storage = registryPath(cacheDirectory);
  const label = "image registry";
  await cached(storage, { label, neededMiB: 3000, progress, signal }, async (temporary) => {
    const work = `${temporary}.work`;
    await removeTree(work);
    try {
      await builder.fill(temporary, IMAGES, work);
    } finally {
      await removeTree(work);
    }
  });
  return storage;
}
