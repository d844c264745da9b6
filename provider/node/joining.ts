import type { Node, SwarmJoinRequest, SystemInfo } from "@docker/node-sdk";
import { isIP } from "node:net";
import { unlockWithOthers } from "../../cluster/unlock";
import { until } from "../../cluster/wait";
import { EngineError } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import { joinSwarm, leaveSwarm } from "../../hosts/engine-api";
import { withoutPort } from "../../hosts/endpoint";
import { DeadlineError } from "../../hosts/errors";
import type { Context } from "../context";
import type { NodeInputs } from "./arguments";
import { hasNeverJoined, leaveWhileLocked } from "./certificate";
import { findNode, quorum, viewOf } from "./managed";
import type { View } from "./managed";
import { joinAddresses, membershipOf } from "./membership";
import { refuseNamesake } from "./namesake";
import { blockedManagers, tryBeforeJoin } from "./reach";
import { makeRoom, waitUntilManager } from "./roles";
import { readyEngine } from "./engine";
import { rounds } from "./rounds";
import { removeStale } from "./stale";

/** Seconds from the join to a node that is ready; Docker's own attempt takes up to 20. */
const READY_SECONDS = 120;

/** Seconds for an engine that has just started, or was left alone in the middle of a join, to get there by itself. */
const PENDING_SECONDS = 20;

/**
 * Makes a machine a node of this swarm, or finds that it is one, and waits until it is ready. Can be called again
 * after having been killed at any point.
 *
 * @param knownId - the id that it had in this swarm
 * @returns the node's id
 * @throws Error when the machine is in another swarm, DeadlineError with the reason when it does not get ready
 */
export async function ensureMember(
  context: Context,
  news: NodeInputs,
  knownId?: string,
): Promise<string> {
  const { host = "" } = news;
  const engine = await readyEngine(context, host);
  await leaveWhileLocked(context, engine);
  await unlockWithOthers(context, engine);
  const info = await settledInfo(context, engine);
  const view = await viewOf(context);
  const neverJoined = await hasNeverJoined(context, host, info);
  const membership = membershipOf(host, info, { ...view, knownId, neverJoined });
  if (membership.kind === "refuse") throw new Error(membership.reason);
  if (membership.kind === "member") {
    checkAddress(news, info);
    await waitUntilReady(context, host, membership.nodeId, view);
    return membership.nodeId;
  }
  if (membership.kind === "rejoin") {
    context.info(`${host} leaves and joins again: ${membership.why}.`);
    await leaveSwarm(engine, true, { signal: context.signal });
  }
  const formerId = info.Swarm?.NodeID;
  const join = async () => joinAs(context, engine, news, formerId === "" ? knownId : formerId);
  return news.role === "manager" ? context.run.get(quorum).runExclusive(join) : join();
}

/** What the machine says of itself, once it is done looking for its managers (after a start) or has not been for long. */
async function settledInfo(context: Context, engine: Engine): Promise<SystemInfo> {
  let info: SystemInfo = await engine.info();
  const wait = {
    host: engine.host,
    what: "waiting for the machine to find its managers",
    seconds: PENDING_SECONDS,
    look: async () => {
      info = await engine.info();
      return info.Swarm?.LocalNodeState === "pending" ? "it is still looking" : undefined;
    },
  };
  try {
    await until(context, wait);
  } catch (error) {
    // It is made to join anew then.
    if (!(error instanceof DeadlineError)) throw error;
  }
  return info;
}

async function joinAs(
  context: Context,
  engine: Engine,
  news: NodeInputs,
  knownId: string | undefined,
): Promise<string> {
  const { role = "worker" } = news;
  if (role === "manager") await makeRoom(context);
  await refuseNamesake(context, engine, news);
  const round = context.run.get(rounds);
  const view = await enter(context, engine, news).catch((error: unknown) => {
    round.hasEntered(engine.host, false);
    throw error;
  });
  round.hasEntered(engine.host, true);
  context.managers.forget();
  const { NodeID: nodeId = "" } = (await engine.info()).Swarm ?? {};
  const joined = await waitUntilReady(context, engine.host, nodeId, view);
  if (role === "manager") await waitUntilManager(context, engine.host);
  await removeStale(context, engine.host, joined, knownId);
  return joined.ID ?? "";
}

