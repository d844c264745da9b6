import { setTimeout as delay } from "node:timers/promises";
import type { Engine } from "../../hosts/engine";
import { lastLinesOfContainer } from "../../cluster/logs";
import { printableLine } from "../../hosts/printable";
import type { Context } from "../context";
import type { ContainerInputs } from "./arguments";
import type { Sight } from "./definition";
import { judge } from "./judge";
import type { Judgement } from "./judge";
import { lookAt, nounOf } from "./looking";

/** Milliseconds between two looks. */
const period = 500;

/** How it ended. */
export interface Outcome {
  readonly sight: Sight | undefined;
  /** Undefined: it is what it was asked to be. */
  readonly failure: string | undefined;
}

/** What is followed. */
export interface Followed {
  readonly id: string;
  readonly news: ContainerInputs;
  /** Restarts that Docker had counted before. */
  readonly restartsBefore: number;
  /** By this machine's clock. */
  readonly deadline: number;
}

/** Looks at a container until it is what it was asked to be, will not be, or time is up. */
export async function follow(
  context: Context,
  engine: Engine,
  { id, news, restartsBefore, deadline }: Followed,
): Promise<Outcome> {
  let start = { at: "", seen: Date.now() };
  for (;;) {
    const sight = await lookAt(engine, id, context.signal);
    if (sight === undefined)
      return { sight, failure: "it is gone: somebody has removed it. The next up makes it again." };
    const startedAt = sight.container.State?.StartedAt ?? "";
    if (startedAt !== start.at) start = { at: startedAt, seen: Date.now() };
    const upFor = Date.now() - start.seen;
    const { kind, line } = judge(sight.container, {
      isJob: news.job === true,
      restartsBefore,
      upFor,
    });
    if (kind === "good") return { sight, failure: undefined };
    if (kind === "bad") return { sight, failure: line };
    if (Date.now() > deadline) return { sight, failure: lateLine(news, line) };
    context.progress(line);
    await delay(period, undefined, { signal: context.signal });
  }
}

function lateLine({ convergeTimeout = "5m" }: ContainerInputs, line: Judgement["line"]): string {
  return `after ${convergeTimeout} it is still not what was asked for: ${line}. A program that takes longer gets more time by convergeTimeout.`;
}

/** What is to be said of a failure: kept in the state, and said once. */
export interface Report {
  readonly reason: string;
  readonly details: string | undefined;
}

/** Why a container is not what it was asked to be, and apart from that the last lines of its output and of its check. */
export async function report(
  context: Context,
  engine: Engine,
  news: ContainerInputs,
  { sight, failure = "" }: Outcome,
): Promise<Report> {
  const noun = nounOf(news);
  const { container } = sight ?? {};
  const id = container?.Id;
  const error = container?.State?.Error ?? "";
  const lines = [`${noun}: ${failure}`, ...(error === "" ? [] : [`  Docker says: ${error}`])];
  const newer = await context.lab?.newerThanProven(container?.Config?.Image ?? "");
  if (newer !== undefined) lines.push(`  ${newer}`);
  const written = id === undefined ? [] : await lastLinesOfContainer(context, engine, id);
  const checked = failedCheck(context, container?.State?.Health?.Log ?? []);
  const details = [
    ...(written.length === 0 ? [] : [`last lines of ${noun}:`, ...written.map(indented)]),
    ...(checked.length === 0 ? [] : ["its health check says:", ...checked.map(indented)]),
  ];
  if (written.length > 0)
    lines.push(
      `Its last lines were shown once; docker logs ${news.name ?? ""} on ${news.host ?? ""} has more.`,
    );
  lines.push("The next up looks again, and starts it where it does not run.");
  return {
    reason: lines.join("\n"),
    details: details.length === 0 ? undefined : details.join("\n"),
  };
}

const indented = (line: string): string => `  ${line}`;

/** Characters of a check's output at most. */
const checkWidth = 400;

/** A check may print what it was given, a password too: it goes where the log goes. */
function failedCheck(
  { scrub }: Context,
  log: readonly { readonly ExitCode?: number; readonly Output?: string }[],
): string[] {
  const last = log.at(-1);
  if (last === undefined || last.ExitCode === 0) return [];
  return scrub(last.Output ?? "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .slice(-5)
    .map((line) => printableLine(line.slice(0, checkWidth)));
}
