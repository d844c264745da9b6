import type { Context } from "../context";
import type { CheckResult } from "../resource";
import { isUnknown } from "../value";
import { registryOf } from "../workload/image";
import { pinImage } from "../workload/pinning";
import type { ServiceInputs } from "./arguments";

/**
 * A service with the digest of its image's tag, and a fingerprint of the account with which its nodes pull it.
 *
 * @param was - the image as it runs
 * @param isUnproven - the last rollout failed
 */
export async function pinnedInputs(
  context: Context,
  news: ServiceInputs,
  was: string | undefined,
  isUnproven = false,
): Promise<CheckResult<ServiceInputs>> {
  const { image } = news;
  if (image === undefined || isUnknown(image)) return { inputs: news, failures: [] };
  const registryLogin = context.registries.fingerprint(registryOf(image));
  const inputs = registryLogin === undefined ? news : { ...news, registryLogin };
  const pinned = await pinImage(context, news, { was, isUnproven });
  return { inputs: { ...inputs, image: pinned.image ?? image }, failures: pinned.failures };
}
