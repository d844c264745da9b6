import type { Machine } from "./machine";
import listens from "./scripts/listens.sh";

/** Where the engines of a swarm tell each other of its networks. */
export const GOSSIP_PORT = "7946/tcp";

/**
 * Whether the engine of a node takes part in the swarm's networks: it listens where they are told of. One that has
 * started without a leader may learn the keys too late, and takes no part for as long as it runs: each of its tasks with a
 * network fails ("swarm is not active"), and no node that joins gets through to it.
 *
 * @param seconds - to wait for that
 */
export async function gossips(machine: Pick<Machine, "script">, seconds: number): Promise<boolean> {
  const options = { title: `looking for ${GOSSIP_PORT}`, deadlineSeconds: 30 + seconds };
  const { stdout } = await machine.script(listens, [GOSSIP_PORT, String(seconds)], options);
  return stdout.trim() === "yes";
}
