import { setTimeout as delay } from "node:timers/promises";
import { messageOf } from "../hosts/errors";
import type { Machines } from "../hosts/machines";
import { answersOf, gather, historyIn, linesOf, type Subject } from "./gather";
import type { Answer } from "./probe";
import { report, type Findings, type Report } from "./report";
import type { Sight } from "./sight";

/** What a watch shows. */
export interface Picture {
  /** As last seen; undefined while nobody has answered yet. */
  readonly sight: Sight | undefined;
  /** Why nothing newer is known. */
  readonly problem: string | undefined;
}

/** Docker tells no events of tasks: what no container tells is looked for so often, and sooner while something moves. */
const CALM_MILLISECONDS = 10_000;
const MOVING_MILLISECONDS = 2000;

/** After an event: others come with it, and the managers hear of it a moment later than the machine itself. */
const SETTLE_MILLISECONDS = 250;

/** How long after an event something counts as moving. */
const EVENT_MILLISECONDS = 5000;

/** What is asked beside the managers (URLs, last lines) is asked anew after so long, or when the tasks have changed. */
const BESIDE_MILLISECONDS = 15_000;

/**
 * Looks whenever an engine says that something has changed, and now and then by itself, until `signal` is aborted.
 *
 * @param service - the one that is asked about; without it, all
 * @param show - called with every picture; most of them are the same as the one before
 */
export async function watch(
  subject: Subject,
  service: string | undefined,
  show: (picture: Picture) => void,
  signal: AbortSignal,
): Promise<void> {
  const bell = new Bell(signal);
  const ears = new Ears(subject.environment.machines, bell);
  const urls = new Beside<readonly Answer[]>([], bell);
  const lines = new Beside<ReadonlyMap<string, readonly string[]>>(new Map(), bell);
  let sight: Sight | undefined;
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    ears.listen();
    const findings = await lookAnew(subject).catch((error: unknown) => messageOf(error));
    if (isOver()) break;
    if (typeof findings === "string") show({ sight, problem: findings });
    else {
      const found = report(findings);
      const key = stateOf(findings);
      if (service === undefined)
        urls.refresh(key, async () => answersOf(subject, findings.services));
      else lines.refresh(key, async () => linesOf(subject, findings, service));
      const history = service === undefined ? undefined : historyIn(findings, service, lines.value);
      sight = { found, urls: urls.value, history };
      show({ sight, problem: undefined });
    }
    await bell.next(
      sight !== undefined && isCalm(sight.found) ? CALM_MILLISECONDS : MOVING_MILLISECONDS,
    );
  }
  ears.close();
}

async function lookAnew(subject: Subject): Promise<Findings> {
  const { managers } = subject.environment;
  for (const kind of ["nodes", "services", "tasks"] as const) managers.invalidate(kind);
  return gather(subject);
}

function isCalm({ nodes, services }: Report): boolean {
  return (
    nodes.every(({ state }) => state === "ready") &&
    services.every(({ desired, running, waiting }) => running >= desired && waiting.length === 0)
  );
}

/** Which tasks there are, and what they are: what else is asked depends on it. */
function stateOf({ tasks }: Findings): string {
  return tasks
    .map(({ ID: id = "", Status: status }) => `${id} ${status?.State ?? ""}`)
    .sort()
    .join();
}

/** Wakes whoever waits for the next look. */
class Bell {
  private readonly signal: AbortSignal;
  private waiting = new AbortController();
  private rungAt = 0;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  /** Something has changed on a machine. */
  ring(): void {
    this.rungAt = Date.now();
    this.wake();
  }

  /** There is something to show. */
  wake(): void {
    this.waiting.abort();
  }

  /** Waits until it rings, at most so long. */
  async next(milliseconds: number): Promise<void> {
    const isMoving = Date.now() - this.rungAt < EVENT_MILLISECONDS;
    const longest = isMoving ? MOVING_MILLISECONDS : milliseconds;
    await this.pause(longest, AbortSignal.any([this.signal, this.waiting.signal]));
    if (this.waiting.signal.aborted) await this.pause(SETTLE_MILLISECONDS, this.signal);
    this.waiting = new AbortController();
  }

  private async pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  }
}

/** Listens to the engines of all machines. */
class Ears {
  private readonly machines: Machines;
  private readonly bell: Bell;
  private readonly stops = new Map<string, () => void>();
  /** When machines were listened to last: one that is away is not asked all the time. */
  private readonly triedAt = new Map<string, number>();

  constructor(machines: Machines, bell: Bell) {
    this.machines = machines;
    this.bell = bell;
  }

  /** Listens where nobody does. */
  listen(): void {
    for (const name of this.machines.names) {
      const isEarly = Date.now() - (this.triedAt.get(name) ?? 0) < CALM_MILLISECONDS;
      if (this.stops.has(name) || isEarly) continue;
      this.triedAt.set(name, Date.now());
      const stop = this.machines
        .get(name)
        .engine()
        .onChange(
          () => {
            this.bell.ring();
          },
          () => {
            this.stop(name);
          },
        );
      this.stops.set(name, stop);
    }
  }

  close(): void {
    for (const name of [...this.stops.keys()]) this.stop(name);
  }

  private stop(name: string): void {
    this.stops.get(name)?.();
    this.stops.delete(name);
  }
}

/** Something that is asked beside the look, which does not wait for it. */
class Beside<T> {
  value: T;
  private readonly bell: Bell;
  private key = "";
  private askedAt = 0;
  private isAsking = false;

  constructor(value: T, bell: Bell) {
    this.value = value;
    this.bell = bell;
  }

  /** Asks when `key` is another one than the last time, or that was long ago. */
  refresh(key: string, ask: () => Promise<T>): void {
    const isFresh = key === this.key && Date.now() - this.askedAt < BESIDE_MILLISECONDS;
    if (this.isAsking || isFresh) return;
    this.key = key;
    this.askedAt = Date.now();
    this.isAsking = true;
    ask()
      .then((value) => {
        this.value = value;
      })
      // The picture is shown without it; the next look asks again.
      .catch(() => undefined)
      .finally(() => {
        this.isAsking = false;
        this.bell.wake();
      });
  }
}
