import { changed, type Change } from "../change";
import { happenings } from "../happenings";
import type { Picture } from "../picture";

/** Lines of what has happened that are kept. */
const MOST_LINES = 60;

/** Lines for one moment. */
const MOST_AT_ONCE = 10;

/** Milliseconds until a page that was away is let go of: a glance at another tab costs nothing. */
const AWAY_MILLISECONDS = 10_000;

/** Something that happened, by this machine's clock. */
export interface Happened {
  readonly at: Date;
  readonly text: string;
  readonly key: number;
}

/** All that the page knows. */
export interface Known {
  readonly picture: Picture | undefined;
  /** `file`: a picture of one moment. `ended`: the command behind the page does not answer. */
  readonly link: "file" | "opening" | "live" | "ended";
  /** Why nobody could be asked. */
  readonly problem: string;
  readonly lately: readonly Happened[];
}

/** The picture as it changes, from the command that serves the page. */
export class Live {
  known: Known;
  /** When Docker was asked last, in milliseconds. */
  seenAt = Date.now();
  private listener: () => void = () => undefined;
  private events: EventSource | undefined;
  private count = 0;

  /** @param picture - of a page that is a file: then nobody is asked */
  constructor(picture: Picture | undefined) {
    const link = picture === undefined ? "opening" : "file";
    this.known = { picture, link, problem: "", lately: [] };
    if (link === "file") return;
    this.open();
    let away: number | undefined;
    // Nobody looks: nobody need be asked.
    document.addEventListener("visibilitychange", () => {
      window.clearTimeout(away);
      if (document.hidden) away = window.setTimeout(() => this.events?.close(), AWAY_MILLISECONDS);
      else if (this.events?.readyState === EventSource.CLOSED) this.open();
    });
  }

  onNews(listener: () => void): void {
    this.listener = listener;
  }

  private open(): void {
    this.events?.close();
    const events = new EventSource("news");
    this.events = events;
    const on = (kind: string, act: (data: unknown) => void): void => {
      events.addEventListener(kind, (event: MessageEvent<string>) => {
        act(JSON.parse(event.data));
      });
    };
    on("picture", (picture) => {
      this.show(picture as Picture);
    });
    on("change", (change) => {
      const { picture } = this.known;
      if (picture !== undefined) this.show(changed(picture, change as Change));
    });
    on("seen", () => {
      this.seenAt = Date.now();
      if (this.known.problem !== "" || this.known.link !== "live")
        this.set({ problem: "", link: "live" });
    });
    on("problem", (problem) => {
      this.set({ problem: String(problem), link: "live" });
    });
    events.onerror = () => {
      this.set({ link: "ended" });
      // An answer that is no stream ends it for good; the command may be there again later.
      if (events.readyState === EventSource.CLOSED)
        window.setTimeout(() => {
          if (this.events === events && !document.hidden) this.open();
        }, 5000);
    };
  }

  private show(picture: Picture): void {
    const before = this.known.picture;
    const texts = before === undefined ? [] : fewer(happenings(before, picture));
    const at = new Date();
    const news = texts.map((text) => ({ at, text, key: (this.count += 1) }));
    const lately = [...news.reverse(), ...this.known.lately].slice(0, MOST_LINES);
    this.seenAt = Date.now();
    this.set({ picture, link: "live", problem: "", lately });
  }

  private set(news: Partial<Known>): void {
    this.known = { ...this.known, ...news };
    this.listener();
  }
}

/** A node that fails moves a hundred tasks at once: nobody reads, or hears, a hundred lines. */
function fewer(texts: readonly string[]): readonly string[] {
  if (texts.length <= MOST_AT_ONCE) return texts;
  const left = texts.length - MOST_AT_ONCE + 1;
  return [...texts.slice(0, MOST_AT_ONCE - 1), `and ${left} more changes`];
}
