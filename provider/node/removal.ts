import type { Task } from "@docker/node-sdk";
import { leaveSwarm, listServices, listTasks } from "../../hosts/engine-api";
import { isUnreachable } from "../reading";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { changeSpec, findNode, quorum, removeEntry, viewOf } from "./managed";
import { whyManagerMustStay } from "./membership";
import { until } from "./wait";

/** Time for tasks to stop: longer than Docker's stop grace period of most applications. */
const DRAIN_SECONDS = 300;
const ROLE_SECONDS = 60;
/** Managers call a node down after it has missed three heartbeats. */
const DOWN_SECONDS = 60;

/**
 * Takes a node out of the swarm: drained, demoted, left, forgotten. Every step looks first, so a removal
 * that was killed goes on where it was. A machine that is dead is taken out without its help.
 *
 * @throws Error when the swarm would lose its quorum
 */
export async function removeMember(context: Context, host: string, id: string): Promise<void> {
  const node = await findNode(context, id);
  if (node === undefined) {
    await leaveIfMember(context, host, id);
    return;
  }
  if (await isLastManager(context, id)) {
    context.info(`${host} is the last manager: it leaves when the swarm is removed.`);
    return;
  }
  const isAlive = node.Status?.State === "ready";
  if (isAlive) await drain(context, host, id);
  await quorum.runExclusive(async () => demote(context, host, id, isAlive));
  await leave(context, host, id);
  // By force, because the managers notice only after some heartbeats what the machine itself, or its silence, has
  // said already.
  await removeEntry(context, id, true);
}

async function isLastManager(context: Context, id: string): Promise<boolean> {
  const { nodes } = await viewOf(context);
  const managers = nodes.filter((node) => node.ManagerStatus);
  return managers.length === 1 && managers[0]?.ID === id;
}

async function drain(context: Context, host: string, id: string): Promise<void> {
  await changeSpec(context, id, (spec) => ({ ...spec, Availability: "drain" }));
  await until(context, {
    host,
    what: "draining the node",
    seconds: DRAIN_SECONDS,
    look: async () => {
      // The tasks of a machine that dies meanwhile go elsewhere without its help.
      if ((await findNode(context, id))?.Status?.State !== "ready") return undefined;
      const names = await runningTasks(context, id);
      if (names.length === 0) return undefined;
      const more = names.length > 3 ? ", …" : "";
      return `${names.length} tasks left (${names.slice(0, 3).join(", ")}${more})`;
    },
    explain: async () =>
      Promise.resolve(
        "Tasks stop within their stop grace period; look at what keeps these with docker ps on the host",
      ),
  });
}

async function runningTasks(context: Context, id: string): Promise<string[]> {
  const { signal } = context;
  return context.managers.use(async (engine) => {
    const tasks = await listTasks(engine, { node: [id] }, { signal });
    const alive = tasks.filter(isAlive);
    if (alive.length === 0) return [];
    const services = await listServices(engine, {}, false, { signal });
    const names = new Map(services.map((service) => [service.ID, service.Spec?.Name]));
    return alive
      .map((task) => `${names.get(task.ServiceID) ?? task.ServiceID ?? ""}.${task.Slot ?? ""}`)
      .sort();
  });
}

/** Whether something may still run: a task that the node never took up does not count. */
function isAlive(task: Task): boolean {
  const state = task.Status?.State ?? "new";
  return ["preparing", "ready", "starting", "running"].includes(state);
}

async function demote(context: Context, host: string, id: string, isAlive: boolean): Promise<void> {
  const { nodes } = await viewOf(context);
  const node = nodes.find((one) => one.ID === id);
  // One that was only promoted and never took part counts as a worker here.
  if (!node?.ManagerStatus) return;
  const why = whyManagerMustStay(nodes, id);
  if (why !== undefined) throw new Error(`${host}: it cannot stop being a manager: ${why}.`);
  await changeSpec(context, id, (spec) => ({ ...spec, Role: "worker" }));
  context.managers.forget();
  await until(context, {
    host,
    what: "waiting for the managers to go on without it",
    seconds: ROLE_SECONDS,
    look: async () => {
      const found = await findNode(context, id);
      return found?.ManagerStatus ? "it is still one of them" : undefined;
    },
  });
  if (isAlive) await waitUntilWorker(context, host);
}

/** A manager that was demoted notices a moment later; until then it refuses to leave. */
export async function waitUntilWorker(context: Context, host: string): Promise<void> {
  const engine = context.machines.get(host).engine();
  await until(context, {
    host,
    what: "waiting for the machine to become a worker",
    seconds: ROLE_SECONDS,
    look: async () => {
      const part = (await engine.info()).Swarm;
      return part?.ControlAvailable === true ? "it still acts as a manager" : undefined;
    },
  });
}

/** Lets the machine leave, or makes sure that the managers, too, get no answer from it. */
async function leave(context: Context, host: string, id: string): Promise<void> {
  try {
    await leaveIfMember(context, host, id);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    await waitUntilDown(context, host, id);
    context.warn(
      `${host} does not answer and was taken out of the swarm without it (${messageOf(error)}). ` +
        `If it comes back, it still takes itself for a node: run "docker swarm leave --force" there.`,
    );
  }
}

async function leaveIfMember(context: Context, host: string, id: string): Promise<void> {
  if (!context.machines.has(host)) return;
  const engine = context.machines.get(host).engine();
  const part = (await engine.info()).Swarm;
  if (part?.NodeID !== id || part.LocalNodeState === "inactive") return;
  context.progress("leaving the swarm");
  await leaveSwarm(engine, part.ControlAvailable === true, { signal: context.signal });
  const { LocalNodeState: state = "inactive" } = (await engine.info()).Swarm ?? {};
  if (state !== "inactive") {
    throw new Error(
      `${host}: it was told to leave the swarm; expected it to be inactive, got ${state}.`,
    );
  }
}

async function waitUntilDown(context: Context, host: string, id: string): Promise<void> {
  await until(context, {
    host,
    what: "waiting for the managers to find the machine dead, too",
    seconds: DOWN_SECONDS,
    look: async () => {
      const state = (await findNode(context, id))?.Status?.State ?? "down";
      return state === "down" ? undefined : `they call it ${state}`;
    },
  });
}
