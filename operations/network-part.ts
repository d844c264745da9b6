import { unlockKey } from "../hosts/engine-api";
import type { Operation } from "./operation";
import { backInTheSwarm } from "./return";
import gossips from "./scripts/gossips.sh";

/** Containers stop within their grace period. */
const RESTART_SECONDS = 180;

/**
 * An engine that has started without a leader learns the keys of the swarm's networks too late, and takes no part in
 * them for as long as it runs: it does not listen on 7946, each task with a network fails ("swarm is not active"), and no
 * other node reaches its containers. Started anew it does.
 */
export async function ensureNetworkPart(operation: Operation, host: string): Promise<void> {
  const { environment, say } = operation;
  const machine = environment.machines.get(host);
  const options = { title: "looking for the port 7946", deadlineSeconds: 60 };
  const { stdout } = await machine.script(gossips, [], options);
  if (stdout.trim() === "yes") return;
  say(`${host}: its engine takes no part in the swarm's networks yet; it is started anew.`);
  const key = await unlockKey(machine.engine());
  const command = ["systemctl", "restart", "docker.service"];
  await machine.run(command, { title: "restarting the engine", deadlineSeconds: RESTART_SECONDS });
  await backInTheSwarm(operation, host, key);
}
