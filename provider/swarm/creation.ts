import type { Swarm } from "@docker/node-sdk";
import { NoManagerError } from "../../cluster/managers";
import { within } from "../../cluster/within";
import type { Engine } from "../../hosts/engine";
import { initSwarm, inspectSwarm } from "../../hosts/engine-api";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { PartialFailure } from "../resource";
import { fixedDifferences, initRequest, inputsOf, shown } from "./arguments";
import type { SwarmInputs, SwarmState } from "./arguments";
import { readState } from "./reading";
import { applySettings, waitForCertificates } from "./settle";

/** A swarm of the configured managers is looked for so long before a new one is made. */
const SEARCH_SECONDS = 10;

/** Makes the swarm on its host, or takes over the one that the managers are in. */
export async function createSwarm(
  context: Context,
  news: SwarmInputs,
): Promise<{ readonly id: string; readonly state: SwarmState }> {
  const { host = "" } = news;
  const { signal } = context;
  // The state knows of none (any more): whichever the managers are in is taken over.
  context.managers.expect(undefined);
  const found = await existingManager(context, host);
  if (found === undefined) {
    context.progress("making the swarm");
    await initSwarm(context.machines.get(host).engine(), initRequest(news), { signal });
  } else {
    await adopt(context, found, news);
  }
  const engine = found ?? context.machines.get(host).engine();
  const { ID: clusterId } = await inspectSwarm(engine, { signal });
  context.managers.expect(clusterId);
  // Until now the machine was no manager, which is remembered.
  context.managers.forget();
  try {
    // Words that are there from the beginning have nothing to rotate.
    await applySettings(context, news, news);
    await waitForCertificates(context, host);
  } catch (error) {
    // It is there: the next run goes on with its settings.
    const state = await readState(context, news);
    throw new PartialFailure(state.clusterId, state, [messageOf(error)]);
  }
  const state = await readState(context, news);
  return { id: state.clusterId, state };
}

/**
 * The engine of a manager that is in a swarm already; undefined when a new swarm is to be made on the host.
 *
 * @throws Error with the way out when the machine is something else in a swarm
 */
export async function existingManager(context: Context, host: string): Promise<Engine | undefined> {
  const engine = context.machines.get(host).engine();
  const { Swarm: part } = await engine.info();
  const state = part?.LocalNodeState ?? "inactive";
  if (part?.ControlAvailable === true) return engine;
  if (state !== "inactive" && state !== "") throw new Error(occupied(host, state, part?.Error));
  // The host may have been made anew while the swarm lives on with its other managers.
  const search = context.managers.use(async (manager) => Promise.resolve(manager));
  try {
    return await within(SEARCH_SECONDS, search);
  } catch (error) {
    if (error instanceof NoManagerError) return undefined;
    throw error;
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

async function adopt(context: Context, engine: Engine, news: SwarmInputs): Promise<void> {
  const swarm = await inspectSwarm(engine, { signal: context.signal });
  const why = whyNotTaken(engine.host, swarm, news);
  if (why !== undefined) throw new Error(why);
  context.info(`${engine.host} manages a swarm already (${swarm.ID ?? ""}): taken over.`);
}

/** Why a swarm that is there cannot be what is declared; undefined when it can. */
export function whyNotTaken(host: string, swarm: Swarm, news: SwarmInputs): string | undefined {
  const live = inputsOf(swarm, news);
  const wrong = fixedDifferences(live, news);
  if (wrong.length === 0) return undefined;
  const differences = wrong.map(
    (path) => `${path}: got ${shown(news, path)}; expected ${shown(live, path)}`,
  );
  return (
    `${host} manages a swarm already (${swarm.ID ?? ""}), and Docker fixes some settings when a swarm is made. ` +
    `${differences.join("; ")}. Declare it as it is, or take the swarm apart ("docker swarm leave --force" there).`
  );
}
