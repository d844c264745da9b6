import type { Node } from "@docker/node-sdk";
import { membersOf, nameOf } from "../../cluster/members";
import { bearsAnother } from "../../cluster/quorum";
import { until } from "../../cluster/wait";
import { closeNoted } from "../../hosts/steps/firewall";
import type { Context } from "../context";
import { changeSpec, findNode, viewOf } from "./managed";
import { whyManagerMustStay } from "./membership";

const ROLE_SECONDS = 60;

/** Time for a new manager to get the whole log and to take part. */
const CATCH_UP_SECONDS = 120;

/**
 * Makes a manager a worker, the leader too, and waits until the managers and the machine itself have seen it. Does
 * nothing to one that is a worker. Managers that are dead and leave in this run go first. To be called by one at a
 * time (`quorum`).
 *
 * @throws Error when too few managers would be left, with the way out
 */
export async function demote(context: Context, host: string, id: string): Promise<void> {
  const found = (await viewOf(context)).nodes.find((one) => one.ID === id);
  if (found === undefined) return;
  // One that was only promoted and never took part counts as a worker in the quorum.
  if (found.ManagerStatus) await demoteMember(context, host, id);
  else await changeSpec(context, id, (spec) => ({ ...spec, Role: "worker" }));
  if (found.Status?.State !== "ready" || !context.machines.has(host)) return;
  await waitUntilWorker(context, host);
  const options = { title: "closing the managers' port", signal: context.signal };
  await context.machines.get(host).script(closeNoted, [], options);
}

async function demoteMember(context: Context, host: string, id: string): Promise<void> {
  await letDeadGo(context, id);
  refuseWhereItMustStay((await viewOf(context)).nodes, host, id);
  context.progress("demoting to worker");
  await takeFromManagers(context, host, id);
}

function refuseWhereItMustStay(nodes: readonly Node[], host: string, id: string): void {
  const why = whyManagerMustStay(nodes, id);
  if (why !== undefined) throw new Error(`${host}: it cannot stop being a manager: ${why}.`);
}

async function takeFromManagers(context: Context, host: string, id: string): Promise<void> {
  await changeSpec(context, id, (spec) => ({ ...spec, Role: "worker" }));
  context.managers.forget();
  await until(context, {
    host,
    what: "waiting for the managers to go on without it",
    seconds: ROLE_SECONDS,
    look: async () => {
      const now = await findNode(context, id);
      return now?.ManagerStatus ? "it is still one of them" : undefined;
    },
  });
}

/** A manager that was demoted notices a moment later; until then it refuses to leave. */
async function waitUntilWorker(context: Context, host: string): Promise<void> {
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

/**
 * Waits until a new manager acts as one: the machine itself offers the managers' API only once it has the swarm's log
 * from the others. The next change of the quorum may count on it then.
 */
export async function waitUntilManager(context: Context, host: string): Promise<void> {
  const engine = context.machines.get(host).engine();
  await until(context, {
    host,
    what: "waiting for the new manager to catch up",
    seconds: CATCH_UP_SECONDS,
    look: async () => {
      const part = (await engine.info()).Swarm;
      if (part?.ControlAvailable !== true) return "it does not act as a manager yet";
      const known = part.Cluster?.ID ?? "";
      return known === "" ? "it does not know the swarm yet" : undefined;
    },
  });
}

/** Before a manager joins: where the quorum would not bear one that never answers, the dead that leave go first. */
export async function makeRoom(context: Context): Promise<void> {
  const { nodes } = await viewOf(context);
  if (!bearsAnother(membersOf(nodes))) await letDeadGo(context);
}

/** Takes the managers out of the quorum that are dead and leave in this run; with `destroy` all of them do. */
async function letDeadGo(context: Context, exceptId?: string): Promise<void> {
  const { nodes } = await viewOf(context);
  for (const node of nodes.filter((one) => isDeadAndLeaving(context, one))) {
    const { ID: id = "" } = node;
    if (id === exceptId) continue;
    const name = nameOf(node);
    refuseWhereItMustStay(nodes, name, id);
    context.info(`${name} does not answer and leaves: it stops being a manager first.`);
    await takeFromManagers(context, name, id);
  }
}

function isDeadAndLeaving({ isDestroy, machines, roles }: Context, node: Node): boolean {
  const name = nameOf(node);
  const isDead = node.ManagerStatus?.Reachability === "unreachable";
  return isDead && machines.has(name) && (isDestroy || !roles.has(name));
}
