import { printable } from "../hosts/printable";
import { messageOf } from "../hosts/errors";
import { changed, changeBetween, type Change } from "./change";
import type { Look, Source } from "./look";
import { pictureOf } from "./model";
import type { Detail, Picture } from "./picture";
import { detailOf } from "./tiles";

/** What is new for whoever watches. */
export type News =
  | { readonly kind: "picture"; readonly picture: Picture }
  | { readonly kind: "change"; readonly change: Change }
  /** Docker was asked and nothing has changed. */
  | { readonly kind: "seen" }
  /** Nobody could be asked, and why: what is shown is as it was. */
  | { readonly kind: "problem"; readonly problem: string };

/** How often Docker is asked, in milliseconds. */
export interface Pace {
  /** From one look to the next. A look that takes longer is followed by a pause that is as long as itself. */
  readonly period: number;
  /** After an event, which comes with others of its kind. */
  readonly gather: number;
  /** After nobody could be asked. */
  readonly retry: number;
}

const PACE: Pace = { period: 1000, gather: 250, retry: 2000 };

/**
 * Looks at the swarm for as long as somebody watches, and tells what has changed. Docker sends no events for tasks, so
 * its lists are asked for again and again; those of nodes bring the next look forward.
 */
export class Feed {
  private readonly source: Source;
  private readonly pace: Pace;
  private readonly listeners = new Set<(news: News) => void>();
  private last: { readonly look: Look; readonly picture: Picture } | undefined;
  private problem: string | undefined;
  private looking: AbortController | undefined;
  private readonly rest = new Rest();

  constructor(source: Source, pace: Pace = PACE) {
    this.source = source;
    this.pace = pace;
  }

  /**
   * Tells `listener` what is known, and from then on what is new.
   *
   * @returns what ends that
   */
  watch(listener: (news: News) => void): () => void {
    // Wrapped, so that one that watches twice has to stop twice.
    const own = (news: News): void => {
      listener(news);
    };
    this.listeners.add(own);
    if (this.last !== undefined) own({ kind: "picture", picture: this.last.picture });
    if (this.problem !== undefined) own({ kind: "problem", problem: this.problem });
    if (this.looking === undefined) {
      this.looking = new AbortController();
      void this.follow(this.looking.signal);
    }
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size > 0) return;
      this.looking?.abort();
      this.looking = undefined;
      this.rest.endWithin(0);
    };
  }

  /** What is to be said of a task; undefined when there is none of that id. */
  async detail(id: string): Promise<Detail | undefined> {
    const isThere = this.last?.look.tasks.some((task) => task.ID === id) ?? false;
    if (!isThere) return undefined;
    const log = await this.source.log(id);
    return this.last === undefined ? undefined : detailOf(this.last.look, id, log);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const unlisten = this.source.onEvent(() => {
      this.rest.endWithin(this.pace.gather);
    });
    while (!signal.aborted) {
      const began = Date.now();
      await this.lookOnce(signal);
      const took = Date.now() - began;
      const pause = this.problem === undefined ? this.pauseAfter(took) : this.pace.retry;
      // Who stopped watching during the look has ended the pause already.
      await this.rest.begin(pause);
    }
    unlisten();
  }

  private pauseAfter(took: number): number {
    return Math.max(this.pace.period - took, took);
  }

  private async lookOnce(signal: AbortSignal): Promise<void> {
    try {
      const look = await this.source.look();
      const picture = pictureOf(look, this.source.declared);
      if (!signal.aborted) this.tell(look, picture);
    } catch (error) {
      if (signal.aborted) return;
      this.problem = printable(messageOf(error));
      this.send({ kind: "problem", problem: this.problem });
    }
  }

  private tell(look: Look, picture: Picture): void {
    const before = this.last?.picture;
    this.problem = undefined;
    if (before === undefined) {
      this.last = { look, picture };
      this.send({ kind: "picture", picture });
      return;
    }
    const change = changeBetween(before, picture);
    this.last = { look, picture: change === undefined ? before : changed(before, change) };
    this.send(change === undefined ? { kind: "seen" } : { kind: "change", change });
  }

  private send(news: News): void {
    for (const listener of this.listeners) listener(news);
  }
}

/** A pause that can be cut short, also before it has begun. */
class Rest {
  private timer: NodeJS.Timeout | undefined;
  private end: (() => void) | undefined;
  private until = 0;
  /** Milliseconds of the next pause at most. */
  private most = Infinity;

  async begin(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      this.end = resolve;
      this.endAfter(Math.min(milliseconds, this.most));
      this.most = Infinity;
    });
  }

  /** Ends it so many milliseconds from now at the latest. */
  endWithin(milliseconds: number): void {
    if (this.end === undefined) this.most = milliseconds;
    else if (Date.now() + milliseconds < this.until) this.endAfter(milliseconds);
  }

  private endAfter(milliseconds: number): void {
    clearTimeout(this.timer);
    this.until = Date.now() + milliseconds;
    this.timer = setTimeout(() => {
      this.end?.();
      this.end = undefined;
    }, milliseconds);
  }
}
