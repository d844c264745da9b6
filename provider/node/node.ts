import type { Node } from "@docker/node-sdk";
import { z } from "zod";
import { isSwarmGone } from "../../cluster/gone";
import { foreignAddresses } from "../../cluster/ground";
import { NoManagerError } from "../../cluster/managers";
import { nameOf } from "../../cluster/members";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { schemaOf } from "../fields/table";
import { readOrKnown } from "../reading";
import { PartialFailure } from "../resource";
import type { Found, ResourceType } from "../resource";
import { withoutUnknown } from "../value";
import { argumentsIn, diffOf, problemsIn, specWith, stateOf } from "./arguments";
import type { NodeInputs, NodeState } from "./arguments";
import { ensureMember, waitUntilReady } from "./joining";
import { changeSpec, findNode, quorum, viewOf } from "./managed";
import { drainNode } from "./drain";
import { previewNode } from "./preview";
import { removeMember } from "./removal";
import { demote, makeRoom, waitUntilManager } from "./roles";
import { joinTable, specTable } from "./table";

const inputs = schemaOf({ ...joinTable, ...specTable }).extend({
  state: z
    .literal("ready")
    .default("ready")
    .describe("Always ready: a node that is down is brought back."),
  drain: z
    .enum(["gentle", "now"])
    .default("gentle")
    .describe(
      "How tasks leave the node when it is drained or removed: gentle starts those of services that update start-first " +
        "elsewhere before they stop here, now stops all at once.",
    ),
});

const outputs = z.object({
  state: z
    .string()
    .describe("`ready`, `down`, `disconnected` or `unknown`, as the managers see it."),
  nodeId: z.string().describe("Docker's id of the node."),
  address: z.string().describe("Address as the managers see it."),
  engineVersion: z.string().describe("Version of its Docker Engine."),
});

/** Brings role, labels and availability in place to what is declared and answers what is then. */
async function settle(context: Context, id: string, news: NodeInputs): Promise<NodeState> {
  const { host = "", role, availability, drain } = news;
  const node = await findNode(context, id);
  if (availability === "drain" && node?.Spec?.Availability !== "drain") {
    await drainNode(context, host, id, drain);
  }
  if (role === "manager" && node?.Spec?.Role !== "manager") {
    await context.run.get(quorum).runExclusive(async () => promote(context, host, id));
  }
  if (role === "worker")
    await context.run.get(quorum).runExclusive(async () => demote(context, host, id));
  await changeSpec(context, id, (spec) => specWith(spec, news));
  context.managers.invalidate("nodes");
  return stateOf((await findNode(context, id)) ?? {}, news);
}

async function promote(context: Context, host: string, id: string): Promise<void> {
  await makeRoom(context);
  const view = await viewOf(context);
  context.progress("promoting to manager");
  await changeSpec(context, id, (spec) => ({ ...spec, Role: "manager" }));
  await waitUntilReady(context, host, id, view);
  await waitUntilManager(context, host);
  context.managers.forget();
}

/**
 * A manager that is to be a worker is demoted before its machine is asked for anything: one that is dead would stand
 * in the quorum's way as long as it stays so.
 */
async function update(context: Context, old: NodeState, news: NodeInputs): Promise<NodeState> {
  const { host = "", role } = news;
  if (role === "worker" && old.role === "manager") {
    await context.run.get(quorum).runExclusive(async () => demote(context, host, old.nodeId));
  }
  return settle(context, await ensureMember(context, news, old.nodeId), news);
}

/** For import: the machine itself says who it is. */
async function askMachine(
  context: Context,
  host: string,
): Promise<{ readonly inputs: Partial<NodeInputs>; readonly nodeId: string }> {
  const { NodeID: nodeId = "", NodeAddr: address = "" } =
    (await context.machines.get(host).engine().info()).Swarm ?? {};
  return { inputs: { host, ...(address === "" ? {} : { advertiseAddr: address }) }, nodeId };
}

async function find(
  context: Context,
  id: string,
  known: { readonly inputs: NodeInputs; readonly state: NodeState } | undefined,
): Promise<Found<NodeInputs, NodeState> | undefined> {
  const { inputs: declared, nodeId } = known
    ? { inputs: known.inputs, nodeId: known.state.nodeId }
    : await askMachine(context, id);
  try {
    const nodes = await context.managers.nodes();
    const node = nodes.find((one) => one.ID === nodeId);
    if (node === undefined || isOfAnother(context, id, node)) return undefined;
    const state = stateOf(node, declared);
    return { id, inputs: argumentsIn(state), state };
  } catch (error) {
    if (error instanceof NoManagerError && (await isSwarmGone(context))) return undefined;
    throw error;
  }
}

/** A swarm that was brought back elsewhere goes on under the node of the manager that was saved, on another host. */
function isOfAnother({ machines }: Context, host: string, node: Node): boolean {
  const name = nameOf(node);
  return name !== host && machines.has(name);
}

async function remove(context: Context, old: NodeState): Promise<void> {
  const { host = "", nodeId, drain } = old;
  try {
    await removeMember(context, { host, id: nodeId, drain: drain ?? "gentle" });
  } catch (error) {
    if (!(error instanceof NoManagerError)) throw error;
    // A lab that is taken down as a whole may have lost its managers already; a host that leaves has not.
    const isTakenDown = context.lab !== undefined && context.roles.has(host);
    if (!isTakenDown && !(await isSwarmGone(context))) throw error;
    context.info("no manager answers any more: the swarm is gone with its machines.");
  } finally {
    context.managers.forget();
  }
}

/**
 * A machine's membership in the swarm. Its id is the host's name, so that a machine that is made anew stays the same
 * resource under a new node id.
 *
 * @see https://docs.docker.com/engine/swarm/manage-nodes/
 */
export const nodeType: ResourceType<NodeInputs, NodeState> = {
  token: "swarm:index:Node",
  description: "A machine's membership in the swarm: role, labels and availability.",
  inputs,
  outputs,
  computed: ["state"],

  check: ({ news }, context) => ({
    inputs: news,
    failures: problemsIn(news, [...context.roles.keys()]),
  }),

  // Docker fixes them when the machine joins: later they are as they are.
  resolve: async ({ news, olds }, context) => {
    const { advertiseAddr, dataPathAddr, host = "" } = news;
    const isAsked = olds?.advertiseAddr !== advertiseAddr || olds?.dataPathAddr !== dataPathAddr;
    const addresses = withoutUnknown({ advertiseAddr, dataPathAddr });
    const known = isAsked && context.machines.has(host);
    return {
      inputs: news,
      failures: known ? await foreignAddresses(context, host, addresses) : [],
    };
  },

  diff: ({ old, news }) => diffOf(old, news),

  preview: previewNode,

  create: async (context, news) => {
    const { host = "" } = news;
    const nodeId = await ensureMember(context, news);
    try {
      return { id: host, state: await settle(context, nodeId, news) };
    } catch (error) {
      // It is a member now: the next run goes on with what is left to do.
      const state = stateOf((await findNode(context, nodeId)) ?? { ID: nodeId }, news);
      throw new PartialFailure(host, state, [messageOf(error)]);
    }
  },

  read: async (context, id, known) =>
    readOrKnown(context, id, known, async () => find(context, id, known)),

  update: async (context, _id, old, news) => update(context, old, news),

  delete: async (context, _id, old) => remove(context, old),
};
