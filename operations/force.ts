import type { Node, Swarm, SwarmInitRequest } from "@docker/node-sdk";
import { DeadlineError } from "../hosts/errors";
import { EngineError } from "../hosts/engine";
import type { Engine } from "../hosts/engine";
import {
  initSwarm,
  inspectNode,
  inspectSwarm,
  listNodes,
  removeNode,
  updateNode,
} from "../hosts/engine-api";
import { until } from "../provider/node/wait";
import { unlock } from "../provider/swarm/unlock";
import { contextOf, type Operation } from "./operation";

/** Docker starts its part of the swarm anew, and again after an unlock. */
const FORCE_SECONDS = 180;

/** Seconds for the other nodes to find the manager again. */
const RETURN_SECONDS = 90;

/**
 * Makes a manager the only one of its swarm: everything that it knows stays, the other managers are forgotten.
 *
 * @param key - unlocks it where it is locked
 * @see https://docs.docker.com/engine/swarm/admin_guide/#recover-from-losing-the-quorum
 */
export async function forceNewCluster(
  operation: Operation,
  host: string,
  key: string,
): Promise<Swarm> {
  const { environment, signal } = operation;
  const engine = environment.machines.get(host).engine();
  let asked = false;
  let swarm: Swarm | undefined;
  await until(contextOf(operation), {
    host,
    what: "making the manager the only one",
    seconds: FORCE_SECONDS,
    look: async () => {
      const { Swarm: part } = await engine.info();
      if (part?.LocalNodeState === "locked") {
        await unlock(engine, key, signal);
        return "unlocked";
      }
      if (!asked) {
        asked = await tryForce(operation, engine);
        return "asked";
      }
      swarm = await leaderOf(engine);
      if (swarm !== undefined) return undefined;
      const error = part?.Error ?? "";
      return `it is ${part?.LocalNodeState ?? "unknown"}${error === "" ? "" : ` (${error})`}`;
    },
  });
  await forgetManagers(operation, engine);
  environment.managers.forget();
  return swarm ?? {};
}

/** Answers false when it has to be asked again, after an unlock. */
async function tryForce({ settings, environment }: Operation, engine: Engine): Promise<boolean> {
  const { host } = engine;
  const { address, advertiseAddr, dataPathAddr } = settings.hosts[host] ?? {};
  const known = (await engine.info()).Swarm?.NodeAddr;
  const own = advertiseAddr ?? address ?? environment.lab?.plan.addressOf(host) ?? known ?? "";
  const request: SwarmInitRequest = {
    ListenAddr: "0.0.0.0:2377",
    AdvertiseAddr: own,
    ForceNewCluster: true,
    ...(dataPathAddr === undefined ? {} : { DataPathAddr: dataPathAddr }),
  };
  try {
    await initSwarm(engine, request);
    return true;
  } catch (error) {
    // Docker starts anew behind the scenes, or stops at the lock.
    if (error instanceof DeadlineError) return true;
    if (!(error instanceof EngineError)) throw error;
    const { Swarm: part } = await engine.info();
    if (part?.LocalNodeState === "locked") return true;
    throw error;
  }
}

async function leaderOf(engine: Engine): Promise<Swarm | undefined> {
  const nodes = await listNodes(engine, {}, { deadlineSeconds: 10 });
  const leads = nodes.some(({ ManagerStatus: status }) => status?.Leader === true);
  return leads ? inspectSwarm(engine) : undefined;
}

/**
 * The other managers hold the old state. Their entries go, so that they come back as new members and never as what they
 * were.
 */
async function forgetManagers({ say }: Operation, engine: Engine): Promise<void> {
  const own = (await engine.info()).Swarm?.NodeID;
  const nodes = await listNodes(engine);
  for (const { ID: id = "", Description, Spec } of nodes) {
    if (id === own || Spec?.Role !== "manager") continue;
    const { Version, Spec: spec = {} } = await inspectNode(engine, id);
    await updateNode(engine, id, Version?.Index ?? 0, { ...spec, Role: "worker" });
    await removeNode(engine, id, true);
    say(`${Description?.Hostname ?? id}: no manager any more; it joins anew with the next up.`);
  }
}

/** Waits for the workers that know the manager's address; answers the nodes that did not come back. */
export async function waitForWorkers(operation: Operation, host: string): Promise<readonly Node[]> {
  const engine = operation.environment.machines.get(host).engine();
  let away: readonly Node[] = [];
  try {
    await until(contextOf(operation), {
      host,
      what: "waiting for the other nodes",
      seconds: RETURN_SECONDS,
      look: async () => {
        const nodes = await listNodes(engine);
        away = nodes.filter(({ Status }) => Status?.State !== "ready");
        const names = away.map(({ Description: one }) => one?.Hostname ?? "").sort();
        return away.length === 0 ? undefined : `${names.join(", ")} not ready`;
      },
    });
  } catch (error) {
    // They may be down for good: what becomes of them is said by the caller.
    if (!(error instanceof DeadlineError)) throw error;
  }
  return away;
}
