import { setTimeout as delay } from "node:timers/promises";
import type { Node } from "@docker/node-sdk";
import { hasEncryptedNetwork } from "../../cluster/encryption";
import { nameOf } from "../../cluster/members";
import { parseEndpoint } from "../../hosts/endpoint";
import type { Finding } from "../../hosts/network-finding";
import { DATA_PATH_PORT, tryNetwork, type Peer } from "../../hosts/network-trial";
import type { Context } from "../context";
import { isAtWorkOn } from "../host/at-work";
import type { NodeInputs } from "./arguments";
import type { View } from "./managed";
import { isReachableManager } from "./membership";
import { joiningPeer, presentPeers } from "./peers";
import { rounds } from "./rounds";

/** Seconds for what this very run opens elsewhere, such as the firewall of a node that is told of a new one. */
const PATIENCE_SECONDS = 20;

/** Nothing tells when a firewall has been opened. */
const AGAIN_MS = 2000;

/**
 * Tries until nothing is in the way, and again for as long as this run may be opening it.
 *
 * @param tries - one trial
 * @returns what is left
 */
export async function untilOpen(
  { progress, run, signal }: Pick<Context, "progress" | "run" | "signal">,
  tries: () => Promise<readonly Finding[]>,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<readonly Finding[]> {
  const patience = patienceSeconds * 1000;
  let end = Date.now() + patience;
  for (;;) {
    const findings = await tries();
    signal.throwIfAborted();
    const blocked = findings.filter(({ isBlocked }) => isBlocked);
    if (blocked.length === 0) return findings;
    const isUnsettled = blocked.some(({ hosts }) => hosts.some((one) => isAtWorkOn(run, one)));
    if (isUnsettled) end = Date.now() + patience;
    if (Date.now() >= end) return findings;
    progress(`waiting for a way to open: ${blocked[0]?.reason ?? ""}`);
    await delay(AGAIN_MS, undefined, { signal });
  }
}

/**
 * Tries the network between a machine that is about to join and the nodes that are there, both ways. What is not known is
 * said, and stops nobody.
 *
 * @param look - the swarm as it is now
 * @throws Error with every way that is closed, and the rule that is missing
 */
export async function tryBeforeJoin(
  context: Context,
  news: NodeInputs,
  look: () => Promise<View>,
  patienceSeconds?: number,
): Promise<void> {
  const { host = "" } = news;
  // The first encrypted network has it tried by itself.
  const esp = (await hasEncryptedNetwork(context)) ? "needed" : "left out";
  const tries = async (): Promise<Finding[]> => {
    context.progress("trying the network between it and the other nodes");
    const { dataPathPort = DATA_PATH_PORT, nodes } = await look();
    const members = await presentPeers(context, nodes, host);
    const joining = await joiningPeer(context, news, members);
    return context.run.get(rounds).take(joining, members, { dataPathPort, esp });
  };
  const findings = await untilOpen(context, tries, patienceSeconds);
  const blocked = findings.filter(({ isBlocked }) => isBlocked);
  if (blocked.length > 0) throw refusal(host, blocked);
  for (const { reason } of findings) context.warnOnce(reason);
}

function refusal(host: string, blocked: readonly Finding[]): Error {
  const lines = blocked.map(({ reason }) => `\n  ${reason}`);
  return new Error(
    `${host}: it does not join, because it and the other nodes would not reach each other.${lines.join("")}`,
  );
}

/**
 * What does not get from a machine to the managers: the usual reason of a node that does not get ready.
 *
 * @returns sentences; empty when there is nothing to say
 */
export async function blockedManagers(
  { machines }: Context,
  host: string,
  nodes: readonly Node[],
): Promise<string> {
  const managers: Peer[] = [];
  for (const node of nodes.filter(isReachableManager)) {
    const address = node.ManagerStatus?.Addr ?? "";
    const endpoint = parseEndpoint(address);
    if (endpoint === undefined) {
      return (
        `The managers name ${JSON.stringify(address.slice(0, 100))} as the address of one of them; expected an IP ` +
        "address and a port. It was not tried: look at them"
      );
    }
    managers.push({ host: nameOf(node), address: endpoint.address, managerPort: endpoint.port });
  }
  const self: Peer = { host, address: "", machine: machines.get(host) };
  const { findings } = await tryNetwork([self, ...managers], {
    dataPathPort: DATA_PATH_PORT,
    esp: "left out",
  });
  return findings.map(({ reason }) => reason).join(" ");
}
