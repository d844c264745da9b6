import { isEngineError } from "../hosts/engine";
import type { Engine } from "../hosts/engine";
import { inspectSwarm, unlockKey, unlockSwarm } from "../hosts/engine-api";
import { DeadlineError } from "../hosts/errors";
import type { Machines } from "../hosts/machines";
import type { ClusterContext } from "./context";
import { infoWithin } from "./info";
import { NoManagerError } from "./managers";
import { until } from "./wait";
import { nameOf } from "./members";

/** A machine that does not say in this time what it is counts as one that is down. */
const ASK_SECONDS = 5;

/** Docker answers an unlock once the managers have a leader, for which others may have to be unlocked first. */
const UNLOCK_SECONDS = 20;

/** Seconds from the first unlock to a swarm that answers; the other managers may still be booting. */
const LEADER_SECONDS = 180;

/** Which of the hosts run a manager that restarted and waits for the unlock key; sorted. Asks all at once. */
export async function lockedAmong(
  machines: Machines,
  hosts: readonly string[],
): Promise<readonly string[]> {
  const found = await Promise.all(
    hosts.map(async (host) => ((await stateOf(machines, host)) === "locked" ? [host] : [])),
  );
  return found.flat().sort();
}

/** Without an answer it is not locked, as far as is known. */
async function stateOf(machines: Machines, host: string): Promise<string | undefined> {
  return (await infoWithin(machines, host, ASK_SECONDS))?.Swarm?.LocalNodeState;
}

/**
 * Unlocks every manager that waits for it, until the swarm answers.
 *
 * @param knownKey - from the state; what a manager that is up says counts more
 * @throws Error when Docker does not take the key, DeadlineError when the swarm does not answer in the end
 */
export async function unlockManagers(context: ClusterContext, knownKey: string): Promise<void> {
  const { machines, managers, signal } = context;
  const [first = ""] = managers.hosts;
  await until(context, {
    host: first,
    what: "unlocking the managers",
    seconds: LEADER_SECONDS,
    look: async () => {
      const locked = await lockedAmong(machines, await membersOf(context));
      if (locked.length > 0) {
        context.progress(`unlocking ${locked.join(", ")}`);
        const key = (await keyNow(context)) ?? knownKey;
        await Promise.all(
          locked.map(async (host) => unlock(machines.get(host).engine(), key, signal)),
        );
      }
      // Whoever was locked was remembered as one that cannot be asked.
      managers.forget();
      await managers.use(async (engine) => inspectSwarm(engine, { signal }));
      const left = await lockedAmong(machines, await membersOf(context));
      return left.length === 0 ? undefined : `${left.join(", ")} still locked`;
    },
  });
}

/**
 * The configured managers that the swarm knows. One that it went on without must stay locked: with others of its kind
 * it would go on as a second swarm. Without an answer nobody can tell them apart.
 */
async function membersOf({ managers }: ClusterContext): Promise<readonly string[]> {
  const nodes = await managers.nodes().catch((error: unknown) => {
    if (error instanceof NoManagerError) return undefined;
    throw error;
  });
  const isMember = (host: string): boolean =>
    nodes === undefined || nodes.some((node) => node.ManagerStatus && nameOf(node) === host);
  return managers.hosts.filter(isMember);
}

/** Unlocks a machine that restarted, with the key that the other managers know. Does nothing to one that is not locked. */
export async function unlockWithOthers(context: ClusterContext, engine: Engine): Promise<void> {
  const { Swarm: part } = await engine.info();
  if (part?.LocalNodeState !== "locked") return;
  context.progress("unlocking the machine");
  const key = await keyNow(context);
  if (key === undefined) return;
  await unlock(engine, key, context.signal);
  context.managers.forget();
}

/** The key as a manager that is up knows it; undefined when there is none. */
async function keyNow({ managers, signal }: ClusterContext): Promise<string | undefined> {
  try {
    return await managers.use(async (engine) => unlockKey(engine, { signal }));
  } catch (error) {
    if (error instanceof NoManagerError) return undefined;
    throw error;
  }
}

/** @throws Error with the way out when Docker does not take the key */
export async function unlock(engine: Engine, key: string, signal: AbortSignal): Promise<void> {
  try {
    await unlockSwarm(engine, key, { signal, deadlineSeconds: UNLOCK_SECONDS });
  } catch (error) {
    // It was taken, and the machine looks for the other managers.
    if (error instanceof DeadlineError) return;
    if (isEngineError(error, "notLocked")) return;
    if (!isEngineError(error, "wrongKey")) throw error;
    throw new Error(
      `${engine.host}: Docker does not take the unlock key that is known here; expected the swarm's present one. It was ` +
        `rotated outside this program. Run "docker swarm unlock" there with the new key; the next run learns it.`,
      { cause: error },
    );
  }
}
