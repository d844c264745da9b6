import { setTimeout as delay } from "node:timers/promises";
import type { Node } from "@docker/node-sdk";
import { hasEncryptedNetwork } from "../../cluster/encryption";
import { nameOf } from "../../cluster/members";
import { parseEndpoint } from "../../hosts/endpoint";
import { DATA_PATH_PORT, tryNetwork, type Finding, type Peer } from "../../hosts/network-trial";
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
 * Tries the network between a machine that is about to join and the nodes that are there, both ways. What is open it does
 * not ask again; what is not known is said, and stops nobody.
 *
 * @param look - the swarm as it is now
 * @throws Error with every way that is closed, and the rule that is missing
 */
export async function tryBeforeJoin(
  context: Context,
  news: NodeInputs,
  look: () => Promise<View>,
  patienceSeconds = PATIENCE_SECONDS,
): Promise<void> {
  const { host = "" } = news;
  const { run, signal } = context;
  const isEncrypted = await hasEncryptedNetwork(context);
  let end = Date.now() + patienceSeconds * 1000;
  for (;;) {
    const view = await look();
    context.progress("trying the network between it and the other nodes");
    const members = await presentPeers(context, host, view.nodes);
    const joining = await joiningPeer(context, news, members);
    const { dataPathPort = DATA_PATH_PORT } = view;
    const findings = await run.get(rounds).take(joining, members, { dataPathPort, isEncrypted });
    signal.throwIfAborted();
    const blocked = findings.filter(({ isBlocked }) => isBlocked);
    if (blocked.length === 0) {
      for (const { reason } of findings) context.warnOnce(reason);
      return;
    }
    const isUnsettled = blocked.some(({ hosts }) => hosts.some((one) => isAtWorkOn(run, one)));
    if (isUnsettled) end = Date.now() + patienceSeconds * 1000;
    if (Date.now() >= end) throw refusal(host, blocked);
    context.progress(`waiting for a way to open: ${blocked[0]?.reason ?? ""}`);
    await delay(AGAIN_MS, undefined, { signal });
  }
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
    isEncrypted: false,
  });
  return findings.map(({ reason }) => reason).join(" ");
}
