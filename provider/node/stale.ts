import type { Node } from "@docker/node-sdk";
import { until } from "../../cluster/wait";
import type { Context } from "../context";
import { changeSpec, findNode, removeEntry, viewOf } from "./managed";
import { staleEntries } from "./membership";

/** Managers call a node down after it has missed three heartbeats. */
const DOWN_SECONDS = 60;

/**
 * Forgets what a machine was in the swarm before it was made anew or left. What may belong to another machine stays.
 *
 * @param knownId - the id that the machine itself had, if that is known: it has another one now
 */
export async function removeStale(
  context: Context,
  host: string,
  current: Node,
  knownId: string | undefined,
): Promise<void> {
  const { nodes } = await viewOf(context);
  const own = nodes.filter((node) => node.ID === knownId && node.ID !== current.ID);
  for (const node of own) await removeStaleEntry(context, node);
  const alike = staleEntries(nodes, current).filter((node) => !own.includes(node));
  if (alike.length === 0) return;
  const inUse = await idsOfOtherMachines(context, host);
  for (const node of alike) {
    const { ID: id = "" } = node;
    if (inUse === undefined || inUse.has(id)) {
      context.warn(
        `${describe(node)} stays: it may belong to another machine with the same hostname. ` +
          `If it does not: docker node rm ${id}`,
      );
      continue;
    }
    await until(context, {
      host,
      what: "waiting for the managers to notice that the machine was made anew",
      seconds: DOWN_SECONDS,
      look: async () => {
        const state = (await findNode(context, id))?.Status?.State ?? "down";
        return state === "down" ? undefined : `they call its old entry ${state}`;
      },
    });
    await removeStaleEntry(context, node);
  }
}

async function removeStaleEntry(context: Context, node: Node): Promise<void> {
  const { ID: id = "", ManagerStatus: manager } = node;
  if (manager) await changeSpec(context, id, (spec) => ({ ...spec, Role: "worker" }));
  await removeEntry(context, id, true);
  context.info(`${describe(node)} was removed: the machine is a new node now.`);
}

function describe({ ID: id = "", Description: description }: Node): string {
  return `the old entry of ${description?.Hostname ?? "the machine"} (${id})`;
}

/** Node ids that the other machines go by; undefined when one of them does not say. */
async function idsOfOtherMachines(
  context: Context,
  host: string,
): Promise<Set<string> | undefined> {
  try {
    const others = context.machines.names.filter((name) => name !== host);
    const infos = await Promise.all(
      others.map(async (name) => context.machines.get(name).engine().info()),
    );
    return new Set(infos.flatMap((info) => info.Swarm?.NodeID ?? []));
  } catch {
    // Told to the user by the caller, as a warning that the entry stays.
    return undefined;
  }
}
