import type { LogLine } from "./messages";

/** A stream that begins anew begins so much before the newest line: not all tasks are equally far. */
const OVERLAP_SECONDS = 30;

/** The newest time of an output, and how many lines have it. */
interface Mark {
  time: string;
  count: number;
}

/** How far the logs of each task were read, so that a stream that begins anew neither loses nor repeats a line. */
export class Progress {
  private readonly marks = new Map<string, Mark>();
  /** What the stream says again, until it comes to what is new. */
  private repeated = new Map<string, Mark>();
  private newest = "";

  /** Where a new stream is to begin, in seconds since 1970; undefined while nothing was read. */
  get since(): string | undefined {
    if (this.newest === "") return undefined;
    return (Date.parse(this.newest) / 1000 - OVERLAP_SECONDS).toFixed(3);
  }

  /** To be called before a new stream. */
  restart(): void {
    this.repeated = new Map([...this.marks].map(([key, mark]) => [key, { ...mark }]));
  }

  /** Takes note of a line; false for one that was read from a stream before. */
  isNew({ taskId, source, time }: LogLine): boolean {
    const key = `${source} ${taskId}`;
    const repeated = this.repeated.get(key);
    if (repeated !== undefined) {
      if (time < repeated.time) return false;
      if (time === repeated.time && repeated.count > 0) {
        repeated.count -= 1;
        return false;
      }
      this.repeated.delete(key);
    }
    // The clock of a machine may be set back: what comes late then is new all the same.
    const mark = this.marks.get(key);
    if (mark === undefined || time > mark.time) this.marks.set(key, { time, count: 1 });
    else if (time === mark.time) mark.count += 1;
    if (time > this.newest) this.newest = time;
    return true;
  }
}
