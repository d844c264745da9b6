import type { Swarm, SwarmInitRequest } from "@docker/node-sdk";
import { DeadlineError } from "../hosts/errors";
import type { Engine } from "../hosts/engine";
import { initSwarm, inspectSwarm, listNodes, removeNode } from "../hosts/engine-api";
import { until } from "../cluster/wait";
import { nameOf } from "../cluster/members";
import { ensureNetworkPart } from "./network-part";
import { contextOf, type Operation } from "./operation";

/** Docker starts its part of the swarm anew, and again after an unlock. */
const FORCE_SECONDS = 180;

/** Seconds for the other nodes to find the manager again. */
const RETURN_SECONDS = 90;

/**
 * Makes a manager the only one of its swarm: everything that it knows stays, the other managers are forgotten. It must
 * not be locked.
 *
 * @param autolock - whether the swarm is one with autolock
 * @see https://docs.docker.com/engine/swarm/admin_guide/#recover-from-losing-the-quorum
 */
export async function forceNewCluster(
  operation: Operation,
  host: string,
  autolock: boolean,
): Promise<Swarm> {
  const { environment } = operation;
  const engine = environment.machines.get(host).engine();
  let isAsked = false;
  let swarm: Swarm | undefined;
  await until(contextOf(operation), {
    host,
    what: "making the manager the only one",
    seconds: FORCE_SECONDS,
    look: async () => {
      const { Swarm: part } = await engine.info();
      const state = part?.LocalNodeState ?? "unknown";
      if (state === "locked" || state === "inactive")
        throw new Error(`${host}: its part in the swarm is ${state}; expected it to be a manager.`);
      // An engine that is asked before its manager runs never answers again.
      if (part?.ControlAvailable !== true) return `its part in the swarm is ${state}`;
      if (!isAsked) {
        isAsked = true;
        await force(operation, engine, autolock);
      }
      swarm = await leaderOf(engine);
      return swarm === undefined ? `its part in the swarm is ${state}` : undefined;
    },
  });
  await forgetManagers(operation, engine);
  await ensureNetworkPart(operation, host);
  environment.managers.forget();
  return swarm ?? {};
}

async function force(
  { settings, environment }: Operation,
  engine: Engine,
  autolock: boolean,
): Promise<void> {
  const { host } = engine;
  const { address, advertiseAddr, dataPathAddr } = settings.hosts[host] ?? {};
  const known = (await engine.info()).Swarm?.NodeAddr;
  const own = advertiseAddr ?? address ?? environment.lab?.plan.addressOf(host) ?? known ?? "";
  const request: SwarmInitRequest = {
    ListenAddr: "0.0.0.0:2377",
    AdvertiseAddr: own,
    ForceNewCluster: true,
    // Of all settings this alone would be taken from here.
    Spec: { EncryptionConfig: { AutoLockManagers: autolock } },
    ...(dataPathAddr === undefined ? {} : { DataPathAddr: dataPathAddr }),
  };
  try {
    await initSwarm(engine, request);
  } catch (error) {
    // Docker starts anew behind the scenes, and is waited for.
    if (!(error instanceof DeadlineError)) throw error;
  }
}

async function leaderOf(engine: Engine): Promise<Swarm | undefined> {
  const nodes = await listNodes(engine, {}, { deadlineSeconds: 10 });
  const leads = nodes.some(({ ManagerStatus: status }) => status?.Leader === true);
  return leads ? inspectSwarm(engine) : undefined;
}

/**
 * The other managers hold the old state. Their entries go, so that they come back as new members and never as what they
 * were. Docker has taken them out of its raft already, for which they cannot be demoted any more.
 */
async function forgetManagers({ say }: Operation, engine: Engine): Promise<void> {
  const own = (await engine.info()).Swarm?.NodeID;
  const nodes = await listNodes(engine);
  for (const { ID: id = "", Description, Spec } of nodes) {
    if (id === own || Spec?.Role !== "manager") continue;
    await removeNode(engine, id, true);
    say(`${Description?.Hostname ?? id}: no manager any more; it joins anew with the next up.`);
  }
}

/** Waits for the nodes that find the manager where it was, and says which did not come back. */
export async function waitForOthers(operation: Operation, host: string): Promise<void> {
  const engine = operation.environment.machines.get(host).engine();
  let away: string[] = [];
  try {
    await until(contextOf(operation), {
      host,
      what: "waiting for the other nodes",
      seconds: RETURN_SECONDS,
      look: async () => {
        const nodes = await listNodes(engine);
        away = nodes.filter(({ Status }) => Status?.State !== "ready").map(nameOf);
        return away.length === 0 ? undefined : `${away.sort().join(", ")} not ready`;
      },
    });
  } catch (error) {
    // They may be down for good.
    if (!(error instanceof DeadlineError)) throw error;
    for (const name of away) operation.say(`${name}: not back yet.`);
  }
}
