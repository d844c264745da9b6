import type { Node } from "@docker/node-sdk";
import { isUnreachable } from "../../cluster/manager-errors";
import { nameOf } from "../../cluster/members";
import type { Slot } from "../../cluster/run";
import { unlock } from "../../cluster/unlock";
import { until } from "../../cluster/wait";
import { unlockKey } from "../../hosts/engine-api";
import type { Engine } from "../../hosts/engine";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { foretellRestart } from "./consequences";
import { drainNode } from "./drain";
import type { Drain } from "./drain";
import { waitUntilReady } from "./joining";
import { changeSpec, quorum, viewOf } from "./managed";
import type { View } from "./managed";
import { whyManagerMustStayUp } from "./membership";
import { waitUntilManager } from "./roles";

/** Seconds for a manager to be found: all machines may just have been booted. */
const ASK_SECONDS = 120;

/** Seconds for an engine that runs again to take up its part in the swarm. */
const BACK_SECONDS = 120;

/** The machine whose restart failed in this run: no other engine is stopped after that. */
const failed: Slot<{ host?: string }> = { make: () => ({}) };

/**
 * Does something to a machine that stops its engine for a while. If it is a node of the swarm its tasks leave first and
 * it takes tasks again afterwards; one machine at a time, and no manager that the quorum needs.
 *
 * @throws Error with the way out when the quorum would be lost, or the restart of another machine failed
 */
export async function withoutTasks(
  context: Context,
  host: string,
  way: Drain,
  act: () => Promise<void>,
): Promise<void> {
  const engine = context.machines.get(host).engine();
  const id = (await engine.info()).Swarm?.NodeID ?? "";
  if (id === "") {
    await act();
    return;
  }
  context.progress("waiting for other machines to be done");
  await context.run.get(quorum).runExclusive(async () => {
    const other = context.run.get(failed).host;
    if (other !== undefined) {
      throw new Error(
        `${host}: its engine was left alone, because the restart of ${other}'s failed in this run. ` +
          `Repair ${other} and run again.`,
      );
    }
    const view = await findView(context, host);
    const node = view.nodes.find((one) => one.ID === id);
    await (node === undefined ? act() : aside(context, { engine, node, view, way, act }));
  });
}

/**
 * What a preview says of a machine whose engine is to restart. Managers that do not answer say nothing.
 *
 * @throws Error with the way out when the quorum would be lost
 */
export async function previewRestart(context: Context, host: string): Promise<void> {
  try {
    const nodes = await context.managers.nodes();
    const node = nodes.find((one) => nameOf(one) === host);
    if (node === undefined) return;
    refuseWithoutQuorum(host, nodes, node);
    context.info(
      "the engine restarts: the node gives its tasks away before and takes new ones afterwards, one machine after the other.",
    );
    await foretellRestart(context, host);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
}

function refuseWithoutQuorum(host: string, nodes: readonly Node[], { ID: id = "" }: Node): void {
  const why = whyManagerMustStayUp(nodes, id);
  if (why === undefined) return;
  throw new Error(
    `${host}: its engine cannot be restarted now: ${why}. Nothing was changed on it.`,
  );
}

async function findView(context: Context, host: string): Promise<View> {
  let view: View | undefined;
  await until(context, {
    host,
    what: "looking for a manager that can move the machine's tasks",
    seconds: ASK_SECONDS,
    look: async () => {
      view = await viewOf(context);
      return undefined;
    },
  });
  if (view === undefined) throw new Error(`${host}: no manager was found.`);
  return view;
}

interface Aside {
  readonly engine: Engine;
  readonly node: Node;
  readonly view: View;
  readonly way: Drain;
  readonly act: () => Promise<void>;
}

async function aside(context: Context, { engine, node, view, way, act }: Aside): Promise<void> {
  const { host } = engine;
  const { ID: id = "", Spec: { Availability: before = "active" } = {} } = node;
  refuseWithoutQuorum(host, view.nodes, node);
  // Asked now: with one manager alone, nobody knows it while that one is locked.
  const key = node.ManagerStatus ? await keyOf(context) : "";
  if (hasOthers(view.nodes, id)) await drainNode(context, host, id, way);
  else {
    context.warn("no other node takes its tasks: they stop while the engine restarts.");
  }
  try {
    await act();
    await waitUntilBack(context, { engine, node, view, key });
  } catch (error) {
    context.run.get(failed).host = host;
    await takeBack(context, id, before).catch((reason: unknown) => {
      context.warn(
        `${host} may be left without tasks (${messageOf(reason)}); the next up sees to it.`,
      );
    });
    throw error;
  }
  await takeBack(context, id, before);
}

async function keyOf({ managers, signal }: Context): Promise<string> {
  return managers.use(async (engine) => unlockKey(engine, { signal }));
}

/** Whether another node takes tasks: else to give them away would only stop them for longer. */
function hasOthers(nodes: readonly Node[], id: string): boolean {
  return nodes.some(
    (node) =>
      node.ID !== id && node.Status?.State === "ready" && node.Spec?.Availability === "active",
  );
}

type Availability = NonNullable<NonNullable<Node["Spec"]>["Availability"]>;

async function takeBack(context: Context, id: string, availability: Availability): Promise<void> {
  context.progress("letting the node take tasks again");
  await changeSpec(context, id, (spec) => ({ ...spec, Availability: availability }));
}

interface Returning extends Pick<Aside, "engine" | "node" | "view"> {
  readonly key: string;
}

/** The machine itself is asked first: the managers may not even have noticed that it was gone. */
async function waitUntilBack(
  context: Context,
  { engine, node, view, key }: Returning,
): Promise<void> {
  const { host } = engine;
  // It may speak another version of the API now.
  engine.close();
  context.managers.forget();
  await until(context, {
    host,
    what: "waiting for the machine to be back in the swarm",
    seconds: BACK_SECONDS,
    look: async () => {
      const { LocalNodeState: state = "unknown" } = (await engine.info()).Swarm ?? {};
      if (state === "locked") await unlock(engine, key, context.signal);
      return state === "active" ? undefined : `its part in the swarm is ${state}`;
    },
  });
  if (node.ManagerStatus) await waitUntilManager(context, host);
  context.managers.forget();
  await waitUntilReady(context, host, node.ID ?? "", view);
}
