import { StringDecoder } from "node:string_decoder";
import type { ClientChannel } from "ssh2";
import { abortError, DeadlineError, HostError, HostUnreachableError } from "./errors";
import { Lines } from "./lines";
import type { Preamble } from "./sudo";

/** A command that says more than this is stopped: its answer could not be trusted to be whole. */
const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** Pieces that are kept apart. */
const PIECES = 1024;

/** Time for a killed command's end to arrive, before the connection is taken for dead. */
const GRACE_SECONDS = 15;

const SIGNALS: Readonly<Record<string, number>> = { HUP: 1, INT: 2, KILL: 9, SEGV: 11, TERM: 15 };

/** What is being waited for. */
export interface Following {
  readonly host: string;
  readonly title: string;
  readonly seconds: number;
  readonly signal: AbortSignal | undefined;
  onLine(line: string): void;
  /** Ends the command on the machine, for which nobody waits any more. */
  abandon(): void;
}

/** A command whose session is open. */
export interface Started {
  readonly channel: ClientChannel;
  readonly end: ChannelEnd;
  readonly preamble: Preamble;
}

/** How a command ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line that was not empty. */
  readonly lastLine: string;
}

/** One of the two outputs: whole characters, whole lines. */
class Output {
  private readonly decoder = new StringDecoder("utf8");
  private readonly lines: Lines;
  private readonly blocks: string[] = [];
  private pieces: string[] = [];

  constructor(onLine: (line: string) => void) {
    this.lines = new Lines(onLine);
  }

  take(chunk: Buffer): void {
    const text = this.decoder.write(chunk);
    this.pieces.push(text);
    // A machine that sends every byte by itself must not cost more than its bytes.
    if (this.pieces.length >= PIECES) this.gather();
    this.lines.write(text);
  }

  end(): string {
    const rest = this.decoder.end();
    this.lines.end(rest);
    this.gather();
    return this.blocks.join("") + rest;
  }

  private gather(): void {
    this.blocks.push(this.pieces.join(""));
    this.pieces = [];
  }
}

/**
 * Collects the output of a command until its channel closes.
 *
 * @throws DeadlineError, HostUnreachableError when the connection breaks, or the signal's reason
 */
export async function follow(
  { channel, end, preamble }: Started,
  following: Following,
): Promise<Ended> {
  const { host, seconds, signal, title } = following;
  let lastLine = "";
  const onLine = (line: string) => {
    if (line.trim() !== "") lastLine = line;
    following.onLine(line);
  };
  const outputs = { out: new Output(onLine), err: new Output(onLine) };
  let stop: (error: Error) => void = () => undefined;
  const onAbort = () => {
    if (signal !== undefined) stop(abortError(signal));
  };
  // The remote `timeout` is the one that acts; this one is for a connection that says nothing any more.
  const timer = setTimeout(
    () => {
      stop(new DeadlineError(host, title, seconds, lastLine));
      channel.destroy();
    },
    (seconds + GRACE_SECONDS) * 1000,
  );
  try {
    const code = await new Promise<number | undefined>((resolve, reject) => {
      stop = (error) => {
        following.abandon();
        reject(error);
      };
      signal?.addEventListener("abort", onAbort);
      // While the session was being opened, nobody listened.
      if (signal?.aborted === true) onAbort();
      collect(channel, preamble, outputs, () => {
        stop(new HostError(host, `${host}: ${title} was stopped: it said more than 32 MiB`));
      });
      end.code.then(resolve, stop);
    });
    const stdout = outputs.out.end();
    const stderr = outputs.err.end();
    if (code !== undefined) return { code, stdout, stderr, lastLine };
    throw new HostUnreachableError(host, `${host}: the connection broke while ${title} ran`);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}

function collect(
  channel: ClientChannel,
  preamble: Preamble,
  outputs: { readonly out: Output; readonly err: Output },
  onTooMuch: () => void,
): void {
  let size = 0;
  const into = (output: Output) => (chunk: Buffer) => {
    size += chunk.length;
    if (size > OUTPUT_LIMIT) onTooMuch();
    else output.take(chunk);
  };
  preamble.onRest(into(outputs.err));
  channel.on("data", into(outputs.out));
}

/** The end of a channel, listened for from its first moment on. */
export class ChannelEnd {
  /** The exit code once everything was said; undefined when the channel closed without one. */
  readonly code: Promise<number | undefined>;

  constructor(channel: ClientChannel) {
    let code: number | undefined;
    channel.on("exit", (status: number | null, signal?: string) => {
      code = status ?? 128 + (SIGNALS[signal ?? ""] ?? 0);
    });
    this.code = new Promise((resolve, reject) => {
      channel.on("error", reject);
      channel.on("close", () => {
        resolve(code);
      });
    });
    // Whoever gives up waiting has an error of their own.
    this.code.catch(() => undefined);
  }
}
