import { setTimeout as delay } from "node:timers/promises";
import type { Swarm, SystemInfo } from "@docker/node-sdk";
import { z } from "zod";
import {
  initSwarm,
  inspectSwarm,
  leaveSwarm,
  listNodes,
  unlockKey,
  updateSwarm,
} from "../../hosts/engine-api";
import { isOutOfSequence } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import type { Context } from "../context";
import { compareTable, schemaOf } from "../fields/table";
import { NoManagerError } from "../managers";
import { readOrKnown } from "../reading";
import type { ResourceType } from "../resource";
import {
  argumentsIn,
  fixedDifferences,
  initRequest,
  inputsOf,
  problemsIn,
  settingChanges,
  specWith,
} from "./arguments";
import type { SwarmInputs, SwarmState } from "./arguments";
import { isSwarmGone } from "./gone";
import { fixedTable, originTable, settingsTable } from "./table";

/** Somebody else changes the settings at the same moment: rare, and never often in a row. */
const UPDATE_ATTEMPTS = 5;

/** A swarm of the configured managers is looked for so long before a new one is made. */
const SEARCH_SECONDS = 10;

const outputs = z.object({
  clusterId: z.string().describe("Docker's id of the swarm."),
  managers: z.array(z.string()).describe("Addresses of the managers, `address:2377`."),
  workerToken: z.string().describe("What a worker joins with."),
  managerToken: z.string().describe("What a manager joins with."),
  unlockKey: z.string().describe("What unlocks a manager of a swarm with autolock; empty without."),
});

/** The swarm as a manager sees it, with everything that the state holds. */
async function stateOf(
  engine: Engine,
  known: SwarmInputs,
  signal: AbortSignal,
): Promise<SwarmState> {
  const [swarm, nodes, key] = await Promise.all([
    inspectSwarm(engine, { signal }),
    listNodes(engine, {}, { signal }),
    unlockKey(engine, { signal }),
  ]);
  const managers = nodes.flatMap(({ ManagerStatus: status }) => status?.Addr ?? []);
  return {
    ...inputsOf(swarm, known),
    clusterId: swarm.ID ?? "",
    managers: managers.sort(),
    workerToken: swarm.JoinTokens?.Worker ?? "",
    managerToken: swarm.JoinTokens?.Manager ?? "",
    unlockKey: key,
  };
}

/** For import: any manager may have made the swarm. */
async function originOf(engine: Engine): Promise<SwarmInputs> {
  const { NodeAddr: advertiseAddr = "" } = (await engine.info()).Swarm ?? {};
  return { host: engine.host, advertiseAddr };
}

/** Brings the settings in place to what is declared. */
async function applySettings(
  engine: Engine,
  news: SwarmInputs,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const swarm: Swarm = await inspectSwarm(engine, { signal });
    if (Object.keys(settingChanges(inputsOf(swarm, news), news)).length === 0) return;
    try {
      const body = specWith(swarm, news);
      await updateSwarm(engine, swarm.Version?.Index ?? 0, body, {}, { signal });
      return;
    } catch (error) {
      if (!isOutOfSequence(error) || attempt === UPDATE_ATTEMPTS) throw error;
    }
  }
}

/** The engine of a manager that is in a swarm already; undefined when a new swarm is to be made on the host. */
async function existing(context: Context, host: string): Promise<Engine | undefined> {
  const engine = context.machines.get(host).engine();
  const { Swarm: part } = await engine.request<SystemInfo>("GET", "/info");
  const state = part?.LocalNodeState ?? "inactive";
  if (part?.ControlAvailable === true) return engine;
  if (state !== "inactive" && state !== "") throw new Error(occupied(host, state, part?.Error));
  // The host may have been made anew while the swarm lives on with its other managers.
  const limit = new AbortController();
  try {
    return await Promise.race([
      context.managers.use(async (manager) => Promise.resolve(manager)),
      delay(SEARCH_SECONDS * 1000, undefined, { signal: limit.signal, ref: false }),
    ]);
  } catch (error) {
    if (error instanceof NoManagerError) return undefined;
    throw error;
  } finally {
    limit.abort();
  }
}

