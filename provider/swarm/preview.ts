import { isThere } from "../../cluster/identity";
import { isUnreachable } from "../../cluster/manager-errors";
import { QuorumError } from "../../cluster/managers";
import { inspectSwarm } from "../../hosts/engine-api";
import type { Context } from "../context";
import { isUnknown, UNKNOWN } from "../value";
import { changesIn, inputsOf, settingChanges } from "./arguments";
import type { SwarmInputs, SwarmState } from "./arguments";
import { existingManager, whyNotTaken } from "./creation";
import { authorityChanges } from "./rotation";

/**
 * What an update makes anew is not known before. A swarm that is there already is named, with what changes in it.
 *
 * @throws Error when the machine cannot make the swarm, the swarm that is there cannot be taken over, or a rotation is
 * asked of one that has no quorum
 */
export async function previewSwarm(
  news: SwarmInputs,
  old: SwarmState | undefined,
  context: Context,
): Promise<Partial<SwarmState>> {
  if (old === undefined) {
    await lookAhead(context, news);
    return {};
  }
  const changes = Object.keys(changesIn(old, old, news));
  const isNew = (...paths: string[]): boolean => paths.some((path) => changes.includes(path));
  const rotations = changes.filter((path) => /^(rotate\..*|caCert|caKey)$/.test(path));
  if (rotations.length > 0) await refuseWithoutQuorum(context, rotations.sort());
  const authority = isNew("rotate.ca", "caCert");
  return {
    ...(authority || isNew("rotate.workerToken") ? { workerToken: UNKNOWN } : {}),
    ...(authority || isNew("rotate.managerToken") ? { managerToken: UNKNOWN } : {}),
    ...(isNew("rotate.unlockKey", "autolock") ? { unlockKey: UNKNOWN } : {}),
  };
}

/** What becomes of a swarm that was made by hand. A machine that does not answer yet says nothing. */
async function lookAhead(context: Context, news: SwarmInputs): Promise<void> {
  const { host = "" } = news;
  if (isUnknown(host) || !(await isThere(context, host))) return;
  try {
    const engine = await existingManager(context, host);
    if (engine === undefined) return;
    const swarm = await inspectSwarm(engine, { signal: context.signal });
    const why = whyNotTaken(engine.host, swarm, news);
    if (why !== undefined) throw new Error(why);
    const live = inputsOf(swarm, news);
    const changes = { ...settingChanges(live, news), ...authorityChanges(live, news) };
    context.info(
      `${engine.host} manages a swarm already (${swarm.ID ?? ""}): it is taken over; ${changing(changes)}`,
    );
  } catch (error) {
    if (!isUnreachable(error)) throw error;
  }
}

/** `nothing changes.`, or what does. */
export function changing(changes: object): string {
  const paths = Object.keys(changes).sort();
  return paths.length === 0 ? "nothing changes." : `this changes: ${paths.join(", ")}.`;
}

/** A machine that does not answer may be about to be booted; managers that say there is no leader are believed. */
async function refuseWithoutQuorum(context: Context, rotations: readonly string[]): Promise<void> {
  try {
    await context.managers.use(async (engine) => inspectSwarm(engine, { signal: context.signal }));
  } catch (error) {
    if (error instanceof QuorumError) throw new Error(refusal(rotations, error), { cause: error });
    if (!isUnreachable(error)) throw error;
  }
}

function refusal(rotations: readonly string[], { message }: QuorumError): string {
  return (
    `${rotations.join(", ")}: got a change that asks for a rotation; expected a swarm with a quorum, which alone can ` +
    `rotate. Nothing was changed. Bring the managers back first; in a lab, up does that once this change is taken ` +
    `back.\n${message}`
  );
}
