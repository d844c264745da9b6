import type { Config, NetworkSummary, Node, Secret, Service, Swarm } from "@docker/node-sdk";
import { predefinedNetworks } from "../cluster/predefined-networks";
import type { Engine } from "../hosts/engine";
import {
  inspectSwarm,
  listConfigs,
  listNetworks,
  listNodes,
  listSecrets,
  listServices,
} from "../hosts/engine-api";
import type { ReferenceKind, References } from "../provider/fields/form";

/** A swarm as one of its managers knows it. */
export interface Seen {
  readonly swarm: Swarm;
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  /** Those of the manager alone among them. */
  readonly networks: readonly NetworkSummary[];
  readonly secrets: readonly Secret[];
  readonly configs: readonly Config[];
}

/** Reads everything that a swarm keeps; nothing is changed. */
export async function readSwarm(engine: Engine): Promise<Seen> {
  const [swarm, nodes, services, listed, predefined, secrets, configs] = await Promise.all([
    inspectSwarm(engine),
    listNodes(engine),
    listServices(engine),
    listNetworks(engine),
    predefinedNetworks(engine),
    listSecrets(engine),
    listConfigs(engine),
  ]);
  return { swarm, nodes, services, networks: [...listed, ...predefined], secrets, configs };
}

/** Names of what services refer to by id. */
export function namesIn({ networks, secrets, configs }: Omit<Seen, "swarm" | "nodes">): References {
  const swarmFirst = [...networks].sort(
    (one, other) => Number(other.Scope === "swarm") - Number(one.Scope === "swarm"),
  );
  const lists: Readonly<Record<ReferenceKind, readonly (readonly (string | undefined)[])[]>> = {
    network: swarmFirst.map(({ Id, Name }) => [Id, Name]),
    secret: secrets.map(({ ID, Spec }) => [ID, Spec?.Name]),
    config: configs.map(({ ID, Spec }) => [ID, Spec?.Name]),
  };
  return {
    id: (kind, name) => lists[kind].find(([, one]) => one === name)?.[0] ?? name,
    name: (kind, id) => lists[kind].find(([one]) => one === id)?.[1] ?? id,
  };
}
