import type { Context } from "../context";
import type { CheckResult, Failure } from "../resource";
import { isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";
import { digestOf, isSameTag, pinnedTo, registryOf, withoutPin } from "./image";
import { askRegistry } from "./registry";
import type { ImagePlatform, RegistryAnswer } from "./registry";

/** An image as it goes into a service. */
export interface PinnedImage {
  readonly image: string;
  /** Platforms that its registry has it for; none where that is not known. */
  readonly platforms: readonly ImagePlatform[];
}

/**
 * The image of a service with the digest that its tag stands for, so that the preview shows what will run, and every
 * node runs the same.
 *
 * @param was - the image as it runs
 * @param isUnproven - the last rollout failed: its digest may be that of a broken image which was mended since
 */
export async function pinnedInputs(
  context: Context,
  news: ServiceInputs,
  was: string | undefined,
  isUnproven = false,
): Promise<CheckResult<ServiceInputs>> {
  const { image, imageRefresh = "changed" } = news;
  if (image === undefined || isUnknown(image)) return { inputs: news, failures: [] };
  const registryLogin = context.registries.fingerprint(registryOf(image));
  const inputs = registryLogin === undefined ? news : { ...news, registryLogin };
  const isFixed = digestOf(image) !== undefined || imageRefresh === "never";
  if (isFixed || isUnknown(imageRefresh)) return { inputs, failures: [] };
  const isSame = was !== undefined && isSameTag(was, image);
  if (isSame && imageRefresh === "changed" && !isUnproven) {
    return { inputs: { ...inputs, image: pinnedTo(image, digestOf(was)) }, failures: [] };
  }
  const answer = await askRegistry(context, image);
  if (answer.kind === "found") {
    return { inputs: { ...inputs, image: pinnedTo(image, answer.digest) }, failures: [] };
  }
  // What runs already goes on running, whatever has become of its tag.
  const kept = isSame ? { ...inputs, image: pinnedTo(image, digestOf(was)) } : inputs;
  const failure = failureOf(image, answer);
  if (failure === undefined) return { inputs: kept, failures: [] };
  if (!isSame && answer.kind !== "silent") return { inputs: kept, failures: [failure] };
  context.warnOnce(`${failure.path}: ${failure.reason}`);
  return { inputs: kept, failures: [] };
}

/** The image to write: with its digest, unless no registry could be asked or nobody wants it. */
export async function imageToWrite(context: Context, news: ServiceInputs): Promise<PinnedImage> {
  const { image = "", imageRefresh } = news;
  if (imageRefresh === "never") return { image, platforms: [] };
  const digest = digestOf(image);
  const tag = withoutPin(image);
  if (digest !== undefined && tag === image) return { image, platforms: [] };
  const answer = await askRegistry(context, tag);
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
