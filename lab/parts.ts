import { baseImagePath, LAB_IMAGES, type LabImage } from "./base-image";
import { baseOf, basePath, imagePath } from "./images/paths";
import { rowOf } from "./images/extra";
import { EXTRA_IMAGES } from "./images/extra-table";
import { BASES, IMAGES } from "./images/table";
import { enginePart } from "./packages/engine";
import { ENGINES, EXTRA_ENGINES } from "./packages/engines";
import type { Part } from "./proven";
import type { Toolbox } from "./toolbox";

/** Where a lab has its parts. */
export interface PartsPlace {
  readonly toolbox: Toolbox;
  readonly cacheDirectory: string;
  readonly image: LabImage;
}

/** What a machine boots from and installs: tools (its kernel among them), its base image, the engine's packages. */
export function machineParts({ toolbox, cacheDirectory, image }: PartsPlace): Part[] {
  return [
    { name: "tools", path: toolbox.root },
    { name: `base image ${image}`, path: baseImagePath(cacheDirectory, image) },
    ...ENGINES.map((engine) => enginePart(cacheDirectory, engine)),
    ...EXTRA_ENGINES.map((engine) => ({ ...enginePart(cacheDirectory, engine), isOptional: true })),
  ];
}

/** What an image of the lab's registry is made of; empty for any other image. */
export function imageParts({ cacheDirectory }: PartsPlace, reference: string): Part[] {
  const row = rowOf(reference);
  if (row === undefined) return [];
  const base = baseOf(row);
  return [
    { name: `image ${row.name}`, path: imagePath(cacheDirectory, row) },
    { name: `image base ${base.name}`, path: basePath(cacheDirectory, base) },
  ];
}

/** Everything that a lab can be made of. */
export function allParts(place: PartsPlace): Part[] {
  const { cacheDirectory, image } = place;
  const others = LAB_IMAGES.filter((other) => other !== image);
  return [
    ...machineParts(place),
    ...others.map((other) => ({
      name: `base image ${other}`,
      path: baseImagePath(cacheDirectory, other),
      isOptional: true,
    })),
    ...BASES.map((base) => ({
      name: `image base ${base.name}`,
      path: basePath(cacheDirectory, base),
      isOptional: !IMAGES.some((row) => row.base === base.name),
    })),
    // An image without packages of its own is no more than its base.
    ...[...IMAGES, ...EXTRA_IMAGES]
      .filter(({ packages = [] }) => packages.length > 0)
      .map((row) => ({
        name: `image ${row.name}`,
        path: imagePath(cacheDirectory, row),
        isOptional: "family" in row,
      })),
  ];
}
