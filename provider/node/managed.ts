import { isDeepStrictEqual } from "node:util";
import type { Node, NodeSpec } from "@docker/node-sdk";
import { Mutex } from "async-mutex";
import type { Slot } from "../../cluster/run";
import {
  inspectNode,
  inspectSwarm,
  listNodes,
  removeNode,
  updateNode,
} from "../../hosts/engine-api";
import { isNotFound } from "../../hosts/engine";
import type { Context } from "../context";
import { inSequence } from "../sequence";

/** One change of the quorum at a time: a manager that joins or goes is waited for before the next one. */
export const quorum: Slot<Mutex> = { make: () => new Mutex() };

/** The swarm as a manager sees it now, not as the shared lists remember it. */
export interface View {
  readonly clusterId: string;
  readonly nodes: readonly Node[];
  readonly tokens: { readonly manager: string; readonly worker: string };
  /** Undefined where it is Docker's own. */
  readonly dataPathPort?: number;
}

/** Asks a manager for everything that joining needs. The tokens go nowhere else than into the next call. */
export async function viewOf(context: Context): Promise<View> {
  const { signal } = context;
  return context.managers.use(async (engine) => {
    const [swarm, nodes] = await Promise.all([
      inspectSwarm(engine, { signal }),
      listNodes(engine, {}, { signal }),
    ]);
    const { Manager: manager = "", Worker: worker = "" } = swarm.JoinTokens ?? {};
    const { DataPathPort: port = 0, ID: clusterId = "" } = swarm;
    const found = { clusterId, nodes, tokens: { manager, worker } };
    return port === 0 ? found : { ...found, dataPathPort: port };
  });
}

/** One node as a manager sees it now; undefined when there is none. */
export async function findNode(context: Context, id: string): Promise<Node | undefined> {
  if (id === "") return undefined;
  try {
    const { signal } = context;
    return await context.managers.use(async (engine) => inspectNode(engine, id, { signal }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Changes a node's spec from what it is now; does nothing when that is the same. */
export async function changeSpec(
  context: Context,
  id: string,
  change: (spec: NodeSpec) => NodeSpec,
): Promise<void> {
  const { signal } = context;
  // A node's own reports change its version as well.
  await inSequence(async () =>
    context.managers.use(async (engine) => {
      const { Spec: spec = {}, Version: version } = await inspectNode(engine, id, { signal });
      const body = change(spec);
      if (isDeepStrictEqual(body, spec)) return;
      await updateNode(engine, id, version?.Index ?? 0, body, { signal });
    }),
  );
  context.managers.invalidate("nodes");
}

/** Takes a node's entry out of the swarm; one that is gone already is as good. */
export async function removeEntry(context: Context, id: string, force: boolean): Promise<void> {
  const { signal } = context;
  try {
    await context.managers.use(async (engine) => {
      await removeNode(engine, id, force, { signal });
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  context.managers.invalidate("nodes");
}
