import type { DistributionInspect, ImageSummary } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf } from "./call";
import type { CallOptions, Filters } from "./call";
import { authHeader } from "./services";

/** Asks the image's registry for its digest and platforms, through this engine. */
export async function inspectDistribution(
  engine: Engine,
  image: string,
  registryAuth?: string,
  options: CallOptions = {},
): Promise<DistributionInspect> {
  // The slashes of an image name are part of the path here.
  return engine.request("GET", `/distribution/${image}/json`, {
    ...options,
    headers: authHeader(registryAuth),
  });
}

/** Images that this engine has. */
export async function listImages(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<ImageSummary[]> {
  return listOf(
    await engine.request<ImageSummary[]>("GET", "/images/json", { ...options, query: { filters } }),
  );
}
