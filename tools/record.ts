import { mkdtemp, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { costIn, entriesIn, recordVariable } from "../consequences/record";
import { runAttached } from "./process";
import { type Session, sessionEnvironment } from "./session";

/** What the plugin and Pulumi leave of a run. */
export interface Traces {
  /** What the plugin has found: `consequences/record.ts`. */
  readonly record: string;
  /** Pulumi's events, one JSON object a line. */
  readonly events: string;
}

/** A run that is over. */
interface Recorded extends Traces {
  /** Pulumi's exit code. */
  readonly code: number;
}

/**
 * Runs Pulumi and keeps what its plugin found. Nothing about that changes how the run ends.
 *
 * @param words - of Pulumi's command line, after its name
 * @param onOutput - takes what Pulumi prints, which is not printed then
 */
export async function runRecorded(
  session: Session,
  words: readonly string[],
  onOutput?: (text: string) => void,
): Promise<Recorded> {
  // Pulumi's events hold the state, in which secrets are encrypted; the folder is for nobody else all the same.
  const folder = await mkdtemp(join(dirname(session.paths.stacks), "run-"));
  const [record, events] = [join(folder, "record"), join(folder, "events")];
  try {
    const code = await runAttached(session.pulumi.command, [...words, "--event-log", events], {
      cwd: session.paths.root,
      environment: {
        ...sessionEnvironment(session),
        [recordVariable]: record,
        // Pulumi knows the flag for its events only then.
        PULUMI_DEBUG_COMMANDS: "true",
      },
      ...(onOutput === undefined ? {} : { onOutput }),
    });
    return { code, record: await textOf(record), events: await textOf(events) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Whether a script reads what is printed. */
export function isJson(words: readonly string[]): boolean {
  return words.some((word) => word === "--json" || word === "-j");
}

/**
 * A run whose events a script reads, one JSON object a line, and as the last one what it cost.
 *
 * @returns Pulumi's exit code
 */
export async function runEvents(session: Session, words: readonly string[]): Promise<number> {
  const { code, record } = await runRecorded(session, words);
  console.log(JSON.stringify({ cost: costIn(entriesIn(record)) }));
  return code;
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}
