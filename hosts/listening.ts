import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "./errors";
import type { Machine } from "./machine";
import listen from "./scripts/listen.sh";

/** Seconds that a machine answers for: all of the tries together. */
const LISTEN_SECONDS = 60;

/** One that does not listen by then is not waited for. */
const START_SECONDS = 20;

/** Seconds for what was sent last to arrive, and for a listener that is told to end. */
const LAST_SECONDS = 3;

/** What is to answer: a port or `esp`, at an address. */
export interface Place {
  readonly address: string;
  /** `7946/udp`, `esp`. */
  readonly port: string;
}

/** A machine that answers on the ports of a swarm for as long as the trial lasts. */
export interface Listening {
  /** Ports where somebody answers. An engine answers to tcp alone. */
  readonly open: readonly string[];
  /** Ports that the machine cannot answer on. */
  readonly closed: readonly string[];
  /** Why nobody answers at all. */
  readonly reason?: string;
  /** Waits a moment for the packets of those who have sent some, and answers with whose came. */
  heard(senders: readonly string[]): Promise<ReadonlySet<string>>;
  /** Ends it: the ports are an engine's again once this is over. */
  stop(): Promise<void>;
}

/** The ports of an engine: what is a connection can be tried. */
export function engineAt(places: readonly Place[]): Listening {
  return {
    open: places.map(({ port }) => port).filter((port) => port.endsWith("/tcp")),
    closed: [],
    heard: () => Promise.resolve(new Set<string>()),
    stop: () => Promise.resolve(),
  };
}

/** What an engine answers, and what the machine does beside it. */
export function besides(engine: Listening, own: Listening): Listening {
  const { reason } = own;
  return {
    open: [...engine.open, ...own.open],
    closed: own.closed,
    ...(reason === undefined ? {} : { reason }),
    heard: (senders) => own.heard(senders),
    stop: () => own.stop(),
  };
}

/**
 * Answers once the machine listens.
 *
 * @param mark - what packets say before the name of their sender, so that they are known among others
 */
export async function listenOn(
  machine: Pick<Machine, "script">,
  places: readonly Place[],
  mark: string,
): Promise<Listening> {
  const listener = new Listener(machine);
  await listener.start(places, mark);
  return listener;
}

class Listener implements Listening {
  readonly open: string[] = [];
  readonly closed: string[] = [];
  reason?: string;
  private readonly machine: Pick<Machine, "script">;
  private readonly abandoned = new AbortController();
  private readonly came = new Set<string>();
  private process = "";
  private ended: Promise<void> = Promise.resolve();
  /** Those who wait for a line. */
  private readonly waiting = new Set<() => void>();

  constructor(machine: Pick<Machine, "script">) {
    this.machine = machine;
  }

  async start(places: readonly Place[], mark: string): Promise<void> {
    const words = places.flatMap(({ address, port }) => [address, port]);
    const options = {
      title: "listening",
      deadlineSeconds: LISTEN_SECONDS + START_SECONDS,
      signal: this.abandoned.signal,
      onLine: (line: string) => {
        this.take(line);
      },
    };
    const script = this.machine.script(listen, [String(LISTEN_SECONDS), mark, ...words], options);
    this.ended = script.then(
      () => {
        this.close("it stopped listening");
      },
      (error: unknown) => {
        this.close(messageOf(error));
      },
    );
    await this.until(() => this.process !== "" || this.reason !== undefined, START_SECONDS);
    if (this.process === "") this.close(`it did not listen within ${START_SECONDS} s`);
  }

  async heard(senders: readonly string[]): Promise<ReadonlySet<string>> {
    await this.until(() => senders.every((name) => this.came.has(name)), LAST_SECONDS);
    return this.came;
  }

  async stop(): Promise<void> {
    const options = { title: "listening no more", deadlineSeconds: 10, allowFailure: true };
    try {
      if (this.process !== "") await this.machine.script('kill "$1"', [this.process], options);
      await Promise.race([this.ended, delay(LAST_SECONDS * 1000, undefined, { ref: false })]);
    } catch {
      // It ends by itself.
    } finally {
      this.abandoned.abort(new Error("all was tried"));
    }
  }

  private take(line: string): void {
    const [word = "", said = ""] = line.split(" ");
    if (word === "open" || (word === "taken" && said.endsWith("/tcp"))) this.open.push(said);
    if (word === "closed") this.closed.push(said);
    if (word === "ready" && /^\d+$/.test(said)) this.process = said;
    if (word === "came") this.came.add(said);
    this.ring();
  }

  /** What it says once it listens is of no account: it was told to end. */
  private close(reason: string): void {
    if (this.process === "") this.reason ??= reason;
    this.ring();
  }

  private ring(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }

  private async until(isSo: () => boolean, seconds: number): Promise<void> {
    const late = new AbortController();
    const end = delay(seconds * 1000, true, { signal: late.signal }).catch(() => true);
    try {
      while (!isSo()) {
        const rung = new Promise<boolean>((resolve) => {
          this.waiting.add(() => {
            resolve(false);
          });
        });
        if (await Promise.race([rung, end])) return;
      }
    } finally {
      late.abort();
    }
  }
}
