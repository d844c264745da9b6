import type { Node } from "@docker/node-sdk";
import type { World } from "../../consequences/demand";
import { nodeFinding } from "../../consequences/node";
import { foretell } from "../consequences";
import type { Context } from "../context";
import { compareTable } from "../fields/table";
import { nameOf } from "../../cluster/members";
import { containsUnknown } from "../value";
import { specWith } from "./arguments";
import type { NodeInputs, NodeState } from "./arguments";
import { specTable } from "./table";

function nodeOf({ nodes }: World, host: string, id: string | undefined): Node | undefined {
  return nodes.find((node) => (id === undefined ? nameOf(node) === host : node.ID === id));
}

/** Says what a change of a node, or its leaving to join again, does to its tasks, in a preview. */
export async function foretellNode(
  context: Context,
  news: NodeInputs,
  old: NodeState | undefined,
): Promise<void> {
  if (containsUnknown(news)) return;
  await foretell(context, (world) => {
    const node = nodeOf(world, news.host ?? "", old?.nodeId);
    if (node === undefined) return undefined;
    const isGentle = news.drain === "gentle";
    // It comes back under another id, and takes tasks again: the load of the nodes is what it was.
    if (old === undefined) {
      return { finding: nodeFinding(world, { node, after: undefined, isGentle, isBack: true }) };
    }
    if (Object.keys(compareTable(specTable, old, news)).length === 0) return undefined;
    const after = { ...node, Spec: specWith(node.Spec ?? {}, news) };
    return {
      finding: nodeFinding(world, { node, after, isGentle }),
      effect: { node: { id: node.ID ?? "", node: after } },
    };
  });
}

/** Says what the restart of a machine's engine does to its tasks, in a preview. */
export async function foretellRestart(context: Context, host: string): Promise<void> {
  await foretell(context, (world) => {
    const node = nodeOf(world, host, undefined);
    if (node === undefined || node.Spec?.Availability === "drain") return undefined;
    return { finding: nodeFinding(world, { node, after: undefined, isBack: true }) };
  });
}
