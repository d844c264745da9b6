import type { ClusterContext } from "./context";
import type { Attempt } from "./attempts";
import { lastLines } from "./logs";

/** Milliseconds after which a log is asked for again at the earliest. */
const pause = 3000;

/** The line beside a resource has room for one line, and a few empty ones may follow it. */
const asked = { lines: 5, width: 120, seconds: 3 };

/**
 * The last line that the task of the progress line has written. It is asked for beside the rollout, which never waits
 * for it: only when the task that ended last is another one, and not more often than every few seconds.
 */
export class LastWords {
  private readonly context: ClusterContext;
  private readonly stop = new AbortController();
  private asks = false;
  private nextAt = 0;
  /** The task that was asked about last. */
  private task = "";
  private slot = "";
  private line = "";

  constructor(context: ClusterContext) {
    this.context = context;
  }

  /** `: the line`, for the end of a progress line that speaks of a slot; empty where nothing is known. */
  of(tried: Attempt | undefined): string {
    if (tried === undefined) return "";
    const { ID: id = "", Slot: number = 0, NodeID: node = "", Status: status } = tried.last;
    const slot = number === 0 ? node : String(number);
    if (slot !== this.slot) this.line = "";
    this.slot = slot;
    const hasLog = (status?.ContainerStatus?.ContainerID ?? "") !== "";
    if (hasLog && id !== this.task && !this.asks && Date.now() >= this.nextAt) void this.ask(id);
    return this.line === "" ? "" : `: ${this.line}`;
  }

  end(): void {
    this.stop.abort();
  }

  private async ask(id: string): Promise<void> {
    this.asks = true;
    this.task = id;
    this.nextAt = Date.now() + pause;
    const lines = await lastLines(this.context, id, asked, this.stop.signal);
    this.asks = false;
    if (id === this.task) this.line = lines.at(-1) ?? this.line;
  }
}
