import { mkdtemp, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { entriesIn, recordVariable } from "../consequences/record";
import { consequencesOf } from "../consequences/run";
import type { Consequences, Removal } from "../consequences/run";
import { runAttached } from "./process";
import { type Session, sessionEnvironment } from "./session";

/** What the plugin and Pulumi leave of a preview. */
interface Traces {
  /** What the plugin has found: `consequences/record.ts`. */
  readonly record: string;
  /** Pulumi's events, one JSON object a line. */
  readonly events: string;
}

/**
 * A preview, and at its end what the run would do to what runs. Nothing about that changes how the preview ends.
 *
 * @param words - of Pulumi's command line, after its name
 * @returns Pulumi's exit code
 */
export async function runPreview(session: Session, words: readonly string[]): Promise<number> {
  // Pulumi's events hold the state, in which secrets are encrypted; the folder is for nobody else all the same.
  const folder = await mkdtemp(join(dirname(session.paths.stacks), "preview-"));
  const [record, events] = [join(folder, "record"), join(folder, "events")];
  const isJson = words.some((word) => word === "--json" || word === "-j");
  let output = "";
  const gather = {
    onOutput: (text: string): void => {
      output += text;
    },
  };
  try {
    const code = await runAttached(session.pulumi.command, [...words, "--event-log", events], {
      cwd: session.paths.root,
      environment: {
        ...sessionEnvironment(session),
        [recordVariable]: record,
        // Pulumi knows the flag for its events only then.
        PULUMI_DEBUG_COMMANDS: "true",
      },
      ...(isJson ? gather : {}),
    });
    const traces = { record: await textOf(record), events: await textOf(events) };
    const found = code === 0 ? foundIn(traces) : undefined;
    if (isJson) process.stdout.write(withConsequences(output, found));
    else for (const line of linesOf(found)) console.log(line);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => "");
}

/** What a preview has found, with what goes. */
export function foundIn({ record, events }: Traces): Consequences | undefined {
  return consequencesOf(entriesIn(record), removalsIn(events));
}

interface StepEvent {
  readonly resourcePreEvent?: {
    readonly metadata?: {
      readonly op?: string;
      readonly type?: string;
      readonly old?: { readonly inputs?: Readonly<Record<string, unknown>> } | null;
    };
  };
}

/** Services and nodes that go: their provider is not asked about them in a preview. */
function removalsIn(events: string): Removal[] {
  return events.split("\n").flatMap((line): Removal[] => {
    if (!/"delete(-replaced)?"/.test(line)) return [];
    try {
      const { op, type, old } = (JSON.parse(line) as StepEvent).resourcePreEvent?.metadata ?? {};
      const { name, host } = old?.inputs ?? {};
      // A service under another name leaves the one of the old name behind.
      const isReplaced = op === "delete-replaced" && type === "swarm:index:Service";
      if (op !== "delete" && !isReplaced) return [];
      if (type === "swarm:index:Service" && typeof name === "string")
        return [{ kind: "service", name }];
      if (type === "swarm:index:Node" && typeof host === "string")
        return [{ kind: "node", name: host }];
      return [];
    } catch {
      return [];
    }
  });
}

/** The lines at the end of a preview; none where it touches nothing that runs. */
export function linesOf(found: Consequences | undefined): string[] {
  if (found === undefined || found.removed.length + found.lines.length === 0) return [];
  return [
    "What this does to what runs:",
    ...[...found.removed, ...found.lines].map((line) => `    ${line}`),
    "",
  ];
}

/**
 * Pulumi's JSON with `consequences` in it; as it is where nothing was found, and where it is not one object, as when
 * Pulumi was told to stream events.
 */
export function withConsequences(output: string, found: Consequences | undefined): string {
  if (found === undefined) return output;
  try {
    const digest = JSON.parse(output) as object;
    const { findings, summary } = found;
    return `${JSON.stringify({ ...digest, consequences: { findings, summary } }, undefined, 4)}\n`;
  } catch {
    return output;
  }
}
