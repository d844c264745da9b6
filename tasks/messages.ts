import { StringDecoder } from "node:string_decoder";
import type { FramePiece } from "../hosts/frames";
import { Lines } from "../hosts/lines";

/** One line that a task wrote. */
export interface LogLine {
  readonly taskId: string;
  /** Docker's, as RFC 3339 in UTC with nine decimals: they sort as texts. */
  readonly time: string;
  readonly source: "stdout" | "stderr";
  readonly text: string;
}

/** What reads a service's logs gets. */
export interface MessageListener {
  line(line: LogLine): void;
  /** What Docker says of logs that it could not get. */
  notice(text: string): void;
}

/** Characters of a message's beginning; labels that go into logs are in there. */
const LONGEST_HEAD = 64 * 1024;

const NEWLINE = 0x0a;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/;

const TASK_ID = "com.docker.swarm.task.id";

/** A message that begins; its text is what comes after the head. */
interface Message {
  head: string;
  begun: { readonly taskId: string; readonly time: string } | undefined;
}

/** The unfinished line of one task's output. */
interface Pending {
  readonly decoder: StringDecoder;
  readonly lines: Lines;
}

/** The stream is not what was asked for. */
class MisshapenError extends Error {}

/**
 * Puts the messages of a service's logs (asked for with times and details) together into lines.
 *
 * A message is `TIME DETAILS TEXT`. Some engines send it in one frame, others in one for each part, and a long line comes
 * in several messages without an end of line, between which those of other tasks may come.
 */
export class Messages {
  private readonly listener: MessageListener;
  private readonly messages = new Map<string, Message>();
  private readonly pending = new Map<string, Pending>();

  constructor(listener: MessageListener) {
    this.listener = listener;
  }

  /** The next piece. @throws Error when it is not Docker's form */
  write({ source, bytes, isLast }: FramePiece): void {
    if (source === "engine") this.listener.notice(bytes.toString("utf8").trim());
    else this.writeOf(source, bytes, isLast);
  }

  /** A line of a service whose tasks have a terminal, which comes without frames. */
  writeLine(text: string): void {
    this.write({ source: "stdout", bytes: Buffer.from(`${text}\n`), isLast: true });
  }

  /** The stream is over; what has no end of line counts as a line. */
  end(): void {
    for (const { decoder, lines } of this.pending.values()) lines.end(decoder.end());
    this.pending.clear();
  }

  private writeOf(source: LogLine["source"], bytes: Buffer, isLast: boolean): void {
    const message = this.messages.get(source) ?? { head: "", begun: undefined };
    this.messages.set(source, message);
    const rest = message.begun === undefined ? begin(message, bytes) : bytes;
    if (rest === undefined || message.begun === undefined) return;
    this.writeText({ source, ...message.begun }, rest);
    if (isLast) message.begun = undefined;
  }

  private writeText(line: Omit<LogLine, "text">, bytes: Buffer): void {
    const key = `${line.source} ${line.taskId}`;
    const pending = this.pending.get(key) ?? this.pendingOf(line);
    pending.lines.write(pending.decoder.write(bytes));
    // The next line has a time of its own.
    if (bytes.at(-1) === NEWLINE) this.pending.delete(key);
    else this.pending.set(key, pending);
  }

  private pendingOf(line: Omit<LogLine, "text">): Pending {
    const lines = new Lines((text) => {
      this.listener.line({ ...line, text });
    });
    return { decoder: new StringDecoder("utf8"), lines };
  }
}

/**
 * Takes the head of a message out of what is read.
 *
 * @returns the beginning of its text; undefined while that is still to come
 */
function begin(message: Message, bytes: Buffer): Buffer | undefined {
  // The head is ASCII; latin1 keeps every byte of what comes after it.
  message.head += bytes.toString("latin1");
  const [whole, time = "", details = ""] = /^(\S+) (\S+) /.exec(message.head) ?? [];
  if (whole === undefined) {
    if (message.head.length > LONGEST_HEAD || !/^\S* ?\S*$/.test(message.head))
      throw new MisshapenError("the log's lines do not begin with a time and details");
    return undefined;
  }
  if (!TIME.test(time)) throw new MisshapenError("the log's lines do not begin with a time");
  message.begun = { time, taskId: taskIdIn(details) };
  const rest = Buffer.from(message.head.slice(whole.length), "latin1");
  message.head = "";
  // A head in frames of its own has its text in the next one.
  return rest.length === 0 ? undefined : rest;
}

function taskIdIn(details: string): string {
  const pairs = details.split(",").map((pair) => pair.split("="));
  const found = pairs.find(([key = ""]) => decodeURIComponent(key) === TASK_ID)?.[1];
  if (found !== undefined && /^[a-z0-9]{1,64}$/.test(found)) return found;
  throw new MisshapenError(`the log's lines do not say of which task they are (${TASK_ID})`);
}
