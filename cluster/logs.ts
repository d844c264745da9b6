import type { Engine } from "../hosts/engine";
import { containerLogs, taskLogs } from "../hosts/engine-api";
import { Frames, NoFramesError } from "../hosts/frames";
import { printableLine } from "../hosts/printable";
import type { ClusterContext } from "./context";

/** How much of a task's output is asked for. */
interface Wanted {
  /** Lines at most. */
  readonly lines: number;
  /** Characters of a line at most. */
  readonly width: number;
  /** Seconds after which a node that does not hand out its log is left alone. */
  readonly seconds: number;
}

/** What a report shows. */
const reported: Wanted = { lines: 20, width: 400, seconds: 10 };

/** Bytes of a log that are read: a line may be as long as its program likes. */
const mostBytes = 256 * 1024;

/**
 * The last lines that a task has written, oldest first, without the secrets of the run and fit for a terminal; none
 * when its node cannot hand them out any more.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Task/operation/TaskLogs
 */
export async function lastLines(
  context: Pick<ClusterContext, "managers" | "scrub">,
  taskId: string,
  wanted: Wanted = reported,
  stop?: AbortSignal,
): Promise<string[]> {
  return lastOf(context, wanted, stop, (signal) =>
    context.managers.use(async (engine) =>
      textOf(await startOf(await taskLogs(engine, taskId, { tail: wanted.lines }, { signal }))),
    ),
  );
}

/** The same of a container, by the engine of its machine. */
export async function lastLinesOfContainer(
  context: Pick<ClusterContext, "scrub">,
  engine: Engine,
  id: string,
): Promise<string[]> {
  return lastOf(context, reported, undefined, async (signal) =>
    textOf(await startOf(await containerLogs(engine, id, { tail: reported.lines }, { signal }))),
  );
}

async function lastOf(
  { scrub }: Pick<ClusterContext, "scrub">,
  wanted: Wanted,
  stop: AbortSignal | undefined,
  read: (signal: AbortSignal) => Promise<string>,
): Promise<string[]> {
  const late = AbortSignal.timeout(wanted.seconds * 1000);
  const signal = stop === undefined ? late : AbortSignal.any([late, stop]);
  try {
    // Before a line is cut: half a secret would not be found.
    return linesOf(scrub(await read(signal)), wanted);
  } catch {
    // The report is about another error; a log that is gone with its container must not hide that one.
    return [];
  }
}

/** A stream up to where it gets too much. */
async function startOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    if (size > mostBytes) break;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function linesOf(text: string, { lines, width }: Wanted): string[] {
  const all = text.split(/\r?\n/).map((line) => line.trimEnd());
  return all
    .filter((line) => line !== "")
    .slice(-lines)
    .map((line) => printableLine(line.length > width ? `${line.slice(0, width)}…` : line));
}

/** Text out of Docker's stream, whatever its frames are. Output of a terminal has none. */
export function textOf(stream: Buffer): string {
  try {
    const pieces = new Frames().write(stream);
    return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString("utf8");
  } catch (error) {
    if (error instanceof NoFramesError) return stream.toString("utf8");
    throw error;
  }
}
