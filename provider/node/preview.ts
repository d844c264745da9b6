import { isThere } from "../../cluster/identity";
import { isUnreachable } from "../../cluster/manager-errors";
import { DeadlineError } from "../../hosts/errors";
import type { Context } from "../context";
import { changing } from "../swarm/preview";
import { isUnknown } from "../value";
import { diffOf, stateOf } from "./arguments";
import type { NodeInputs, NodeState } from "./arguments";
import { checkAddress } from "./joining";
import { foretellNode } from "./consequences";
import { viewOf } from "./managed";
import { membershipOf } from "./membership";

/**
 * Names a machine that is a node of the swarm already, with what changes on it. A machine that does not answer yet, or
 * a swarm that is still to be made, says nothing.
 *
 * @throws Error when the machine is in another swarm, or in this one under another address
 */
export async function previewNode(
  news: NodeInputs,
  old: NodeState | undefined,
  context: Context,
): Promise<Partial<NodeState>> {
  const { host = "" } = news;
  const isNew = old === undefined && !context.isReplacement;
  if (!isNew) await foretellNode(context, news, old);
  if (!isNew || isUnknown(host) || !(await isThere(context, host))) return {};
  try {
    const info = await context.machines.get(host).engine().info();
    if (info.Swarm?.LocalNodeState !== "active") return {};
    const view = await viewOf(context);
    const membership = membershipOf(host, info, view);
    if (membership.kind === "refuse") throw new Error(membership.reason);
    if (membership.kind !== "member") return {};
    checkAddress(news, info);
    const node = view.nodes.find(({ ID: id }) => id === membership.nodeId) ?? {};
    const { changes } = diffOf(stateOf(node, news), news);
    context.info(
      `${host} is a node of the swarm already (${membership.nodeId}): it is taken over; ${changing(changes)}`,
    );
  } catch (error) {
    if (!isUnreachable(error) && !(error instanceof DeadlineError)) throw error;
  }
  return {};
}
