import { z } from "zod";
import { isSwarmGone } from "../../cluster/gone";
import { NoManagerError } from "../../cluster/managers";
import { nameOf } from "../../cluster/members";
import { unlockManagers } from "../../cluster/unlock";
import { leaveSwarm, listNodes } from "../../hosts/engine-api";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { schemaOf } from "../fields/table";
import { readOrKnown } from "../reading";
import { PartialFailure } from "../resource";
import type { ResourceType } from "../resource";
import { changesIn } from "./arguments";
import type { SwarmInputs, SwarmState } from "./arguments";
import { createSwarm } from "./creation";
import { groundProblems } from "./ground";
import { previewSwarm } from "./preview";
import { findSwarm, readState } from "./reading";
import { problemsIn } from "./rules";
import { applySettings, waitForCertificates } from "./settle";
import { authorityTable, fixedTable, originTable, rotationTable, settingsTable } from "./table";

const inputs = schemaOf(
  { ...originTable, ...fixedTable, ...settingsTable, ...authorityTable, ...rotationTable },
  { rotate: "Words that stand for one rotation each: a changed word rotates once." },
).extend({
  locked: z
    .array(z.string())
    .max(0, { error: "expected an empty list" })
    .default([])
    .describe("Always empty: managers that wait for the unlock key are given it."),
});

const outputs = z.object({
  locked: z.array(z.string()).describe("Managers that restarted and wait for the unlock key."),
  clusterId: z.string().describe("Docker's id of the swarm."),
  managers: z.array(z.string()).describe("Addresses of the managers, `address:2377`."),
  workerToken: z.string().describe("What a worker joins with."),
  managerToken: z.string().describe("What a manager joins with."),
  unlockKey: z.string().describe("What unlocks a manager of a swarm with autolock; empty without."),
});

async function update(context: Context, old: SwarmState, news: SwarmInputs): Promise<SwarmState> {
  context.managers.expect(old.clusterId);
  if ((old.locked ?? []).length > 0) await unlockManagers(context, old.unlockKey);
  await applySettings(context, old, news);
  try {
    await waitForCertificates(context, news.host ?? "");
  } catch (error) {
    // It goes on by itself: the word counts as done, and the next run waits again.
    const state = await readState(context, news);
    throw new PartialFailure(state.clusterId, state, [messageOf(error)]);
  }
  return readState(context, news);
}

async function remove(context: Context, id: string): Promise<void> {
  const { signal } = context;
  context.managers.expect(id);
  try {
    await context.managers.use(async (engine, host) => {
      const info = await engine.info();
      const nodes = await listNodes(engine, {}, { signal });
      const others = nodes.filter((node) => node.ID !== info.Swarm?.NodeID);
      const left = others.filter((node) => node.Status?.State === "ready" || node.ManagerStatus);
      if (left.length > 0) {
        const names = left.map(nameOf).sort();
        throw new Error(
          `${host}: the swarm still has other nodes: ${names.join(", ")}; expected ${host} to be the last. ` +
            `Take them out first ("docker swarm leave" there, "docker node rm" here).`,
        );
      }
      await leaveSwarm(engine, true, { signal });
    });
  } catch (error) {
    if (!(error instanceof NoManagerError)) throw error;
    if (context.lab === undefined && !(await isSwarmGone(context))) throw error;
    context.info("no manager answers any more: the swarm is gone with its machines.");
  } finally {
    context.managers.expect(undefined);
    context.managers.forget();
  }
}

/**
 * The swarm itself: made on its first manager, its settings kept as declared.
 *
 * @see https://docs.docker.com/reference/cli/docker/swarm/init/
 */
export const swarmType: ResourceType<SwarmInputs, SwarmState> = {
  token: "swarm:index:Swarm",
  description: "The swarm, made on its first manager, with its settings.",
  inputs,
  outputs,
  computed: ["locked"],
  secretOutputs: ["caKey", "workerToken", "managerToken", "unlockKey"],

  check: ({ news, olds }) => ({ inputs: news, failures: problemsIn(news, olds) }),

  // Only before it is made: later the machines are as they are.
  resolve: async ({ news, olds }, context) => ({
    inputs: news,
    ...(olds === undefined ? await groundProblems(context, news) : { failures: [] }),
  }),

  diff: ({ old, oldInputs, news }) => ({ changes: { ...changesIn(old, oldInputs, news) } }),

  preview: previewSwarm,

  create: createSwarm,

  read: async (context, id, known) =>
    readOrKnown(context, id, known, async () => findSwarm(context, id, known)),

  update: async (context, _id, old, news) => update(context, old, news),

  delete: async (context, id) => remove(context, id),
};
