import { unlockKey } from "../hosts/engine-api";
import { gossips } from "../hosts/gossip";
import type { Operation } from "./operation";
import { backInTheSwarm } from "./return";

/** Containers stop within their grace period. */
const RESTART_SECONDS = 180;

/** An engine that has become a manager again takes some seconds to take part in the networks. */
const PART_SECONDS = 15;

/** A start may miss the keys of the networks as the one before did; that has been seen once. */
const STARTS = 3;

/**
 * Starts an engine anew for as long as it takes no part in the swarm's networks.
 *
 * @throws Error when several starts have not helped
 * @see {@link gossips}
 */
export async function ensureNetworkPart(operation: Operation, host: string): Promise<void> {
  const { environment, say } = operation;
  const machine = environment.machines.get(host);
  for (let start = 1; !(await gossips(machine, PART_SECONDS)); start++) {
    if (start > STARTS)
      throw new Error(
        `${host}: its engine leads the swarm and takes no part in its networks, after ${STARTS} starts: nothing listens ` +
          `on its port 7946. Containers with a network do not run there, and nobody can join. \`journalctl -u docker\` ` +
          `may say why; \`systemctl restart docker\` is to help, then \`npm run up\`.`,
      );
    say(`${host}: its engine takes no part in the swarm's networks yet; it is started anew.`);
    const key = await unlockKey(machine.engine());
    const command = ["systemctl", "restart", "docker.service"];
    const options = { title: "restarting the engine", deadlineSeconds: RESTART_SECONDS };
    await machine.run(command, options);
    await backInTheSwarm(operation, host, key);
  }
}
