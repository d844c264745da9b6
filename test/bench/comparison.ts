import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import Table from "cli-table3";
import { report } from "./results";

/** One of the things that a benchmark sets side by side. */
export interface Contender {
  readonly name: string;
  /** Does it once, from beginning to end. */
  readonly run: () => Promise<unknown>;
  /** Makes the next run possible; not counted. @default - nothing */
  readonly after?: () => Promise<unknown>;
}

/** What each run took, in order. */
interface Measured {
  readonly name: string;
  readonly seconds: number[];
  /** Of the processor, in all that the run has started and awaited: the same however busy the machine is. */
  readonly processor: number[];
}

/**
 * Runs the contenders in turn, so that what else the machine does meets all of them alike, and prints medians and
 * their ratios to the first, in seconds and in processor time. The first round warms caches and is not counted, unless
 * there is nothing to warm.
 */
export async function compare(
  title: string,
  rounds: number,
  contenders: readonly Contender[],
  { warm = true } = {},
): Promise<void> {
  const measured = contenders.map(({ name }): Measured => ({ name, seconds: [], processor: [] }));
  for (let round = warm ? 0 : 1; round <= rounds; round++) {
    for (const [index, { run, after }] of contenders.entries()) {
      const [began, spent] = [performance.now(), processorSeconds()];
      await run();
      if (round > 0) {
        measured[index]?.seconds.push((performance.now() - began) / 1000);
        measured[index]?.processor.push(processorSeconds() - spent);
      }
      await after?.();
    }
  }
  print(title, measured);
}

/** Processor time of all processes that were started from here and have ended. */
function processorSeconds(): number {
  // The name of the process, in brackets, may have blanks in it; times are in hundredths of a second.
  const [, rest = ""] = readFileSync("/proc/self/stat", "utf8").split(") ");
  const [user = 0, system = 0] = rest.split(" ").slice(13, 15).map(Number);
  return (user + system) / 100;
}

/** Prints medians, extremes and ratios to the first. */
function print(title: string, measured: readonly Measured[]): void {
  const [first] = measured;
  const rows = measured.map(({ name, seconds, processor }) => {
    const figures = [
      median(seconds),
      Math.min(...seconds),
      Math.max(...seconds),
      median(seconds) / median(first?.seconds ?? []),
      median(processor),
      median(processor) / median(first?.processor ?? []),
    ];
    // Calls of an API start no program: there is no ratio to what takes no time.
    return [name, ...figures.map((figure) => (Number.isFinite(figure) ? figure.toFixed(2) : "–"))];
  });
  printTable([title, "median s", "min s", "max s", "ratio", "processor s", "ratio"], rows);
}

/** Reports a table without colours, so that it reads the same in a file. */
export function printTable(head: string[], rows: readonly (readonly string[])[]): void {
  const table = new Table({ head, style: { head: [], border: [] } });
  table.push(...rows.map((row) => [...row]));
  report(table.toString());
}

/** The middle of some figures; NaN of none. */
function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  return (low + high) / 2;
}

/** Runs a command and answers what it printed. @throws Error with all of its output when it fails */
export function command(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const [file = "", ...args] = argv;
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let all = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
      all += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => (all += data.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(stdout);
      else reject(new Error(`${argv.join(" ")} ended with code ${String(code)}\n${all}`));
    });
  });
}
