import type { HostConnection, ProviderArgs } from "../resources/provider";
import type { ClusterArgs, ClusterHostArgs, MachineSource } from "./cluster-args";

/** The part of a cluster's arguments that says how its machines are reached. */
export interface Reach extends Pick<ClusterArgs, "ssh" | "registries" | "hosts"> {
  readonly machines?: Pick<MachineSource, "provider" | "connection">;
  /** Goes by way of {@link MachineSource}. */
  readonly lab?: never;
}

/** What the provider needs to know of a cluster: how to reach its machines. */
export function providerArgs({ machines, ssh, registries, hosts }: Reach): ProviderArgs {
  return {
    ...machines?.provider,
    ...(ssh === undefined ? {} : { ssh }),
    ...(registries === undefined ? {} : { registries }),
    hosts: Object.fromEntries(
      Object.entries(hosts).map(([name, host]) => [
        name,
        { ...hostConnection(host), ...machines?.connection(name) },
      ]),
    ),
  };
}

function hostConnection({ role, address, hostKey, ssh }: ClusterHostArgs): HostConnection {
  return {
    role,
    ...(address === undefined ? {} : { address }),
    ...(hostKey === undefined ? {} : { hostKey }),
    ...ssh,
  };
}
