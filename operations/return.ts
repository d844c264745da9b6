import { listNodes } from "../hosts/engine-api";
import { unlock } from "../cluster/unlock";
import { until } from "../cluster/wait";
import { contextOf, type Operation } from "./operation";

/** Seconds for the manager to be one again. */
const RETURN_SECONDS = 120;

/** Waits for a manager whose engine was started anew: with the key, where it is locked, and until others reach it. */
export async function backInTheSwarm(
  operation: Operation,
  host: string,
  key: string,
): Promise<void> {
  const { environment, signal } = operation;
  const engine = environment.machines.get(host).engine();
  environment.managers.forget();
  await until(contextOf(operation), {
    host,
    what: "waiting for the manager to be back",
    seconds: RETURN_SECONDS,
    look: async () => {
      const { Swarm: part } = await engine.info();
      if (part?.LocalNodeState === "locked") await unlock(engine, key, signal);
      const nodes = await listNodes(engine);
      const node = nodes.find(({ ID }) => ID === part?.NodeID);
      const reach = node?.ManagerStatus?.Reachability ?? "unknown";
      return reach === "reachable" && node?.Status?.State === "ready"
        ? undefined
        : `it is ${reach}`;
    },
  });
}
