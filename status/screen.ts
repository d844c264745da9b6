import { printable } from "../hosts/printable";
import type { Colors } from "./table";
import { asObject, asText } from "./sight";
import type { Picture } from "./watch";

/** Where pictures are shown. */
interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
}

/** Shows a picture when it is another than the one before. */
export interface Screen {
  readonly show: (picture: Picture) => void;
  /** Shows the last one again: the terminal has another size. */
  readonly redraw: () => void;
  /** Leaves the last picture where it is. */
  readonly end: () => void;
}

/** Of a terminal that is not filled to its last line. */
const SPARE_ROWS = 1;

/** What puts a text in the place of the one before. */
interface Drawing {
  (text: string): void;
  /** Leaves the last text where it is. */
  done(): void;
}

/** A terminal on which each picture replaces the one before. */
export function terminalScreen(out: Output, colors: Colors, draw: Drawing): Screen {
  let last: Picture | undefined;
  let shown = "";
  let changedAt = "";
  const redraw = (): void => {
    if (last === undefined) return;
    const text = textOf(last, colors, out.columns);
    if (text !== shown) changedAt = new Date().toLocaleTimeString("en-GB");
    shown = text;
    const foot = colors.dim(`as of ${changedAt}; Ctrl-C ends`);
    draw(`${fitted(text.trimEnd(), out, colors)}\n\n${foot}`);
  };
  return {
    show: (picture) => {
      last = picture;
      if (textOf(picture, colors, out.columns) !== shown) redraw();
    },
    redraw,
    end: () => {
      draw.done();
    },
  };
}

/** One block per change, for a file or a pipe; with `isJson`, one line of JSON. */
export function plainScreen(out: Output, colors: Colors, isJson: boolean): Screen {
  let shown = "";
  const show = (picture: Picture): void => {
    const text = isJson ? lineOf(picture) : textOf(picture, colors, undefined);
    if (text === shown) return;
    shown = text;
    out.write(isJson ? `${text}\n` : `--- ${new Date().toISOString()}\n${text}\n`);
  };
  return { show, redraw: () => undefined, end: () => undefined };
}

function textOf({ problem, sight }: Picture, colors: Colors, width: number | undefined): string {
  const seen = sight === undefined ? "" : asText(sight, { colors, width, now: Date.now() });
  if (problem === undefined) return seen;
  const what = sight === undefined ? "" : "what is above is no longer certain: ";
  return `${seen}${seen === "" ? "" : "\n"}${colors.red(printable(`${what}${problem}`))}\n`;
}

function lineOf({ problem, sight }: Picture): string {
  const seen = sight === undefined ? {} : asObject(sight, Date.now());
  const all = problem === undefined ? seen : { ...seen, problem };
  return printable(JSON.stringify(all), Infinity);
}

/** As many lines as the terminal has room for: it could not be redrawn otherwise. */
function fitted(text: string, { columns = 80, rows = 24 }: Output, colors: Colors): string {
  // The line about what is left out, an empty one, the foot.
  const room = rows - SPARE_ROWS - 3;
  const lines = text.split("\n");
  let used = 0;
  const end = lines.findIndex((line) => (used += rowsOf(line, columns)) > room);
  if (end < 0) return text;
  const count = lines.length - end;
  const left = colors.yellow(
    `… ${count} more ${count === 1 ? "line" : "lines"}: make the window higher, or name a service with --service`,
  );
  return [...lines.slice(0, end), left].join("\n");
}

function rowsOf(line: string, columns: number): number {
  // eslint-disable-next-line no-control-regex -- colours, which take no room
  const seen = line.replace(/\u001b\[\d+m/g, "").length;
  return Math.max(1, Math.ceil(seen / columns));
}
