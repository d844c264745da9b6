import type { Call } from "./call";
import type { Point } from "./machine-proxy";

/** What a cut takes away: the plugin alone, everything that `npm run` started, or every connection to the machines. */
export type Way = "plugin" | "run" | "connection";

/** One cut that was made. */
export interface Cut {
  readonly kind: string;
  readonly point: Point;
  readonly way: Way;
}

/** Numbers from 0 to 1 that follow from a seed alone. */
export function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    // Numerical Recipes' generator: good enough to choose with.
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Sees every call of a run, counts them, and cuts where it is told to. */
export class Cutter {
  /** How often each kind of call was made in this run; those that change something first. */
  readonly counts = new Map<string, { times: number; readonly changes: boolean }>();
  /** Those of this run. */
  readonly made: Cut[] = [];
  private readonly wanted: (call: Call, point: Point, time: number) => Way | undefined;
  private readonly act: (way: Way) => void;

  /** @param wanted - told the how-manieth call of its kind it is, from 1 on; answers how to cut there, if at all */
  constructor(
    wanted: (call: Call, point: Point, time: number) => Way | undefined,
    act: (way: Way) => void,
  ) {
    this.wanted = wanted;
    this.act = act;
  }

  /** As {@link Watch}. */
  at(call: Call, point: Point): boolean {
    const count = this.counts.get(call.kind) ?? { times: 0, changes: call.changes };
    if (point === "before") count.times += 1;
    this.counts.set(call.kind, count);
    const way = this.wanted(call, point, count.times);
    if (way === undefined) return false;
    this.made.push({ kind: call.kind, point, way });
    this.act(way);
    return true;
  }
}

/** Cuts and what became of them, as a table: a line per kind of call, a column per point. */
export class CutTable {
  private readonly cells = new Map<string, Map<Point, { made: number; recovered: number }>>();

  /** Cuts that were made. */
  get made(): number {
    return this.sum("made");
  }

  /** Those after which everything came to be as declared. */
  get recovered(): number {
    return this.sum("recovered");
  }

  /** Whether such a cut was made. */
  has(kind: string, point: Point): boolean {
    return this.cells.get(kind)?.has(point) === true;
  }

  add({ kind, point }: Cut): void {
    this.cell(kind, point).made += 1;
  }

  recover({ kind, point }: Cut): void {
    this.cell(kind, point).recovered += 1;
  }

  toString(): string {
    const points = ["before", "during", "after"] as const;
    const lines = [...this.cells]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([kind, cells]) => {
        const columns = points.map((point) => {
          const cell = cells.get(point);
          return (cell === undefined ? "" : `${cell.recovered}/${cell.made}`).padEnd(8);
        });
        return `${kind.padEnd(44)}${columns.join("")}`.trimEnd();
      });
    const head = `${"recovered/made".padEnd(44)}${points.map((point) => point.padEnd(8)).join("")}`;
    return [head.trimEnd(), ...lines, `${this.recovered} of ${this.made} cuts recovered`].join(
      "\n",
    );
  }

  private sum(what: "made" | "recovered"): number {
    return [...this.cells.values()]
      .flatMap((cells) => [...cells.values()])
      .reduce((sum, cell) => sum + cell[what], 0);
  }

  private cell(kind: string, point: Point): { made: number; recovered: number } {
    const cells = this.cells.get(kind) ?? new Map<Point, { made: number; recovered: number }>();
    this.cells.set(kind, cells);
    const cell = cells.get(point) ?? { made: 0, recovered: 0 };
    cells.set(point, cell);
    return cell;
  }
}
