import { isIP } from "node:net";
import type { Node } from "@docker/node-sdk";
import { groundOf } from "../../cluster/ground";
import { nameOf } from "../../cluster/members";
import { within } from "../../cluster/within";
import { isEveryAddress, parseEndpoint, withoutPort } from "../../hosts/endpoint";
import type { Machine } from "../../hosts/machine";
import type { Peer } from "../../hosts/network-trial";
import { addressesOf } from "../../hosts/peer";
import { readWays } from "../../hosts/routes";
import type { Context } from "../context";
import type { NodeInputs } from "./arguments";

/** A machine that does not say in this time what its engine was given counts as one of which that is not known. */
const ASK_SECONDS = 8;

/**
 * The nodes that are there, each to be reached by all others.
 *
 * @param joining - a machine that joins: its former entry is none of them
 */
export async function presentPeers(
  context: Pick<Context, "machines">,
  nodes: readonly Node[],
  joining = "",
): Promise<Peer[]> {
  const there = nodes.filter(
    (node) =>
      nameOf(node) !== joining &&
      node.Status?.State === "ready" &&
      node.ManagerStatus?.Reachability !== "unreachable",
  );
  const peers = await Promise.all(there.map(async (node) => peerOf(context, node)));
  return peers.filter((peer) => peer !== undefined);
}

/** A node by the addresses that the managers know it by; undefined where they name none that could be tried. */
async function peerOf(
  { machines }: Pick<Context, "machines">,
  node: Node,
): Promise<Peer | undefined> {
  const host = nameOf(node);
  const manager = parseEndpoint(node.ManagerStatus?.Addr ?? "");
  const address = manager?.address ?? node.Status?.Addr ?? "";
  if (isIP(address) === 0 || isEveryAddress(address)) return undefined;
  const machine = machines.has(host) ? machines.get(host) : undefined;
  return {
    ...{ host, address, machine, managerPort: manager?.port, isNode: true },
    dataPathAddress: machine && (await dataPathOf(machine)),
  };
}

/** The address of a member's data path, which its engine keeps and tells nobody; undefined where it is the node's own. */
async function dataPathOf(
  machine: Pick<Machine, "engine" | "readFile">,
): Promise<string | undefined> {
  const asked = async (): Promise<string | undefined> => {
    const { DockerRootDir: folder = "/var/lib/docker" } = await machine.engine().info();
    const text = await machine.readFile(`${folder}/swarm/docker-state.json`);
    const { DataPathAddr: address } = JSON.parse(text ?? "{}") as { DataPathAddr?: unknown };
    return typeof address === "string" && isIP(address) !== 0 ? address : undefined;
  };
  // The trial itself says that a machine does not answer.
  return within(ASK_SECONDS, asked()).catch(() => undefined);
}

/** The machine that joins, by what is declared; where Docker is to find an address, it is the one that it speaks from. */
export async function joiningPeer(
  { machines }: Context,
  news: NodeInputs,
  members: readonly Peer[],
): Promise<Peer> {
  const { host = "", advertiseAddr, dataPathAddr } = news;
  const machine = machines.get(host);
  const given = [advertiseAddr, dataPathAddr].filter((text) => text !== undefined);
  const isNamed = given.some((text) => isIP(withoutPort(text)) === 0);
  const ground = isNamed ? await groundOf(machines, host) : undefined;
  const found = addressesOf(news, ground?.addresses ?? [], "");
  if (found.address !== "") return { host, machine, ...found };
  return { host, machine, ...found, address: await spokenFrom(machine, members) };
}

/** Empty where it has no way to any of them. */
async function spokenFrom(machine: Machine, members: readonly Peer[]): Promise<string> {
  const addresses = members.map(({ address }) => address);
  const asked = readWays(machine, addresses, { deadlineSeconds: ASK_SECONDS });
  const ways = await asked.catch(() => undefined);
  return [...(ways ?? [])].find(([, { isOwn }]) => !isOwn)?.[1].from ?? "";
}
