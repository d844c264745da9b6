import type { Config, NetworkSummary, Service } from "@docker/node-sdk";
import { withoutReferences, type References } from "../provider/fields/form";
import type { Tree } from "../provider/fields/paths";
import { argumentsOf } from "../provider/fields/table";
import { networkTable } from "../provider/network/table";
import { payloadTable } from "../provider/payload/table";
import { isSameTag, withoutPin } from "../provider/workload/image";
import { serviceTable } from "../provider/service/table";
import { imageLabel } from "../stack-files/convert/service";
import type { LiveConfig, LiveNetwork, LiveService } from "../stack-files/export/live";

/**
 * The arguments that a running service comes from, by the provider's own tables. Its image is what people wrote: as
 * Docker's label has it where that is the image that runs, and without the digest that Docker added.
 */
export function liveService({ Spec: spec = {} }: Service, references: References): LiveService {
  const found = argumentsOf(serviceTable, spec as Tree, {}, references) as unknown as LiveService;
  const image = withoutPin(found.image);
  const written = found.labels?.[imageLabel];
  const isWritten = written !== undefined && isSameTag(written, image);
  return { ...found, image: isWritten ? written : image };
}

/** The addresses that Docker gave a network out of the swarm's own pool are nothing that anybody declared. */
export function liveNetwork(
  network: NetworkSummary,
  isFromPool: (subnet: string) => boolean,
): LiveNetwork {
  const { Name: name = "" } = network;
  const { subnets, ...found } = argumentsOf(
    networkTable,
    network as Tree,
    {},
    withoutReferences,
  ) as unknown as LiveNetwork;
  const declared = subnets?.filter(({ subnet }) => !isFromPool(subnet)) ?? [];
  return { ...found, ...(declared.length === 0 ? {} : { subnets: declared }), name };
}

/** A config with what is in it. */
export function liveConfig({ Spec: spec = {} }: Config): LiveConfig {
  const { labels, templateDriver } = payloadTable;
  const found = argumentsOf({ labels, templateDriver }, spec as Tree, {}, withoutReferences);
  const content = Buffer.from(spec.Data ?? "", "base64");
  return { ...(found as Omit<LiveConfig, "name" | "content">), name: spec.Name ?? "", content };
}
