import type { HostConnection, ProviderArgs } from "../resources/provider";
import type { ClusterArgs, ClusterHostArgs } from "./cluster-args";

/** Memory of a lab machine. */
export const defaultMemory = "1536MiB";

/** System of a lab machine. */
export const defaultImage = "centos";

/** What the provider needs to know of a cluster: how to reach its machines. */
export function providerArgs({ lab, ssh, registries, hosts }: ClusterArgs): ProviderArgs {
  return {
    ...(lab === undefined
      ? {}
      : { lab: { memory: lab.memory ?? defaultMemory, image: lab.image ?? defaultImage } }),
    ...(ssh === undefined ? {} : { ssh }),
    ...(registries === undefined ? {} : { registries }),
    hosts: Object.fromEntries(
      Object.entries(hosts).map(([name, host]) => [name, hostConnection(host)]),
    ),
  };
}

function hostConnection({ role, address, hostKey, memory, ssh }: ClusterHostArgs): HostConnection {
  return {
    role,
    ...(address === undefined ? {} : { address }),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...(memory === undefined ? {} : { memory }),
    ...ssh,
  };
}
