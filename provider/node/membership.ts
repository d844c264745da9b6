import type { Node, SystemInfo } from "@docker/node-sdk";
import { membersOf } from "../../cluster/members";
import { neededOf, toleranceOf } from "../../cluster/quorum";

/** What a machine is to the swarm, and so what is to be done before it is a node of it. */
export type Membership =
  | { readonly kind: "member"; readonly nodeId: string }
  | { readonly kind: "join" }
  /** In a swarm only by name: it leaves first. */
  | { readonly kind: "rejoin"; readonly why: string }
  | { readonly kind: "refuse"; readonly reason: string };

/** What the managers know of their swarm. */
export interface SwarmKnowledge {
  readonly nodes: readonly Node[];
  readonly clusterId: string;
  /** Id that the machine had in this swarm when it was last seen. */
  readonly knownId?: string | undefined;
  /** The machine has no certificate of any swarm: whatever it says, no swarm has ever taken it in. */
  readonly neverJoined?: boolean;
}

/**
 * Decides from what the machine says of itself (`/info`) and the managers' list of nodes.
 *
 * A machine is never taken out of a swarm that may be somebody else's: only when nothing but this swarm can be meant.
 */
export function membershipOf(
  host: string,
  info: SystemInfo,
  { nodes, clusterId, knownId, neverJoined = false }: SwarmKnowledge,
): Membership {
  const part = info.Swarm ?? {};
  const state = part.LocalNodeState ?? "inactive";
  const nodeId = part.NodeID ?? "";
  if (state === "inactive" || state === "") return { kind: "join" };
  if (state === "locked") {
    return {
      kind: "refuse",
      reason: `${host}: its swarm is locked after a restart; expected it to be unlocked. Run "docker swarm unlock" there.`,
    };
  }
  const isListed = nodes.some((node) => node.ID === nodeId);
  if (state === "active" && isListed) return { kind: "member", nodeId };
  if (neverJoined) {
    return { kind: "rejoin", why: "an earlier attempt to join did not come to an end" };
  }
  const trouble = part.Error === undefined || part.Error === "" ? state : part.Error;
  const ids = new Set(nodes.map((node) => node.ID));
  const addresses = new Set(nodes.flatMap((node) => node.ManagerStatus?.Addr ?? []));
  const knowsOurs = (part.RemoteManagers ?? []).some(
    ({ NodeID: id = "", Addr: address = "" }) => ids.has(id) || addresses.has(address),
  );
  // An engine that failed to start its part of the swarm has forgotten who it was.
  const wasOurs = nodeId === "" && knownId !== undefined && ids.has(knownId);
  if (isListed || knowsOurs || wasOurs || part.Cluster?.ID === clusterId) {
    const isKnown = isListed || wasOurs || state === "pending";
    return { kind: "rejoin", why: isKnown ? trouble : "it was removed from the swarm" };
  }
  return {
    kind: "refuse",
    reason:
      `${host}: it is in another swarm (${nodeId === "" ? "" : `node ${nodeId}, `}${trouble}); expected it ` +
      `to be in none. It is not taken out of a swarm by itself: run "docker swarm leave --force" there if that one is ` +
      `not needed any more.`,
  };
}

/** Whether a node manages the swarm, and the others reach it. */
export function isReachableManager({ ManagerStatus: status }: Node): boolean {
  return status?.Reachability === "reachable";
}

/** Where the swarm can be joined: its reachable managers. */
export function joinAddresses(nodes: readonly Node[]): string[] {
  return nodes
    .filter(isReachableManager)
    .flatMap((node) => node.ManagerStatus?.Addr ?? [])
    .sort();
}

/**
 * Entries that a machine left behind when it was made anew: same hostname, another id, and either down, or under the
 * very address that the new entry has (then the managers will notice in a moment).
 */
export function staleEntries(nodes: readonly Node[], current: Node): Node[] {
  return nodes.filter(
    (node) =>
      node.ID !== current.ID &&
      node.Description?.Hostname === current.Description?.Hostname &&
      (node.Status?.State === "down" || node.Status?.Addr === current.Status?.Addr),
  );
}

/**
 * A node that is up under the hostname of a machine that is no member yet: two machines with one name. The old entry
 * of a machine that was made anew is at the same address, or down in a moment.
 */
export function namesakeOf(
  nodes: readonly Node[],
  hostname: string,
  address: string,
): Node | undefined {
  return nodes.find(
    (node) =>
      node.Description?.Hostname === hostname &&
      node.Status?.State === "ready" &&
      node.Status.Addr !== address,
  );
}

/**
 * Why a manager must stay one, if it must: the others would have no majority among themselves. Undefined: it may go.
 *
 * @see https://docs.docker.com/engine/swarm/admin_guide/#maintain-the-quorum-of-managers
 */
export function whyManagerMustStay(nodes: readonly Node[], id: string): string | undefined {
  const managers = nodes.filter((node) => node.ManagerStatus);
  const rest = managers.filter((node) => node.ID !== id);
  if (rest.length === managers.length) return undefined;
  if (rest.length === 0) return "it is the last manager; make another node a manager first";
  const members = membersOf(rest);
  if (toleranceOf(members) >= 0) return undefined;
  const lost = members.filter(({ reachable }) => !reachable).map(({ name }) => name);
  return (
    `of the other ${rest.length} managers ${rest.length - lost.length} can be reached and ${neededOf(rest.length)} are ` +
    `needed for a quorum; bring ${lost.join(", ")} back first`
  );
}

/**
 * Why a manager's engine must not stop for a while, if it must not: the others would be no majority of all. Undefined:
 * it may. One or two managers never bear it, and are let go: services run on meanwhile.
 */
export function whyManagerMustStayUp(nodes: readonly Node[], id: string): string | undefined {
  const managers = nodes.filter((node) => node.ManagerStatus);
  const rest = managers.filter((node) => node.ID !== id);
  if (rest.length === managers.length || managers.length < 3) return undefined;
  const lost = membersOf(rest).filter(({ reachable }) => !reachable);
  const [there, needed] = [rest.length - lost.length, neededOf(managers.length)];
  if (there >= needed) return undefined;
  return (
    `of the other ${rest.length} managers ${there} can be reached and ${needed} are needed for a quorum meanwhile; ` +
    `bring ${lost.map(({ name }) => name).join(", ")} back first`
  );
}
