import { once } from "node:events";
import type { createColors } from "picocolors";
import { printable, printableLine } from "../hosts/printable";
import type { Directory } from "./directory";
import type { LogSink } from "./log-reader";
import type { LogLine } from "./messages";
import type { Chosen } from "./names";

/** How lines are shown. */
export interface LogLook {
  readonly chosen: readonly Chosen[];
  /** Lines without a match are left out. */
  readonly pattern: RegExp | undefined;
  readonly timestamps: boolean;
  /** Lines that come later may still be older than these: a stream that goes on is not waited for. */
  readonly isFollowing: boolean;
  readonly colors: ReturnType<typeof createColors>;
}

/** Lines of several tasks come a little out of order; so long they are kept to be put right. */
const SORT_MILLISECONDS = 200;

/** More are not kept: they are shown in the order in which they came. */
const MOST_KEPT = 100_000;

/** Characters of a line that are shown. */
const LONGEST_SHOWN = 16 * 1024;

/** A name may take a third of a terminal; a longer one is told without its node. */
const NAME_SHARE = 3;

/** Shows lines of tasks, by time, each with the name of its task. */
export class LogPrinter implements LogSink {
  private readonly directory: Directory;
  private readonly look: LogLook;
  private readonly out: NodeJS.WritableStream & { readonly columns?: number };
  private readonly say: (text: string) => void;
  private kept: LogLine[] = [];
  private timer: NodeJS.Timeout | undefined;
  private printing: Promise<void> = Promise.resolve();
  private width = 0;
  private readonly palette = new Map<string, (text: string) => string>();
  /** Lines that were shown. */
  count = 0;

  /** @param say - takes what is no line of a task */
  constructor(
    directory: Directory,
    look: LogLook,
    out: NodeJS.WritableStream & { readonly columns?: number },
    say: (text: string) => void,
  ) {
    this.directory = directory;
    this.look = look;
    this.out = out;
    this.say = say;
  }

  line(line: LogLine): void {
    if (this.look.pattern?.test(line.text.slice(0, LONGEST_SHOWN)) === false) return;
    this.kept.push(line);
    if (this.kept.length >= MOST_KEPT) void this.flush();
    else if (this.look.isFollowing)
      this.timer ??= setTimeout(() => {
        void this.flush();
      }, SORT_MILLISECONDS);
  }

  notice(text: string): void {
    this.say(text);
  }

  /** Resolves when everything that was taken too much of is shown. */
  async ready(): Promise<void> {
    if (this.kept.length === 0) await this.printing;
  }

  /** Shows all that is kept. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.kept;
    this.kept = [];
    this.printing = this.printing.then(async () => this.print(lines));
    return this.printing;
  }

  private async print(lines: readonly LogLine[]): Promise<void> {
    if (lines.length === 0) return;
    await this.directory.learn([...new Set(lines.map(({ taskId }) => taskId))]);
    const wanted = lines.filter((line) => this.isChosen(line));
    const sorted = wanted.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    for (const line of sorted) this.width = Math.max(this.width, this.nameOf(line).length);
    this.count += sorted.length;
    for (const line of sorted)
      if (!this.out.write(`${this.textOf(line)}\n`)) await once(this.out, "drain");
  }

  private isChosen({ taskId }: LogLine): boolean {
    const entry = this.directory.get(taskId);
    // A task that Docker has forgotten belongs to a service that was asked for all the same.
    if (entry === undefined) return this.look.chosen.some(({ slot }) => slot === undefined);
    return this.look.chosen.some(
      ({ service, slot }) =>
        service.ID === entry.serviceId && (slot === undefined || slot === entry.slot),
    );
  }

  private nameOf({ taskId }: LogLine): string {
    const name = printableLine(this.directory.get(taskId)?.name ?? `task ${taskId.slice(0, 12)}`);
    const { columns } = this.out;
    const isLong = columns !== undefined && name.length > columns / NAME_SHARE;
    return isLong ? name.replace(/@.*$/, "") : name;
  }

  private textOf(line: LogLine): string {
    const name = this.nameOf(line);
    const shown = this.colorOf(name)(`${name.padEnd(this.width)} |`);
    const time = this.look.timestamps ? `${this.look.colors.dim(line.time)} ` : "";
    return `${time}${shown} ${printable(line.text, LONGEST_SHOWN)}`;
  }

  /** A name keeps its colour; its node, which it may change, has no part in that. */
  private colorOf(name: string): (text: string) => string {
    const { cyan, green, magenta, yellow, blue, red } = this.look.colors;
    const colors = [cyan, green, magenta, yellow, blue, red];
    const key = name.replace(/@.*$/, "");
    const known = this.palette.get(key);
    if (known !== undefined) return known;
    const color = colors[this.palette.size % colors.length] ?? cyan;
    this.palette.set(key, color);
    return color;
  }
}
