import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { removeTree, type Progress } from "../cache";
import { withLock } from "../lock";
import type { Toolbox } from "../toolbox";
import { ImageBuilder } from "./builder";
import { EXTRA_IMAGES, type ExtraRow } from "./extra-table";
import { imagePath } from "./paths";
import { IMAGES, repositoryOf, type ImageRow } from "./table";

/** Where extra images go. */
export interface ExtraPlace {
  readonly toolbox: Toolbox;
  readonly cacheDirectory: string;
  /** Storage of the registry, which may be serving it meanwhile. */
  readonly storage: string;
}

/** Row of an image as a service names it: `mysql:5.7`, `docker.io/library/mysql@sha256:…`. */
export function rowOf(reference: string): ImageRow | ExtraRow | undefined {
  const [name = ""] = reference.split("@");
  const repository = name.replace(/:[^/:]*$/, "").replace(/^(index\.)?docker\.io\//, "");
  const full = repository.includes("/") ? repository : `library/${repository}`;
  return [...IMAGES, ...EXTRA_IMAGES].find((row) => repositoryOf(row) === full);
}

/**
 * Puts an extra image, with its family, into a registry's storage, and builds it before if the cache lacks it. Does
 * nothing for any other image, and for one that is there.
 *
 * @throws Error when a package cannot be had or a build fails; DiskFullError
 */
export async function ensureExtra(
  place: ExtraPlace,
  reference: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const { toolbox, cacheDirectory, storage } = place;
  const row = rowOf(reference);
  if (row === undefined || !("family" in row)) return;
  const { family } = row;
  const images = EXTRA_IMAGES.filter((other) => other.family === family);
  const paths = images.map((image) => imagePath(cacheDirectory, image)).join("\n");
  // What it was pushed from: another recipe is another image.
  const marker = `${storage}/extra/${family}`;
  const isThere = async (): Promise<boolean> =>
    existsSync(marker) && (await readFile(marker, "utf8")) === paths;
  if (await isThere()) return;
  const onWait = (): void => {
    progress(`images of ${family}: waiting for others that are being built`);
  };
  await withLock(`${storage}.extra.lock`, { deadlineSeconds: 1800, signal, onWait }, async () => {
    if (await isThere()) return;
    const work = `${storage}.extra.work`;
    await removeTree(work);
    try {
      const builder = new ImageBuilder(toolbox, cacheDirectory, progress, signal);
      await builder.fill(storage, images, work);
    } finally {
      await removeTree(work);
    }
    await mkdir(`${storage}/extra`, { recursive: true });
    await writeFile(marker, paths);
  });
}