/** Tries the network, joins, and waits until the engine is in the swarm. */
async function enter(context: Context, engine: Engine, news: NodeInputs): Promise<View> {
  const { role = "worker" } = news;
  await tryBeforeJoin(context, news, async () => viewOf(context));
  // Read again: the wait for other managers may have taken a while.
  const view = await viewOf(context);
  const addresses = joinAddresses(view.nodes);
  context.progress(`joining as ${role} through ${addresses.join(", ")}`);
  const request = requestFor(news, view.tokens[role], addresses);
  const reason = await tryJoin(engine, request);
  await waitUntilJoined(context, engine, view, reason);
  return view;
}

function requestFor(
  news: NodeInputs,
  token: string,
  addresses: string[],
): SwarmJoinRequest & { Availability?: string } {
  const { advertiseAddr, availability, dataPathAddr, listenAddr = "0.0.0.0:2377" } = news;
  return {
    ListenAddr: listenAddr,
    ...(advertiseAddr === undefined ? {} : { AdvertiseAddr: advertiseAddr }),
    ...(dataPathAddr === undefined ? {} : { DataPathAddr: dataPathAddr }),
    // From its first moment on: a drained node must not get a task in between.
    ...(availability === undefined ? {} : { Availability: availability }),
    RemoteAddrs: addresses,
    JoinToken: token,
  };
}

/** Docker answers after 20 s that it goes on trying behind the scenes; what it says then is the best reason there is. */
async function tryJoin(engine: Engine, request: SwarmJoinRequest): Promise<string> {
  try {
    await joinSwarm(engine, request);
    return "";
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const { LocalNodeState: state } = (await engine.info()).Swarm ?? {};
    if (state === "pending" || state === "active") return error.reason;
    throw error;
  }
}

async function waitUntilJoined(
  context: Context,
  engine: Engine,
  view: View,
  reason: string,
): Promise<void> {
  const { host } = engine;
  const explain = async () =>
    `${reason} ${await blockedManagers(context, host, view.nodes)}`.trim();
  await until(context, {
    host,
    what: "waiting for the managers to take the machine in",
    seconds: READY_SECONDS,
    look: async () => {
      const { LocalNodeState: state = "unknown", Error: said = "" } =
        (await engine.info()).Swarm ?? {};
      if (state === "active") return undefined;
      const text = `its part in the swarm is ${state}${said === "" ? "" : ` (${said})`}`;
      // Docker has given up.
      if (state === "error")
        throw new Error(`${host}: it could not join: ${text}. ${await explain()}`);
      return text;
    },
    explain,
  });
}

/** Waits until the managers call the node ready, and a manager reachable. */
export async function waitUntilReady(
  context: Context,
  host: string,
  id: string,
  view: View,
): Promise<Node> {
  let node: Node | undefined;
  await until(context, {
    host,
    what: "waiting for the node to be ready",
    seconds: READY_SECONDS,
    look: async () => {
      node = await findNode(context, id);
      if (node === undefined) return "the managers do not know it yet";
      const { State: state = "unknown", Message: message = "" } = node.Status ?? {};
      if (state !== "ready") return `it is ${state}${message === "" ? "" : ` (${message})`}`;
      if (node.Spec?.Role !== "manager") return undefined;
      const reach = node.ManagerStatus?.Reachability ?? "not one of them yet";
      return reach === "reachable" ? undefined : `as a manager it is ${reach}`;
    },
    explain: async () => blockedManagers(context, host, view.nodes),
  });
  context.managers.invalidate("nodes");
  return node ?? {};
}

/**
 * Docker fixes the address when joining; a node that is known under another one is not taken over silently.
 *
 * @throws Error that names both addresses
 */
export function checkAddress(news: NodeInputs, info: SystemInfo): void {
  const { advertiseAddr = "", host = "" } = news;
  const wanted = withoutPort(advertiseAddr);
  const known = info.Swarm?.NodeAddr ?? "";
  if (isIP(wanted) === 0 || known === "" || known === wanted) return;
  throw new Error(
    `${host}: advertiseAddr: got ${wanted}; the machine is in the swarm as ${known} already, and Docker fixes this ` +
      `when a node joins. Declare ${known}, or take the node out first ("docker swarm leave" there).`,
  );
}
