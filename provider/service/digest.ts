import type { DistributionInspect } from "@docker/node-sdk";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { parseImage } from "./image";

/** A registry may be slow; Docker asks it on behalf of the cluster. */
const registrySeconds = 30;

/** An image as it goes into a service. */
export interface PinnedImage {
  /** With digest, unless no registry could be asked. */
  readonly image: string;
  /** Platforms that its registry has it for. */
  readonly platforms: readonly { readonly OS: string; readonly Architecture: string }[];
}

/**
 * Pins an image's tag to the digest that it stands for now, so that every node runs the same. A manager asks the
 * registry, because that is who reaches it. When it cannot be asked the tag stays, as with Docker's CLI.
 */
export async function pinImage(context: Context, image: string): Promise<PinnedImage> {
  const { tag, digest } = parseImage(image);
  if (digest !== undefined) return { image, platforms: [] };
  const path = `/distribution/${image}/json`;
  try {
    const answer = await context.managers.use((engine) =>
      engine.request<DistributionInspect>("GET", path, {
        deadlineSeconds: registrySeconds,
        signal: context.signal,
      }),
    );
    // Go says null for an empty list.
    const listed = answer.Platforms as DistributionInspect["Platforms"] | null;
    const platforms = (listed ?? [])
      .filter(({ os }) => os !== undefined && os !== "" && os !== "unknown")
      .map(({ os = "", architecture = "" }) => ({ OS: os, Architecture: architecture }));
    const named = tag === undefined ? `${image}:latest` : image;
    return { image: `${named}@${answer.Descriptor.digest}`, platforms };
  } catch (error) {
    if (context.signal.aborted) throw error;
    context.warn(
      `${image} stays a tag: its registry could not be asked for the digest, so nodes may run different versions of it.\n${messageOf(error)}`,
    );
    return { image, platforms: [] };
  }
}
