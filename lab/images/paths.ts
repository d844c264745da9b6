import { existsSync } from "node:fs";
import { cachePath } from "../cache";
import { manifestHook } from "../manifest";
import { folderHash, sourceFolder } from "../source-folder";
import { BASES, SUITE, type BaseRow, type ImageRow } from "./table";

/** Where the cache has an image: a name made of everything that it is built from. */
export function imagePath(cacheDirectory: string, image: ImageRow): string {
  const files = (image.recipes ?? []).map(recipeHash);
  const base = basePath(cacheDirectory, baseOf(image));
  const name = `image-${image.name.replaceAll("/", "-")}`;
  return cachePath(cacheDirectory, name, { image, files, base });
}

/** Where the cache has a base, likewise. */
export function basePath(cacheDirectory: string, base: BaseRow): string {
  const folder = `base-${base.name}`;
  const files = existsSync(`${sourceFolder("lab/images")}/${folder}`) ? recipeHash(folder) : "";
  const recipe = { base, SUITE, files, build: recipeHash("build"), manifest: hookOf("", base) };
  return cachePath(cacheDirectory, folder, recipe);
}

/** The base that an image is built on. */
export function baseOf(image: ImageRow): BaseRow {
  const base = BASES.find(({ name }) => name === image.base);
  if (base === undefined)
    throw new Error(`lab/images/table.ts: ${image.name}: no base "${image.base}".`);
  return base;
}

/** Option of mmdebstrap that writes the versions of a base's packages into a file. */
export function hookOf(file: string, { packages, watched = [] }: BaseRow): string {
  return manifestHook(file, [...packages, ...watched]);
}

function recipeHash(folder: string): string {
  return folderHash(`${sourceFolder("lab/images")}/${folder}`);
}
