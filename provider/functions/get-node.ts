import type { Node } from "@docker/node-sdk";
import { z } from "zod";
import { nameOf } from "../../cluster/members";
import type { FunctionType } from "../function";
import { notThere } from "./service-named";

const inputs = z.strictObject({
  name: z
    .string()
    .min(1)
    .describe("Name of the node, its host name's first part; or its id in Docker."),
});

const outputs = z.object({
  nodeId: z.string().describe("Docker's id of the node."),
  hostname: z.string().describe("Host name of the machine, with its domain if it has one."),
  role: z.enum(["manager", "worker"]).describe("What the node is in the swarm."),
  availability: z.enum(["active", "pause", "drain"]).describe("Whether the node gets tasks."),
  labels: z.record(z.string(), z.string()).describe("Node labels."),
  state: z
    .string()
    .describe("`ready`, `down`, `disconnected` or `unknown`, as the managers see it."),
  isLeader: z.boolean().describe("It is the manager that leads the others."),
  address: z.string().describe("Address as the managers see it."),
  engineVersion: z.string().describe("Version of its Docker Engine."),
  os: z.string().describe("`linux` or `windows`."),
  architecture: z.string().describe("Of its processor, such as `x86_64`."),
});

function resultOf(node: Node): z.output<typeof outputs> {
  const { Spec: spec, Status: status, Description: description, ManagerStatus: manager } = node;
  return {
    nodeId: node.ID ?? "",
    hostname: description?.Hostname ?? "",
    role: spec?.Role ?? "worker",
    availability: spec?.Availability ?? "active",
    labels: spec?.Labels ?? {},
    state: status?.State ?? "unknown",
    isLeader: manager?.Leader ?? false,
    address: status?.Addr ?? "",
    engineVersion: description?.Engine?.EngineVersion ?? "",
    os: description?.Platform?.OS ?? "",
    architecture: description?.Platform?.Architecture ?? "",
  };
}

/** A node of the swarm. */
export const getNode: FunctionType<z.output<typeof inputs>, z.output<typeof outputs>> = {
  token: "swarm:index:getNode",
  description: "A node of the swarm, by its name or id.",
  inputs,
  outputs,
  invoke: async ({ managers }, { name }) => {
    const nodes = await managers.nodes();
    const found = nodes.filter((node) => nameOf(node) === name || node.ID === name);
    const [node, ...others] = found;
    if (node === undefined)
      throw new Error(`name: got "${name}"; ${notThere(name, nodes.map(nameOf))}`);
    if (others.length > 0) {
      const ids = found.map(({ ID: id }) => id ?? "").sort();
      throw new Error(
        `name: got "${name}", which ${ids.join(" and ")} are called; expected one of these ids`,
      );
    }
    return resultOf(node);
  },
};
