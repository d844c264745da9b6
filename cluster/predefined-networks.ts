import type { Network, NetworkSummary } from "@docker/node-sdk";
import { isNotFound } from "../hosts/engine";
import type { Engine } from "../hosts/engine";
import { inspectSwarmNetwork } from "../hosts/engine-api";

const label = "com.docker.swarm.predefined";

/** Names that no network can be given: engines make these by themselves. */
export const reservedNames: readonly string[] = ["bridge", "default", "host", "none"];

/** Networks of every node for which the swarm has a counterpart, so that services can be put on them. */
const mirrored = ["bridge", "host"];

/** Whether it is the swarm's counterpart of a network that each node has. */
export function isPredefined({ Labels: labels }: NetworkSummary): boolean {
  return labels?.[label] === "true";
}

/**
 * The swarm's counterparts of `host` and `bridge`. A service is given the name and then refers to these by their ids;
 * Docker's list of networks leaves them out.
 *
 * @see https://github.com/moby/moby/blob/v26.1.5/daemon/cluster/networks.go
 */
export async function predefinedNetworks(engine: Engine): Promise<Network[]> {
  const found = await Promise.all(
    mirrored.map(async (name) =>
      inspectSwarmNetwork(engine, name).catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      }),
    ),
  );
  return found.filter((network) => network !== undefined).filter(isPredefined);
}
