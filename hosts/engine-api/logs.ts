import { StringDecoder } from "node:string_decoder";
import type { Engine } from "../engine";
import { Lines } from "../lines";
import { segment } from "./call";

/** A line that a task wrote. */
export interface LogLine {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** Which lines. */
export interface LogOptions {
  /** Only the last so many. @default - all */
  readonly tail?: number;
  /** Go on with new lines until `signal` is aborted. @default false */
  readonly follow?: boolean;
  /** With the time of each line in front. @default false */
  readonly timestamps?: boolean;
  readonly signal: AbortSignal;
}

/** Lines that the tasks of a service wrote. */
export async function* serviceLogs(
  engine: Engine,
  id: string,
  options: LogOptions,
): AsyncGenerator<LogLine> {
  yield* logs(engine, `/services/${segment(id)}/logs`, options);
}

/** Lines that one task wrote. */
export async function* taskLogs(
  engine: Engine,
  id: string,
  options: LogOptions,
): AsyncGenerator<LogLine> {
  yield* logs(engine, `/tasks/${segment(id)}/logs`, options);
}

async function* logs(engine: Engine, path: string, options: LogOptions): AsyncGenerator<LogLine> {
  const { signal, tail, follow = false, timestamps = false } = options;
  const query = { stdout: true, stderr: true, tail: tail ?? "all", follow, timestamps };
  const response = await engine.stream("GET", path, { query, signal });
  const reader = new LogReader();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) yield* reader.write(chunk);
    yield* reader.end();
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    response.destroy();
  }
}

const HEADER = 8;

/**
 * Takes Docker's log stream apart: frames of an 8-byte head (stream, three zeros, length) and so many bytes, or plain
 * text for a service with a terminal. Engines before API 1.42 do not say which it is, so the first bytes decide.
 *
 * @see https://docs.docker.com/reference/api/engine/ "Attach to a container", stream format
 */
export class LogReader {
  private rest = Buffer.alloc(0);
  private plain: boolean | undefined;
  private readonly ready: LogLine[] = [];
  private readonly outputs = { stdout: this.output("stdout"), stderr: this.output("stderr") };

  /** Lines that are complete with this piece. */
  write(chunk: Buffer): LogLine[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    this.plain ??= this.rest.length >= 4 ? !isHead(this.rest) : undefined;
    if (this.plain === true) {
      this.outputs.stdout.write(this.rest);
      this.rest = Buffer.alloc(0);
    }
    if (this.plain === false) this.takeFrames();
    return this.ready.splice(0);
  }

  /** Lines without an end. */
  end(): LogLine[] {
    if (this.plain === undefined) this.outputs.stdout.write(this.rest);
    this.outputs.stdout.end();
    this.outputs.stderr.end();
    return this.ready.splice(0);
  }

  private takeFrames(): void {
    while (this.rest.length >= HEADER) {
      const length = this.rest.readUInt32BE(4);
      if (this.rest.length < HEADER + length) return;
      const output = this.rest[0] === 2 ? this.outputs.stderr : this.outputs.stdout;
      output.write(this.rest.subarray(HEADER, HEADER + length));
      this.rest = this.rest.subarray(HEADER + length);
    }
  }

  private output(stream: LogLine["stream"]) {
    const decoder = new StringDecoder("utf8");
    const lines = new Lines((text) => this.ready.push({ stream, text }));
    return {
      write: (bytes: Buffer) => {
        lines.write(decoder.write(bytes));
      },
      end: () => {
        lines.end(decoder.end());
      },
    };
  }
}

function isHead(bytes: Buffer): boolean {
  const [stream = 255, ...zeros] = bytes.subarray(0, 4);
  return stream <= 2 && zeros.every((byte) => byte === 0);
}