function occupied(host: string, state: string, reason = ""): string {
  const advice: Readonly<Record<string, string>> = {
    active:
      "is a worker of a swarm; expected it to be in none. It is not taken out of a swarm by itself: " +
      `run "docker swarm leave" there, or declare it as a worker`,
    pending:
      'waits to join a swarm; expected it to be in none. Run "docker swarm leave --force" there',
    locked:
      'belongs to a swarm that is locked; expected it to be unlocked. Run "docker swarm unlock" there',
  };
  const why = reason === "" ? "" : ` (${reason})`;
  return `${host}: the machine ${advice[state] ?? `has trouble with its swarm: ${state}`}${why}.`;
}

async function create(
  context: Context,
  news: SwarmInputs,
): Promise<{ id: string; state: SwarmState }> {
  const { host = "" } = news;
  const { signal } = context;
  let engine = await existing(context, host);
  if (engine === undefined) {
    context.progress("making the swarm");
    engine = context.machines.get(host).engine();
    await initSwarm(engine, initRequest(news), { signal });
  } else {
    await adopt(context, engine, news);
  }
  // Until now the machine was no manager, which is remembered.
  context.managers.forget();
  await applySettings(engine, news, signal);
  const state = await stateOf(engine, news, signal);
  return { id: state.clusterId, state };
}

async function adopt(context: Context, engine: Engine, news: SwarmInputs): Promise<void> {
  const swarm = await inspectSwarm(engine, { signal: context.signal });
  const wrong = fixedDifferences(inputsOf(swarm, news), news);
  if (wrong.length > 0) {
    throw new Error(
      `${engine.host}: it manages a swarm already, which differs in ${wrong.join(", ")}; Docker fixes this when a ` +
        `swarm is made. Declare it as it is, or take the swarm apart ("docker swarm leave --force" there).`,
    );
  }
  context.info(`${engine.host} manages a swarm already (${swarm.ID ?? ""}): taken over.`);
}

async function remove(context: Context, id: string): Promise<void> {
  const { signal } = context;
  try {
    await context.managers.use(async (engine, host) => {
      const { ID: found } = await inspectSwarm(engine, { signal });
      if (found !== id) return;
      const info = await engine.info();
      const nodes = await listNodes(engine, {}, { signal });
      const others = nodes.filter((node) => node.ID !== info.Swarm?.NodeID);
      const left = others.filter((node) => node.Status?.State === "ready" || node.ManagerStatus);
      if (left.length > 0) {
        const names = left.map((node) => node.Description?.Hostname ?? node.ID ?? "").sort();
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
  inputs: schemaOf({ ...originTable, ...fixedTable, ...settingsTable }),
  outputs,
  secretOutputs: ["workerToken", "managerToken", "unlockKey"],

  check: ({ news, olds }) => ({ inputs: news, failures: problemsIn(news, olds) }),

  diff: ({ old, oldInputs, news }) => ({
    changes: {
      ...settingChanges(old, news),
      // Nothing is done about these: they only count when a swarm is made. `check` has the last word on them.
      ...compareTable(originTable, oldInputs, news),
    },
  }),

  create,

  read: async (context, id, known) =>
    readOrKnown(context, id, known, async () => {
      const { signal } = context;
      try {
        const state = await context.managers.use(async (engine) =>
          stateOf(engine, known?.inputs ?? (await originOf(engine)), signal),
        );
        if (state.clusterId !== id) return undefined;
        return { id, inputs: argumentsIn(state), state };
      } catch (error) {
        if (error instanceof NoManagerError && (await isSwarmGone(context))) return undefined;
        throw error;
      }
    }),

  update: async (context, _id, _old, news) =>
    context.managers.use(async (engine) => {
      await applySettings(engine, news, context.signal);
      return stateOf(engine, news, context.signal);
    }),

  delete: async (context, id) => remove(context, id),
};
