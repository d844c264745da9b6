import type { ClusterContext } from "./context";

/** Whether the swarm has a network on which what containers say is encrypted: that needs ESP between the nodes. */
export async function hasEncryptedNetwork({
  managers,
}: Pick<ClusterContext, "managers">): Promise<boolean> {
  const networks = await managers.networks();
  return networks.some(
    ({ Driver, Options, Scope }) =>
      Scope === "swarm" && Driver === "overlay" && Options?.encrypted !== undefined,
  );
}
