const INTERVAL_MILLISECONDS = 250;

/** The line beside a resource: the newest text, at most four times a second, the same text never twice in a row. */
export class StatusLine {
  private readonly write: (text: string) => void;
  private shown = "";
  private waiting: string | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(write: (text: string) => void) {
    this.write = write;
  }

  show(text: string): void {
    if (text === (this.waiting ?? this.shown)) return;
    this.waiting = text;
    if (this.timer === undefined) this.writeWaiting();
  }

  /** Shows the last text now: it stays beside the resource. */
  end(): void {
    clearTimeout(this.timer);
    this.writeWaiting();
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private writeWaiting(): void {
    this.timer = undefined;
    const text = this.waiting;
    this.waiting = undefined;
    if (text === undefined || text === this.shown) return;
    this.shown = text;
    this.write(text);
    this.timer = setTimeout(() => {
      this.writeWaiting();
    }, INTERVAL_MILLISECONDS);
  }
}
