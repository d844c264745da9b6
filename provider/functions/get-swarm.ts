import type { Node, Swarm } from "@docker/node-sdk";
import { z } from "zod";
import { nameOf } from "../../cluster/members";
import { inspectSwarm } from "../../hosts/engine-api";
import type { FunctionType } from "../function";

const outputs = z.object({
  clusterId: z.string().describe("Docker's id of the swarm."),
  createdAt: z.string().describe("When it was made, as RFC 3339 text."),
  managers: z.array(z.string()).describe("Names of the nodes that are managers, sorted."),
  workers: z.array(z.string()).describe("Names of the other nodes, sorted."),
  labels: z.record(z.string(), z.string()).describe("Labels of the swarm itself."),
  autolock: z.boolean().describe("Managers that restart must be unlocked with a key."),
  defaultAddrPool: z.array(z.string()).describe("Subnets from which overlay networks take theirs."),
  dataPathPort: z.number().describe("UDP port of the traffic between containers."),
});

const inputs = z.strictObject({});

function resultOf(swarm: Swarm, nodes: readonly Node[]): z.output<typeof outputs> {
  const named = (isManager: boolean): string[] =>
    nodes
      .filter(({ Spec: spec }) => (spec?.Role === "manager") === isManager)
      .map(nameOf)
      .sort();
  return {
    clusterId: swarm.ID ?? "",
    createdAt: swarm.CreatedAt ?? "",
    managers: named(true),
    workers: named(false),
    labels: swarm.Spec?.Labels ?? {},
    autolock: swarm.Spec?.EncryptionConfig?.AutoLockManagers ?? false,
    defaultAddrPool: swarm.DefaultAddrPool ?? [],
    dataPathPort: swarm.DataPathPort ?? 0,
  };
}

/** The swarm of the provider's hosts. Its tokens are for whoever joins nodes: they are answered to nobody. */
export const getSwarm: FunctionType<z.output<typeof inputs>, z.output<typeof outputs>> = {
  token: "swarm:index:getSwarm",
  description: "The swarm that the provider's hosts are in.",
  inputs,
  outputs,
  invoke: async ({ managers, signal }) => {
    const nodes = await managers.nodes();
    return managers.use(async (engine) => resultOf(await inspectSwarm(engine, { signal }), nodes));
  },
};
