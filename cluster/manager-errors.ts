import type { SystemInfo } from "@docker/node-sdk";
import { isEngineError, SilenceError } from "../hosts/engine";
import {
  AuthenticationError,
  EncryptionError,
  HostKeyError,
  HostUnreachableError,
} from "../hosts/errors";

/** No manager can be used; the message names each and why. */
export class NoManagerError extends Error {
  override readonly name: string = "NoManagerError";
}

/** Managers answer, but the swarm has no leader: more than half of its managers are down. */
export class QuorumError extends NoManagerError {
  override readonly name = "QuorumError";
}

/** A manager restarted and waits for the unlock key. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** A machine that was taken for a manager is a worker of the swarm. */
export class WorkerError extends Error {
  override readonly name = "WorkerError";
}

/** A manager is one of another swarm: what it says would be said of another one's services. */
export class ForeignSwarmError extends Error {
  override readonly name = "ForeignSwarmError";

  /** @param expected - id of the swarm that is asked */
  constructor(clusterId: string, expected: string) {
    super(
      `it belongs to another swarm (id ${clusterId}): not asked; expected the swarm ${expected}`,
    );
  }
}

/** Whether an error says that nobody could be asked, as opposed to an answer. */
export function isUnreachable(error: unknown): boolean {
  return [
    NoManagerError,
    HostUnreachableError,
    HostKeyError,
    EncryptionError,
    AuthenticationError,
  ].some((kind) => error instanceof kind);
}

/** Whether an error says that the swarm has no leader. */
export function isLeaderless(error: unknown): boolean {
  return error instanceof QuorumError || isEngineError(error, "quorumLost");
}

/** Whether the manager itself is to be left alone for a while, whatever becomes of the call. */
export function isManagersFault(error: unknown): boolean {
  return isForAnother(error) || (error instanceof SilenceError && error.isItsOwn);
}

/**
 * Whether another manager may answer what this one could not. A change that was sent and never answered may have been
 * made, so it is not sent to another.
 */
export function isForAnother(error: unknown): boolean {
  if (error instanceof SilenceError) return error.isItsOwn && !error.mayHaveActed;
  return (
    error instanceof HostUnreachableError ||
    isEngineError(error, "notManager", "locked", "quorumLost", "unavailable")
  );
}

/** @throws Error saying what the machine is instead of a manager */
export function refuseOther({ Swarm: part }: SystemInfo): void {
  const state = part?.LocalNodeState ?? "inactive";
  if (state === "locked")
    throw new LockedError("its swarm is locked; expected it to be unlocked after the restart");
  if (state === "inactive") throw new Error("it is in no swarm");
  if (part?.ControlAvailable === true) return;
  if (state === "active") throw new WorkerError("it is a worker of the swarm");
  throw new Error(`its part in the swarm is ${state}`);
}
