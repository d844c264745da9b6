import type { Slot } from "../../cluster/run";
import { plainAddress } from "../../hosts/endpoint";
import { ENCRYPTION_MODULES, readFacts } from "../../hosts/facts";
import type { Finding } from "../../hosts/network-finding";
import { DATA_PATH_PORT, tryNetwork, type Peer } from "../../hosts/network-trial";
import type { Context } from "../context";
import { presentPeers } from "../node/peers";
import { untilOpen } from "../node/reach";
import { rounds } from "../node/rounds";
import { isUnknown } from "../value";
import type { NetworkInputs } from "./network";

/**
 * The option `encrypted` of Docker's command line as the property that it is here. Docker encrypts when it is there,
 * whatever it says.
 */
export function withoutEncryptedOption(inputs: NetworkInputs): {
  readonly inputs: NetworkInputs;
  readonly warnings: readonly string[];
} {
  const { driverOpts } = inputs;
  if (driverOpts === undefined || isUnknown(driverOpts)) return { inputs, warnings: [] };
  const { encrypted: said, ...others } = driverOpts;
  if (said === undefined) return { inputs, warnings: [] };
  const warning = `driverOpts.encrypted: got "${said}", and Docker encrypts all the same: to it the option counts, not what it says. Leave it out for a network without encryption.`;
  return {
    inputs: { ...inputs, driverOpts: others, encrypted: true },
    warnings: /^(?:false|no|off|0)$/i.test(said) ? [warning] : [],
  };
}

/**
 * Hosts whose kernel cannot encrypt what tasks say to each other, as sentences. A host that cannot be asked, because it
 * is down or not made yet, says so itself when it is prepared.
 */
export async function encryptionGaps({ machines }: Context): Promise<string[]> {
  const hosts = [...machines.names].sort();
  const found = await Promise.allSettled(hosts.map(async (host) => readFacts(machines.get(host))));
  return found.flatMap((result, index) => {
    if (result.status === "rejected") return [];
    const { modules } = result.value;
    const missing = ENCRYPTION_MODULES.filter((name) => modules[name] === "missing");
    if (missing.length === 0) return [];
    return [`${hosts[index] ?? ""}: its kernel has no ${missing.join(" and no ")}`];
  });
}

/** What was found of ESP between the nodes, once in a run. */
const tried: Slot<{ findings?: Promise<readonly Finding[]> }> = { make: () => ({}) };

/**
 * Tries ESP between all nodes that are there and those that are joining, before the first network is made that needs it:
 * where it is closed, what tasks say to each other gets lost without a word.
 *
 * @throws Error with every way that is closed, and the rule that is missing
 */
export async function tryEncryption(
  context: Context,
  name: string,
  patienceSeconds?: number,
): Promise<void> {
  const known = context.run.get(tried);
  known.findings ??= untilOpen(context, async () => tryEsp(context), patienceSeconds);
  const findings = await known.findings;
  const blocked = findings.filter(({ isBlocked }) => isBlocked);
  for (const { reason } of findings.filter((one) => !one.isBlocked)) context.warnOnce(reason);
  if (blocked.length === 0) return;
  const lines = blocked.map(({ reason }) => `\n  ${reason}`);
  throw new Error(
    `network "${name}" is not made: it is encrypted, and what its tasks say would not get from node to node.${lines.join("")}`,
  );
}

async function tryEsp(context: Context): Promise<readonly Finding[]> {
  context.progress("trying ESP between the nodes");
  const joining = context.run.get(rounds).needEsp();
  const present = await presentPeers(context, await context.managers.nodes());
  const peers = new Map([...joining, ...present].map((peer) => [peer.host, peer]));
  const { findings } = await tryNetwork(
    [...peers.values()].filter(({ machine }) => machine !== undefined),
    { dataPathPort: DATA_PATH_PORT, esp: "needed", isOnlyEsp: true },
  );
  return [...findings, ...[...peers.values()].flatMap(apart)];
}

/**
 * Docker looks for what it has to encrypt by the node's own address. What leaves from another one stays clear, and the
 * other side drops what is clear. Seen with Docker 26.1.5: `ip xfrm policy` names the node's address, the packets have the
 * data path's.
 */
function apart({ host, address, dataPathAddress = address }: Peer): Finding[] {
  if (plainAddress(dataPathAddress) === plainAddress(address)) return [];
  const reason = `network: ${host} has a data path of its own, ${dataPathAddress}, and is a node as ${address}: Docker (26.1 was tried) encrypts by the node's address and drops what is clear, so that tasks on an encrypted network do not reach those on other nodes. Have the network without \`encrypted\`, or leave hosts.${host}.dataPathAddr out, which is fixed when a node joins.`;
  return [{ host, hosts: [host], isBlocked: false, reason }];
}
