import type { Engine } from "../../hosts/engine";

/** Lines of a task's output that a report shows at most. */
const shownLines = 20;

/** Longest line in a report. */
const longestLine = 400;

/** Seconds after which a node that does not hand out its log is left alone. */
const logSeconds = 10;

/**
 * The last lines that a task has written, oldest first; none when its node cannot hand them out any more.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Task/operation/TaskLogs
 */
export async function lastLines(engine: Engine, taskId: string): Promise<string[]> {
  const query = { stdout: true, stderr: true, tail: shownLines };
  const signal = AbortSignal.timeout(logSeconds * 1000);
  try {
    const answer = await engine.stream("GET", `/tasks/${taskId}/logs`, { query, signal });
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    return linesOf(textOf(Buffer.concat(chunks)));
  } catch {
    // The report is about another error; a log that is gone with its container must not hide that one.
    return [];
  }
}

function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd());
  return lines
    .filter((line) => line !== "")
    .slice(-shownLines)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
}

/**
 * Text out of Docker's stream, in which each frame has a head of eight bytes (stream, three zeros, length). Output of
 * a terminal has no heads.
 *
 * @see https://docs.docker.com/reference/api/engine/version/v1.45/#tag/Container/operation/ContainerAttach
 */
export function textOf(stream: Buffer): string {
  const frames: Buffer[] = [];
  let at = 0;
  while (at + 8 <= stream.length) {
    const isHead = (stream[at] ?? 9) <= 2 && stream.readUIntBE(at + 1, 3) === 0;
    if (!isHead) return stream.toString("utf8");
    const end = at + 8 + stream.readUInt32BE(at + 4);
    frames.push(stream.subarray(at + 8, end));
    at = end;
  }
  return Buffer.concat(frames).toString("utf8");
}
