import type { Context } from "../context";
import type { Failure } from "../resource";
import { isUnknown } from "../value";
import { digestOf, isSameTag, pinnedTo, registryOf, withoutPin } from "./image";
import { askRegistry } from "./registry";
import type { ImagePlatform, RegistryAnswer } from "./registry";

/** An image as it is declared. */
interface Declared {
  readonly image?: string;
  /** When its registry is asked: `changed`, `always` or `never`. @default "changed" */
  readonly imageRefresh?: string;
}

/** What is known about an image that is declared. */
interface Ground {
  /** The image as it runs. */
  readonly was: string | undefined;
  /** The last rollout failed: its digest may be that of a broken image which was mended since. @default false */
  readonly isUnproven?: boolean;
  /** The machine that asks its registry. @default - a manager */
  readonly host?: string;
}

/** An image as it goes into a service. */
export interface PinnedImage {
  readonly image: string;
  /** Platforms that its registry has it for; none where that is not known. */
  readonly platforms: readonly ImagePlatform[];
}

/**
 * The declared image with the digest that its tag stands for, so that the preview shows what will run, and every node
 * runs the same; and what is wrong with it.
 */
export async function pinImage(
  context: Context,
  { image, imageRefresh = "changed" }: Declared,
  { was, isUnproven = false, host }: Ground,
): Promise<{ readonly image: string | undefined; readonly failures: readonly Failure[] }> {
  if (image === undefined || isUnknown(image)) return { image, failures: [] };
  const isFixed = digestOf(image) !== undefined || imageRefresh === "never";
  if (isFixed || isUnknown(imageRefresh)) return { image, failures: [] };
  const isSame = was !== undefined && isSameTag(was, image);
  if (isSame && imageRefresh === "changed" && !isUnproven)
    return { image: pinnedTo(image, digestOf(was)), failures: [] };
  const answer = await askRegistry(context, image, host);
  if (answer.kind === "found") return { image: pinnedTo(image, answer.digest), failures: [] };
  // What runs already goes on running, whatever has become of its tag.
  const kept = isSame ? pinnedTo(image, digestOf(was)) : image;
  const failure = failureOf(image, answer);
  if (failure === undefined) return { image: kept, failures: [] };
  if (!isSame && answer.kind !== "silent") return { image: kept, failures: [failure] };
  context.warnOnce(`${failure.path}: ${failure.reason}`);
  return { image: kept, failures: [] };
}

/**
 * The image to write: with its digest, unless no registry could be asked or nobody wants it.
 *
 * @param host - the machine that asks its registry. Default: a manager
 */
export async function imageToWrite(
  context: Context,
  { image = "", imageRefresh }: Declared,
  host?: string,
): Promise<PinnedImage> {
  if (imageRefresh === "never") return { image, platforms: [] };
  const digest = digestOf(image);
  const tag = withoutPin(image);
  if (digest !== undefined && tag === image) return { image, platforms: [] };
  const answer = await askRegistry(context, tag, host);
  if (answer.kind !== "found") return { image, platforms: [] };
  const platforms = digest === undefined || digest === answer.digest ? answer.platforms : [];
  return { image: pinnedTo(image, digest ?? answer.digest), platforms };
}

function failureOf(image: string, answer: RegistryAnswer): Failure | undefined {
  const onNodes = "For an image that only the nodes have set imageRefresh: never.";
  const registry = registryOf(image);
  switch (answer.kind) {
    case "missing":
      return {
        path: "image",
        reason: `got "${image}"; expected an image that ${registry} has. It says: ${answer.reason}. Push it, or correct the name. ${onNodes}`,
      };
    case "refused":
      return {
        path: "image",
        reason: `got "${image}", which ${registry} does not hand out. It says: ${answer.reason}. Correct the name, or give an account that may read it: swarm:registries, key "${registry}". ${onNodes}`,
      };
    case "silent":
      return {
        path: "image",
        reason: `"${image}" stays a tag: ${registry} could not be asked for its digest, so nodes may run different versions of it. It says: ${answer.reason}`,
      };
    default:
      return undefined;
  }
}
