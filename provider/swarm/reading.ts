import type { Node } from "@docker/node-sdk";
import { isSwarmGone } from "../../cluster/gone";
import { NoManagerError } from "../../cluster/managers";
import { nameOf } from "../../cluster/members";
import { lockedAmong } from "../../cluster/unlock";
import type { Engine } from "../../hosts/engine";
import { inspectSwarm, listNodes, unlockKey } from "../../hosts/engine-api";
import type { Context } from "../context";
import type { Found } from "../resource";
import { argumentsIn, inputsOf } from "./arguments";
import type { SwarmInputs, SwarmState } from "./arguments";

/** What the state holds of a swarm that was made or read before. */
interface Known {
  readonly inputs: SwarmInputs;
  readonly state: SwarmState;
}

/** The swarm as a manager sees it, with everything that the state holds. */
export async function readState(context: Context, known: SwarmInputs): Promise<SwarmState> {
  return context.managers.use(async (engine) => stateOf(engine, known, context.signal));
}

/**
 * The swarm as it is.
 *
 * @returns undefined when there is none any more, or another one
 * @throws NoManagerError when nobody can be asked
 */
export async function findSwarm(
  context: Context,
  id: string,
  known: Known | undefined,
): Promise<Found<SwarmInputs, SwarmState> | undefined> {
  // What the state says is trusted: a manager of another swarm is not asked in its place.
  context.managers.expect(id);
  try {
    const state = await context.managers.use(async (engine) =>
      stateOf(
        engine,
        known === undefined ? await originOf(engine) : wordsOf(known),
        context.signal,
      ),
    );
    for (const text of context.managers.strangers) context.warnOnce(text);
    reportOutsiders(context, known, state);
    const locked = state.unlockKey === "" ? [] : await lockedNow(context);
    return { id, inputs: argumentsIn(state), state: { ...state, locked } };
  } catch (error) {
    if (!(error instanceof NoManagerError)) throw error;
    if (await isSwarmGone(context)) return undefined;
    if (known === undefined || known.state.unlockKey === "") throw error;
    const locked = await lockedAmong(context.machines, context.managers.hosts);
    if (locked.length === 0) throw error;
    context.warnOnce(`locked after a restart: ${locked.join(", ")}. The next up unlocks.`);
    return { id, inputs: known.inputs, state: { ...known.state, locked } };
  }
}

/** What was declared, with the words whose rotation was made: a declared one may still have to be. */
function wordsOf({ inputs, state }: Known): SwarmInputs {
  const declared = Object.entries(inputs).filter(([key]) => key !== "rotate");
  const { rotate } = state;
  return { ...Object.fromEntries(declared), ...(rotate === undefined ? {} : { rotate }) };
}

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
  return { host: engine.host, advertiseAddr, locked: [] };
}

/** Only managers that the others know and do not reach can be locked. */
async function lockedNow({ machines, managers }: Context): Promise<readonly string[]> {
  const lost = (await managers.nodes()).filter((node) => node.ManagerStatus && !isReachable(node));
  const names = new Set(lost.map(nameOf));
  return lockedAmong(
    machines,
    managers.hosts.filter((host) => names.has(host)),
  );
}

function isReachable({ ManagerStatus: status }: Node): boolean {
  return status?.Reachability === "reachable";
}

const secrets = {
  workerToken: "the token that workers join with",
  managerToken: "the token that managers join with",
  unlockKey: "the unlock key",
} as const;

/** A secret that was made anew outside: the state follows, and whoever has the old one should know. */
function reportOutsiders(context: Context, known: Known | undefined, state: SwarmState): void {
  if (known === undefined) return;
  for (const [key, what] of Object.entries(secrets)) {
    const name = key as keyof typeof secrets;
    const [before, now] = [known.state[name], state[name]];
    if (before === "" || now === "" || before === now) continue;
    context.warn(`${what} was rotated outside this program; the state follows with the next up.`);
  }
}
