import { setTimeout as delay } from "node:timers/promises";
import { Semaphore } from "async-mutex";
import { aborted } from "./aborted";
import { abortError, HostUnreachableError } from "./errors";

/**
 * sshd allows 10 sessions on one connection, unless MaxSessions there says otherwise; two are left for a shell of the
 * user's own tools.
 */
const SESSIONS = 8;

/** How a session is taken. */
export interface SessionOptions {
  /** Seconds to wait until one is free. @default 90 */
  readonly seconds?: number;
  readonly signal?: AbortSignal | undefined;
  /**
   * `spare`: only one that nobody else may need, at once or not at all. `urgent`: before everybody who waits, for what
   * makes others free.
   */
  readonly rank?: "spare" | "urgent";
}

/** Less than a call of the engine has for its stream, so that the reason is told. */
const WAIT_SECONDS = 90;

/** The sessions of one SSH connection. */
export class Sessions {
  private readonly host: string;
  private readonly free = new Semaphore(SESSIONS);
  /** As many as the machine has been seen to allow. */
  private limit = SESSIONS;

  constructor(host: string) {
    this.host = host;
  }

  /**
   * Takes one.
   *
   * @returns what gives it back
   * @throws HostUnreachableError when none is free in time, or the signal's reason
   */
  async take({ seconds = WAIT_SECONDS, signal, rank }: SessionOptions): Promise<() => void> {
    if (signal?.aborted === true) throw abortError(signal);
    if (rank === "spare" && this.free.getValue() < 2) throw this.busy(0);
    const taken = this.free.acquire(1, rank === "urgent" ? 1 : 0);
    const end = new AbortController();
    try {
      const [, release] = await Promise.race([
        taken,
        this.late(seconds, end.signal),
        ...(signal === undefined ? [] : [aborted(signal, end.signal)]),
      ]);
      return release;
    } catch (error) {
      // It comes when nobody waits for it any more.
      void taken.then(([, release]) => {
        release();
      });
      throw error;
    } finally {
      end.abort();
    }
  }

  /**
   * Says that the machine refused one that was taken: it allows fewer than was thought, and this one is not given back.
   *
   * @returns whether others are in use, so that one of them may be waited for
   */
  refused(release: () => void): boolean {
    const others = this.limit - this.free.getValue() - 1;
    if (others > 0) this.limit -= 1;
    else release();
    return others > 0;
  }

  private async late(seconds: number, end: AbortSignal): Promise<never> {
    await delay(seconds * 1000, undefined, { signal: end });
    throw this.busy(seconds);
  }

  private busy(seconds: number): HostUnreachableError {
    if (this.limit < SESSIONS)
      return new HostUnreachableError(
        this.host,
        `${this.host}: its sshd allows ${this.limit} sessions at once, and none came free within ${seconds} s. ` +
          "Set MaxSessions there to 10, its default",
      );
    return new HostUnreachableError(
      this.host,
      `${this.host}: all of its ${SESSIONS} SSH sessions are in use, and none came free within ${seconds} s. A user ` +
        "that may not open Docker's socket takes one for every call: log in as root or as a user of the group docker",
    );
  }
}
