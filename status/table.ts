import Table from "cli-table3";
import type { createColors } from "picocolors";

/** Picocolors, switched on or off. */
export type Colors = ReturnType<typeof createColors>;

/** Cells of a line, or a heading over those that follow. */
export type Row = readonly string[] | { readonly heading: string };

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
  const cells = rows.filter((row): row is readonly string[] => Array.isArray(row));
  const widths = head.map((word, column) =>
    Math.max(...[word, ...cells.map((row) => row[column] ?? "")].map(lengthOf)),
  );
  const made = new Table({
    chars: borders,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    ...(width === undefined
      ? {}
      : { colWidths: narrowed(widths, width), wordWrap: true, wrapOnWordBoundary: false }),
  });
  const lines = rows.map((row) =>
    "heading" in row ? [{ content: row.heading, colSpan: head.length }] : [...row],
  );
  made.push(
    head.map((word) => colors.bold(word)),
    ...lines,
  );
  return made
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

/** Characters that are seen. */
function lengthOf(text: string): number {
  // eslint-disable-next-line no-control-regex -- colours, which the terminal obeys
  return text.replace(/\u001b\[\d+m/g, "").length;
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
