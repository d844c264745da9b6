import type { Node, Task } from "@docker/node-sdk";
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
/** A node that has left is called down after a missed heartbeat or three. */
const DOWN_SECONDS = 30;

/**
 * Takes a node out of the swarm: drained, demoted, left, seen down, forgotten. Every step looks first, so a removal
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
  const hasLeft = await leave(context, host, id, node);
  if (hasLeft) await waitUntilDown(context, host, id);
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
  if (node?.Spec?.Role !== "manager" && !node?.ManagerStatus) return;
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

/** Whether the machine has left the swarm. False: it cannot be asked, which is said. */
async function leave(context: Context, host: string, id: string, node: Node): Promise<boolean> {
  try {
    await leaveIfMember(context, host, id);
    return true;
  } catch (error) {
    if (node.Status?.State === "ready" || !isUnreachable(error)) throw error;
    context.warn(
      `${host} does not answer and was taken out of the swarm without it (${messageOf(error)}). ` +
        `If it comes back, it still takes itself for a node: run "docker swarm leave --force" there.`,
    );
    return false;
  }
}

async function leaveIfMember(context: Context, host: string, id: string): Promise<void> {
  if (!context.machines.has(host)) return;
  const engine = context.machines.get(host).engine();
  const part = (await engine.info()).Swarm;
  if (part?.NodeID !== id || part.LocalNodeState === "inactive") return;
  context.progress("leaving the swarm");
  await leaveSwarm(engine, part.ControlAvailable === true, { signal: context.signal });
}

async function waitUntilDown(context: Context, host: string, id: string): Promise<void> {
  await until(context, {
    host,
    what: "waiting for the managers to see that it has left",
    seconds: DOWN_SECONDS,
    look: async () => {
      const state = (await findNode(context, id))?.Status?.State ?? "down";
      return state === "down" ? undefined : `they call it ${state}`;
    },
  });
}
