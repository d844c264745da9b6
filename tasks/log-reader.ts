import type { IncomingMessage } from "node:http";
import { addAbortSignal } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import type { Service } from "@docker/node-sdk";
import { isNotFound } from "../hosts/engine";
import { serviceLogs } from "../hosts/engine-api";
import { messageOf } from "../hosts/errors";
import { Frames } from "../hosts/frames";
import { Lines } from "../hosts/lines";
import type { Managers } from "../cluster/managers";
import { Messages } from "./messages";
import type { LogLine } from "./messages";
import { serviceName } from "./names";
import { Progress } from "./progress";

/** What is read of a service's logs. */
export interface LogWish {
  readonly follow: boolean;
  /** Seconds since 1970. @default - from the beginning */
  readonly since?: string | undefined;
  readonly tail: number | "all";
}

/** Where the lines go. */
export interface LogSink {
  line(line: LogLine): void;
  /** Something that the person must know about the lines: where they come from now, what is missing. */
  notice(text: string): void;
  /** Resolves when more may be written. */
  ready(): Promise<void>;
}

/** Engines before version 26 say nothing at all, not even that they will, before the first line is written. */
const QUIET_SECONDS = 24 * 60 * 60;

/** How long managers are looked for once none can be used. */
const SEARCH_MILLISECONDS = 5 * 60_000;

/** A stream that lasted so long was a good one. */
const STEADY_MILLISECONDS = 10_000;

/** Between two attempts to go on. */
const PAUSE_MILLISECONDS = 1000;

/** Reads the logs of one service from any manager, and goes on with another where one goes away. */
export class LogReader {
  private readonly managers: Managers;
  private readonly service: Service;
  private readonly wish: LogWish;
  private readonly sink: LogSink;
  private readonly progress = new Progress();
  /** The manager that is, or was, read from. */
  private host: string | undefined;
  /** Ends the stream that is read. */
  private stop: AbortController | undefined;
  private isInterrupted = false;

  constructor(managers: Managers, service: Service, wish: LogWish, sink: LogSink) {
    this.managers = managers;
    this.service = service;
    this.wish = wish;
    this.sink = sink;
  }

  /** Another manager answers now: one that is read from and is not that one is left. */
  moveTo(host: string): void {
    if (this.host !== host) this.stop?.abort(new Error("it does not answer any more"));
  }

  /**
   * Reads until there is nothing more to come, or `signal` is aborted.
   *
   * @throws Error when no manager can be used for five minutes
   */
  async read(signal: AbortSignal): Promise<void> {
    let lostAt: number | undefined;
    let said = "";
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      const began = Date.now();
      const why = await this.readOnce(signal).catch((error: unknown) => error);
      if (isOver() || (why === undefined && !this.wish.follow)) return;
      if (isNotFound(why)) {
        this.sink.notice(`${serviceName(this.service)} is gone: nothing more will come`);
        return;
      }
      if (Date.now() - began > STEADY_MILLISECONDS) {
        lostAt = undefined;
        said = "";
      }
      lostAt ??= Date.now();
      if (Date.now() - lostAt > SEARCH_MILLISECONDS)
        throw why instanceof Error
          ? why
          : new Error(`${this.host ?? ""}: it ends the stream again and again`);
      const text = why === undefined ? "it ended the stream" : messageOf(why);
      if (text !== said) this.interrupted(text);
      said = text;
      await delay(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    }
  }

  private interrupted(why: string): void {
    this.isInterrupted = true;
    const isNamed = this.host === undefined || why.startsWith(`${this.host}: `);
    this.sink.notice(isNamed ? why : `${this.host ?? ""}: ${why}`);
  }

  /** One stream to its end, or until it breaks. */
  private async readOnce(signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const { since } = this.progress;
    const query = {
      ...{ follow: this.wish.follow, timestamps: true, details: true },
      ...(since === undefined ? this.begin() : { since, tail: "all" as const }),
    };
    const id = this.service.ID ?? "";
    const options = { signal: either, deadlineSeconds: QUIET_SECONDS };
    try {
      const stream = await this.managers.use(async (engine, host) => {
        // Known before it answers: it may have to be left while it says nothing.
        this.host = host;
        this.stop = stop;
        return serviceLogs(engine, id, query, options);
      });
      if (this.isInterrupted) this.sink.notice(`going on with ${this.host ?? ""}`);
      this.isInterrupted = false;
      await this.take(stream, either);
    } catch (error) {
      throw stop.signal.aborted ? stop.signal.reason : error;
    } finally {
      this.stop = undefined;
    }
  }

  private begin(): { since?: string; tail: number | "all" } {
    const { since, tail } = this.wish;
    return { tail, ...(since === undefined ? {} : { since }) };
  }

  private async take(stream: IncomingMessage, signal: AbortSignal): Promise<void> {
    this.progress.restart();
    const messages = new Messages({
      line: (line) => {
        if (this.progress.isNew(line)) this.sink.line(line);
      },
      notice: (text) => {
        this.sink.notice(text);
      },
    });
    const take = takerOf(messages);
    addAbortSignal(signal, stream);
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        take(chunk);
        await this.sink.ready();
      }
      messages.end();
    } finally {
      stream.destroy();
    }
  }
}

/** The largest first byte of a frame; a time, which lines of a terminal begin with, begins with a digit. */
const LAST_SOURCE = 3;

/** Takes what comes apart, by what it begins with: in frames, or a terminal's lines. */
function takerOf(messages: Messages): (chunk: Buffer) => void {
  const frames = new Frames();
  const decoder = new StringDecoder("utf8");
  const lines = new Lines((line) => {
    if (line !== "") messages.writeLine(line);
  });
  let isFramed: boolean | undefined;
  return (chunk) => {
    isFramed ??= (chunk[0] ?? 0) <= LAST_SOURCE;
    if (isFramed) for (const piece of frames.write(chunk)) messages.write(piece);
    else lines.write(decoder.write(chunk));
  };
}
