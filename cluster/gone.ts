import type { ClusterContext } from "./context";

/**
 * Whether there is no swarm any more, as opposed to nobody who could be asked: every machine answered, and none of
 * them manages this swarm or waits to be unlocked for one.
 */
export async function isSwarmGone(context: ClusterContext): Promise<boolean> {
  const answers = await Promise.all(
    context.machines.names.map(async (name) => {
      try {
        const { signal } = context;
        const engine = context.machines.get(name).engine();
        return await engine.info({ signal, deadlineSeconds: 10 });
      } catch {
        // The reason is reported by whoever asked for a manager; here it only means "not known".
        return undefined;
      }
    }),
  );
  const { clusterId } = context.managers;
  return answers.every((info) => {
    if (info === undefined) return false;
    const { LocalNodeState: state, ControlAvailable: manages, Cluster: cluster } = info.Swarm ?? {};
    // Without a leader a manager does not say whose it is, and counts as one of this swarm.
    const { ID: found = "" } = cluster ?? {};
    const isAnothers = clusterId !== undefined && found !== "" && found !== clusterId;
    return (
      (manages !== true || isAnothers) &&
      state !== "locked" &&
      state !== "pending" &&
      state !== "error"
    );
  });
}
