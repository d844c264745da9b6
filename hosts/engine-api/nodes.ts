import type { Node, NodeSpec } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
import type { CallOptions, Filters } from "./call";

/** Every node of the swarm. */
export async function listNodes(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<Node[]> {
  return listOf(await engine.request<Node[]>("GET", "/nodes", { ...options, query: { filters } }));
}

/** One node by id or unique hostname. */
export async function inspectNode(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<Node> {
  return engine.request("GET", `/nodes/${segment(id)}`, options);
}

/** Replaces role, availability and labels as a whole. @param version - as read */
export async function updateNode(
  engine: Engine,
  id: string,
  version: number,
  body: NodeSpec,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/nodes/${segment(id)}/update`, {
    ...options,
    query: { version },
    body,
  });
}

/** Forgets a node. @param force - also one that is not down */
export async function removeNode(
  engine: Engine,
  id: string,
  force: boolean,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/nodes/${segment(id)}`, { ...options, query: { force } });
}
