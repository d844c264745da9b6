import { isUnreachable } from "../../cluster/manager-errors";
import { until } from "../../cluster/wait";
import { leaveSwarm } from "../../hosts/engine-api";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { drainNode } from "./drain";
import type { Drain } from "./drain";
import { findNode, quorum, removeEntry, viewOf } from "./managed";
import { demote } from "./roles";

/** Managers call a node down after it has missed three heartbeats. */
const DOWN_SECONDS = 60;

/** What is to be taken out. */
export interface Leaver {
  readonly host: string;
  readonly id: string;
  readonly drain: Drain;
}

/**
 * Takes a node out of the swarm: drained, demoted, left, seen down, forgotten. Every step looks first, so a removal
 * that was killed goes on where it was. A machine that is dead is taken out without its help.
 *
 * @throws Error when the swarm would lose its quorum
 */
export async function removeMember(context: Context, leaver: Leaver): Promise<void> {
  const { host, id, drain } = leaver;
  const node = await findNode(context, id);
  if (node === undefined) {
    await leave(context, leaver);
    return;
  }
  if (await isLastManager(context, id)) {
    sayLast(context, host);
    return;
  }
  if (node.Status?.State === "ready") await drainNode(context, host, id, drain);
  await context.run.get(quorum).runExclusive(async () => demote(context, host, id));
  const hasLeft = await leave(context, leaver);
  // A host that is still configured goes with the whole swarm: its own word is enough, nobody waits for the others.
  const isPlanned = !context.roles.has(host);
  if (isPlanned || !hasLeft) await waitUntilDown(context, host, id);
  context.progress("removing it from the list of nodes");
  await removeEntry(context, id, !isPlanned);
}

async function isLastManager(context: Context, id: string): Promise<boolean> {
  const { nodes } = await viewOf(context);
  const managers = nodes.filter((node) => node.ManagerStatus);
  return managers.length === 1 && managers[0]?.ID === id;
}

/** When everything is taken down, the last manager goes with the swarm; in any other run it must stay. */
function sayLast({ roles, info }: Context, host: string): void {
  if (roles.has(host)) {
    info(`${host} is the last manager: it leaves when the swarm is removed.`);
    return;
  }
  throw new Error(
    `${host}: it is the last manager: without it there is no swarm. Make another host a manager first, or take the ` +
      "whole swarm down with destroy.",
  );
}

/** Lets the machine leave; answers whether it did. One that does not answer is told of. */
async function leave(context: Context, { host, id }: Leaver): Promise<boolean> {
  const advice =
    'If it comes back, it still takes itself for a node: run "docker swarm leave --force" there.';
  if (!context.machines.has(host)) {
    context.warn(
      `${host} is not in the configuration, so it was taken out of the swarm without a word to it. ${advice}`,
    );
    return false;
  }
  try {
    await leaveIfMember(context, host, id);
    return true;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    context.warn(
      `${host} does not answer and is taken out of the swarm without its help (${messageOf(error)}). ${advice}`,
    );
    return false;
  }
}

async function leaveIfMember(context: Context, host: string, id: string): Promise<void> {
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
  context.progress("waiting for the managers to see it down");
  await until(context, {
    host,
    what: "waiting for the managers to see it down",
    seconds: DOWN_SECONDS,
    look: async () => {
      const state = (await findNode(context, id))?.Status?.State ?? "down";
      return state === "down" ? undefined : `they call it ${state}`;
    },
    explain: async () =>
      Promise.resolve("Something on the machine still speaks to them with its certificate"),
  });
}
