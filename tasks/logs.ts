import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import pc from "picocolors";
import { inspectSwarm } from "../hosts/engine-api";
import { messageOf } from "../hosts/errors";
import { printable } from "../hosts/printable";
import type { Managers } from "../cluster/managers";
import { parseDuration } from "../units/units";
import { Directory, readLists } from "./directory";
import { LogPrinter } from "./log-printer";
import { LogReader } from "./log-reader";
import type { LogWish } from "./log-reader";
import { choose, serviceName, withNodeNames } from "./names";
import type { Chosen } from "./names";

/** What `npm run logs --` is told. */
export interface LogArguments extends LogWish {
  /** Services, stacks or tasks. */
  readonly words: readonly string[];
  readonly pattern: RegExp | undefined;
  readonly timestamps: boolean;
}

/** Lines of each task, unless told otherwise. */
const TAIL = 100;

/** The same where only some lines are shown. */
const TAIL_OF_PATTERN = 1000;

/** Each costs a stream, and under sudo a session of the manager. */
const MOST_SERVICES = 30;

/** So often the managers are asked whether they still answer. */
const WATCH_MILLISECONDS = 10_000;

/** A manager has so long for that. */
const ANSWER_SECONDS = 10;

const FORMS = "expected such as 10m, 2h, 2026-11-25 or 2026-11-25T03:00:00Z";

/**
 * Reads the words after `npm run logs --`.
 *
 * @param now - milliseconds since 1970
 * @throws Error naming the word that is wrong
 */
export function parseLogArguments(args: readonly string[], now: number): LogArguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      since: { type: "string" },
      tail: { type: "string" },
      grep: { type: "string" },
      "ignore-case": { type: "boolean", short: "i", default: false },
      "no-follow": { type: "boolean", default: false },
      timestamps: { type: "boolean", short: "t", default: false },
    },
  });
  const { since, grep, tail, timestamps } = values;
  if (positionals.length === 0)
    throw new Error(
      "logs: got no name; expected services, stacks or tasks, as in npm run logs -- web db.1",
    );
  return {
    words: positionals,
    follow: !values["no-follow"],
    since: since === undefined ? undefined : sinceOf(since, now),
    tail: tail === undefined ? defaultTail(since, grep) : tailOf(tail),
    pattern: grep === undefined ? undefined : patternOf(grep, values["ignore-case"]),
    timestamps,
  };
}

function defaultTail(since: string | undefined, grep: string | undefined): number | "all" {
  if (since !== undefined) return "all";
  return grep === undefined ? TAIL : TAIL_OF_PATTERN;
}

function tailOf(text: string): number | "all" {
  if (text === "all") return text;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--tail: got "${text}"; expected a number of lines, or all`);
}

/** Seconds since 1970 of a moment, or of how long ago it was. */
function sinceOf(text: string, now: number): string {
  const nanoseconds = parseDuration(text);
  const moment = nanoseconds === undefined ? momentOf(text) : now - nanoseconds / 1_000_000;
  if (Number.isFinite(moment) && moment <= now && moment > 0) return (moment / 1000).toFixed(3);
  if (moment > now) throw new Error(`--since: got "${text}", which is to come; ${FORMS}`);
  throw new Error(`--since: got "${text}"; ${FORMS}`);
}

function momentOf(text: string): number {
  return /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text)
    : NaN;
}

function patternOf(text: string, isCaseIgnored: boolean): RegExp {
  try {
    return new RegExp(text, isCaseIgnored ? "iu" : "u");
  } catch (error) {
    throw new Error(`--grep: got "${text}"; expected a regular expression (${messageOf(error)})`, {
      cause: error,
    });
  }
}

/**
 * `npm run logs`: what tasks write, by time, each line with the name of its task.
 *
 * @throws Error when a name means nothing, or nobody can be asked
 */
export async function showLogs(
  managers: Managers,
  wish: LogArguments,
  signal: AbortSignal,
): Promise<void> {
  const lists = await readLists(managers);
  const chosen = wish.words.flatMap((word) => choose(word, lists));
  const services = servicesOf(chosen);
  if (services.length > MOST_SERVICES)
    throw new Error(
      `logs: got ${services.length} services; expected ${MOST_SERVICES} at most: name some of them`,
    );
  const isTerminal = process.stdout.isTTY;
  const colors = pc.createColors(isTerminal && pc.isColorSupported);
  const say = (text: string): void => {
    process.stderr.write(
      `${colors.dim(printable(`swarm: ${withNodeNames(text, lists.nodes)}`))}\n`,
    );
  };
  const { follow, pattern, timestamps } = wish;
  const look = { chosen, pattern, timestamps, isFollowing: follow, colors };
  const printer = new LogPrinter(new Directory(managers, lists), look, process.stdout, say);
  const readers = services.map((service) => new LogReader(managers, service, wish, printer));
  const end = new AbortController();
  const either = AbortSignal.any([signal, end.signal]);
  const watching = watch(managers, readers, either);
  try {
    await Promise.all(readers.map(async (reader) => reader.read(either)));
  } finally {
    end.abort();
    await watching;
    await printer.flush();
  }
  if (!follow && !signal.aborted && printer.count === 0) say(`no lines${matching(wish)}`);
}

function matching({ tail, pattern }: LogArguments): string {
  const last = tail === "all" ? "" : ` among the last ${tail} of each task`;
  return pattern === undefined ? last : ` match ${String(pattern)}${last}`;
}

/** Leaves a manager that is there and says nothing any more, or is none any more. */
async function watch(
  managers: Managers,
  readers: readonly LogReader[],
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await delay(WATCH_MILLISECONDS, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const options = { deadlineSeconds: ANSWER_SECONDS, signal };
    const host = await managers
      .use(async (engine, asked) => {
        await inspectSwarm(engine, options);
        return asked;
      })
      // With none at all the stream that there is may still go on: services run without managers.
      .catch(() => undefined);
    if (host !== undefined) for (const reader of readers) reader.moveTo(host);
  }
}

function servicesOf(chosen: readonly Chosen[]): Chosen["service"][] {
  const byId = new Map(chosen.map(({ service }) => [service.ID, service]));
  return [...byId.values()].sort((a, b) => (serviceName(a) < serviceName(b) ? -1 : 1));
}
