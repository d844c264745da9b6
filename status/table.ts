import Table from "cli-table3";
import type { createColors } from "picocolors";

/** Picocolors, switched on or off. */
export type Colors = ReturnType<typeof createColors>;

/** A text, and the colour that it gets once it is broken into lines. */
export type Cell = string | { readonly text: string; readonly paint: (text: string) => string };

/** Cells of a line, or a heading over those that follow. */
export type Row = readonly Cell[] | { readonly heading: string };

const borders = {
  ...{ top: "", "top-mid": "", "top-left": "", "top-right": "" },
  ...{ bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" },
  ...{ left: "", "left-mid": "", mid: "", "mid-mid": "" },
  ...{ right: "", "right-mid": "", middle: "  " },
};

/** Between two columns. */
const GAP = 2;

/** No column is made narrower. */
const NARROWEST = 6;

/**
 * Columns under their heads. Where it would be wider than the terminal, the widest columns are broken into lines.
 *
 * @param width - columns of the terminal; undefined: as wide as it is
 */
export function table(
  head: readonly string[],
  rows: readonly Row[],
  colors: Colors,
  width?: number,
): string {
  const bold = head.map((text) => ({ text, paint: colors.bold }));
  const cells = [bold, ...rows.filter((row): row is readonly Cell[] => !("heading" in row))];
  const widths = head.map((_, column) =>
    Math.max(...cells.map((row) => textOf(row[column] ?? "").length)),
  );
  const room = width === undefined ? widths : narrowed(widths, width);
  const broken = (row: readonly Cell[]): string[] =>
    row.map((cell, column) => painted(cell, room[column] ?? Infinity));
  const made = new Table({
    chars: borders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  const lines = rows.map((row) =>
    "heading" in row ? [{ content: row.heading, colSpan: head.length }] : broken(row),
  );
  made.push(broken(bold), ...lines);
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function painted(cell: Cell, width: number): string {
  const paint = typeof cell === "string" ? (text: string): string => text : cell.paint;
  return linesOf(textOf(cell), width).map(paint).join("\n");
}

/** Breaks at the last space that there is in a line, else wherever it ends. */
function linesOf(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(space > 0 ? end + 1 : end);
  }
  return [...lines, rest];
}

/** Takes from the widest column until all fit, or none can give any more. */
function narrowed(widths: readonly number[], width: number): number[] {
  const left = [...widths];
  const gaps = GAP * (widths.length - 1);
  for (;;) {
    const total = left.reduce((sum, each) => sum + each, gaps);
    const widest = Math.max(...left);
    if (total <= width || widest <= NARROWEST) return left;
    left[left.indexOf(widest)] = Math.max(NARROWEST, widest - (total - width), second(left));
  }
}

/** One less than the widest where several are equally wide, else the width of the next one. */
function second(widths: readonly number[]): number {
  const [first = 0, next = 0] = widths.toSorted((a, b) => b - a);
  return next === first ? first - 1 : next;
}
