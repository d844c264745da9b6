import type { DistributionInspect } from "@docker/node-sdk";
import type { Engine } from "../engine";
import type { CallOptions } from "./call";

/** What a question to a registry may be given. */
export interface DistributionCallOptions extends CallOptions {
  /** The account for the registry (`X-Registry-Auth`). @default - none */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * What an image's registry has under its name: digest and platforms. The engine asks it.
 *
 * @param image - with its tag or digest; slashes of its name stand in the path as they are
 */
export async function inspectDistribution(
  engine: Engine,
  image: string,
  options: DistributionCallOptions = {},
): Promise<DistributionInspect> {
  return engine.request("GET", `/distribution/${image}/json`, options);
}
