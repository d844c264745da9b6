import type { Node } from "@docker/node-sdk";
import type { Machines } from "../hosts/machines";
import { infoWithin } from "./info";
import type { Member } from "./quorum";

/** A manager that does not say in this time which node it is goes by the name that Docker has for it. */
const ANSWER_SECONDS = 8;

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

/**
 * The managers among nodes, by the names that their hosts are declared with: a host name that was changed by hand is
 * Docker's within seconds, and no other manager for it. Asks nobody unless one that is declared is missing while there is
 * one that nobody declared.
 */
export async function declaredMembers(
  machines: Machines,
  nodes: readonly Node[],
  declared: readonly string[],
): Promise<Member[]> {
  const members = membersOf(nodes);
  const isMember = (host: string): boolean => members.some(({ name }) => name === host);
  const missing = declared.filter((host) => !isMember(host) && machines.has(host));
  if (missing.length === 0 || members.every(({ name }) => declared.includes(name))) return members;
  const asked = missing.map(async (host) => {
    const answer = await infoWithin(machines, host, ANSWER_SECONDS);
    return [answer?.Swarm?.NodeID ?? "", host] as const;
  });
  const hosts = new Map((await Promise.all(asked)).filter(([id]) => id !== ""));
  const named = nodes.map((node): Node => {
    const host = hosts.get(node.ID ?? "");
    return host === undefined
      ? node
      : { ...node, Description: { ...node.Description, Hostname: host } };
  });
  return membersOf(named);
}
