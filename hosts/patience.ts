/**
 * Seconds for the stream of a call, before the call's own time begins, where it changes something or where streams cost
 * a session each: these wait for each other, and an engine that has not been asked yet is none that takes too long.
 */
const OPENING_SECONDS = 120;

/** The time that one call of the engine has. */
export class Patience {
  /** Seconds that it has now; when it is over: those that it had. */
  seconds: number;
  /** Whether it got a connection to the engine, which may have heard it since. */
  wasSent = false;
  private readonly own: number;
  private readonly waits: () => boolean;
  private readonly over = new AbortController();
  private timer: NodeJS.Timeout;

  /**
   * @param seconds - for the engine's answer, and for its stream unless `waits` says otherwise
   * @param waits - whether the stream has a time of its own; streams turn out to be costly when the first is opened
   */
  constructor(seconds: number, waits: () => boolean) {
    this.own = seconds;
    this.seconds = seconds;
    this.waits = waits;
    this.timer = this.after(seconds, () => {
      this.extend();
    });
  }

  /** Aborted when the time is over. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  get isOver(): boolean {
    return this.over.signal.aborted;
  }

  /** The call has a connection: its own time begins. */
  sent(): void {
    this.wasSent = true;
    if (!this.waits() || this.isOver) return;
    this.end();
    this.seconds = this.own;
    this.timer = this.after(this.own, () => {
      this.over.abort();
    });
  }

  /** The call is over. */
  end(): void {
    clearTimeout(this.timer);
  }

  private extend(): void {
    const left = OPENING_SECONDS - this.own;
    if (this.wasSent || left <= 0 || !this.waits()) {
      this.over.abort();
      return;
    }
    this.seconds = OPENING_SECONDS;
    this.timer = this.after(left, () => {
      this.over.abort();
    });
  }

  private after(seconds: number, act: () => void): NodeJS.Timeout {
    return setTimeout(act, seconds * 1000);
  }
}
