import type { Node } from "@docker/node-sdk";
import type { Member } from "./quorum";

/** A node's name among the hosts: the preparation gives every machine its host's name, with or without a domain. */
export function nameOf(node: Node): string {
  return node.Description?.Hostname?.split(".")[0] ?? node.ID ?? "";
}

/** The managers among nodes, by name. */
export function membersOf(nodes: readonly Node[]): Member[] {
  return nodes
    .filter((node) => node.ManagerStatus)
    .map((node) => ({
      name: nameOf(node),
      reachable: node.ManagerStatus?.Reachability === "reachable",
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
