import type {
  Swarm,
  SwarmInitRequest,
  SwarmJoinRequest,
  SwarmSpec,
  UnlockKeyResponse,
} from "@docker/node-sdk";
import type { Engine } from "../engine";
import { DeadlineError } from "../errors";
import type { CallOptions } from "./call";

/** Joining waits for the remote manager: Docker itself gives up after 20 s and goes on trying behind the scenes. */
const JOIN_SECONDS = 90;

/** The swarm's settings, version and join tokens. Only a manager knows. */
export async function inspectSwarm(engine: Engine, options: CallOptions = {}): Promise<Swarm> {
  return engine.request("GET", "/swarm", options);
}

/** Makes this engine the first manager of a new swarm and answers its node id. */
export async function initSwarm(
  engine: Engine,
  body: SwarmInitRequest,
  options: CallOptions = {},
): Promise<string> {
  return engine.request("POST", "/swarm/init", { deadlineSeconds: JOIN_SECONDS, ...options, body });
}

/** Joins a swarm; the token travels in the body. An engine that cannot reach a manager in time stays `pending`. */
export async function joinSwarm(
  engine: Engine,
  body: SwarmJoinRequest,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", "/swarm/join", { deadlineSeconds: JOIN_SECONDS, ...options, body });
}

/**
 * Leaves the swarm.
 *
 * @param force - also as a manager, and also as the last one, with which the swarm is gone
 * @throws Error with the way out when it takes too long: an engine that waits for a leader after it was unlocked leaves nothing
 */
export async function leaveSwarm(
  engine: Engine,
  force: boolean,
  options: CallOptions = {},
): Promise<void> {
  const request = { deadlineSeconds: JOIN_SECONDS, ...options, query: { force } };
  try {
    await engine.request("POST", "/swarm/leave", request);
  } catch (error) {
    if (!(error instanceof DeadlineError)) throw error;
    throw new Error(
      `${error.message}. Restart its engine (systemctl restart docker) and run again: one that waits for a leader ` +
        "does not leave before that.",
      { cause: error },
    );
  }
}

/** Which secrets an update of the swarm makes anew. */
export interface SwarmRotation {
  readonly workerToken?: boolean;
  readonly managerToken?: boolean;
  readonly unlockKey?: boolean;
}

/** Replaces the swarm's settings as a whole. @param version - as read; another one is refused as "out of sequence" */
export async function updateSwarm(
  engine: Engine,
  version: number,
  body: SwarmSpec,
  rotation: SwarmRotation = {},
  options: CallOptions = {},
): Promise<void> {
  const query = {
    version,
    rotateWorkerToken: rotation.workerToken,
    rotateManagerToken: rotation.managerToken,
    rotateManagerUnlockKey: rotation.unlockKey,
  };
  await engine.request("POST", "/swarm/update", { ...options, query, body });
}

/** The key that a locked manager asks for after a restart; empty when the swarm is not locked. */
export async function unlockKey(engine: Engine, options: CallOptions = {}): Promise<string> {
  const answer = await engine.request<UnlockKeyResponse>("GET", "/swarm/unlockkey", options);
  return answer.UnlockKey ?? "";
}

/**
 * Unlocks a manager that restarted. The key travels in the body. Without the other managers Docker answers only once
 * there are enough of them.
 */
export async function unlockSwarm(
  engine: Engine,
  key: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", "/swarm/unlock", { ...options, body: { UnlockKey: key } });
}
