import { EngineError } from "../hosts/engine";
import { HostError, messageOf } from "../hosts/errors";
import {
  ForeignSwarmError,
  isLeaderless,
  LockedError,
  NoManagerError,
  QuorumError,
} from "./manager-errors";

/** Why a manager was not used, and until when it is not asked again. */
interface Refusal {
  readonly error: Error;
  readonly until: number;
}

/** How long a machine or a quorum that is gone, and a manager of another swarm, is not asked again. */
const LOST_MILLISECONDS = 15_000;
/** A machine that answers may become a manager at any moment, by this very run. */
const NOT_YET_MILLISECONDS = 1_000;

/** Managers that cannot be used for now, and why. */
export class Refusals {
  private readonly byHost = new Map<string, Refusal>();

  add(host: string, error: unknown): void {
    const isGone = error instanceof HostError && !(error instanceof EngineError);
    const isLost = isGone || isLeaderless(error) || error instanceof ForeignSwarmError;
    const pause = isLost ? LOST_MILLISECONDS : NOT_YET_MILLISECONDS;
    this.byHost.set(host, {
      error: error instanceof Error ? error : new Error(messageOf(error)),
      until: Date.now() + pause,
    });
  }

  /** It can be used again. */
  remove(host: string): void {
    this.byHost.delete(host);
  }

  /** All can be used again. */
  clear(): void {
    this.byHost.clear();
  }

  /** Why a host is not used; undefined when nothing is known against it. */
  errorOf(host: string): Error | undefined {
    return this.byHost.get(host)?.error;
  }

  /** Those of some hosts that may be asked now. */
  askable(hosts: readonly string[]): readonly string[] {
    const now = Date.now();
    return hosts.filter((host) => (this.byHost.get(host)?.until ?? 0) <= now);
  }

  /** Those of some hosts that waited for the unlock key when they were asked last. */
  locked(hosts: readonly string[]): readonly string[] {
    return hosts.filter((host) => this.errorOf(host) instanceof LockedError);
  }

  /** A sentence for each of some hosts that was found in another swarm. */
  strangers(hosts: readonly string[]): readonly string[] {
    return hosts.flatMap((host) => {
      const error = this.errorOf(host);
      return error instanceof ForeignSwarmError ? `${host}: ${error.message}` : [];
    });
  }

  /** Why none of some hosts can be used. */
  explain(hosts: readonly string[]): NoManagerError {
    if (hosts.length === 0)
      return new NoManagerError('hosts: none has the role "manager"; expected at least one');
    const reasons = hosts.map((host) => {
      const text = this.errorOf(host)?.message ?? "no answer yet";
      return `  ${text.startsWith(`${host}: `) ? text : `${host}: ${text}`}`;
    });
    const list = reasons.join("\n");
    return [...this.byHost.values()].some(({ error }) => isLeaderless(error))
      ? new QuorumError(
          `the swarm has no leader: more than half of the managers are down. Bring them back; ` +
            `the swarm then goes on by itself.\n${list}`,
        )
      : new NoManagerError(`no manager of the swarm can be used:\n${list}`);
  }
}
