import { costIn, entriesIn } from "../consequences/record";
import type { Cost } from "../consequences/record";
import { consequencesOf } from "../consequences/run";
import type { Consequences, Removal } from "../consequences/run";
import { isJson, runRecorded } from "./record";
import type { Traces } from "./record";
import type { Session } from "./session";

/**
 * A preview, and at its end what the run would do to what runs.
 *
 * @param words - of Pulumi's command line, after its name
 * @returns Pulumi's exit code
 */
export async function runPreview(session: Session, words: readonly string[]): Promise<number> {
  if (!isJson(words)) {
    const { code, ...traces } = await runRecorded(session, words);
    for (const line of linesOf(code === 0 ? foundIn(traces) : undefined)) console.log(line);
    return code;
  }
  let output = "";
  const { code, ...traces } = await runRecorded(session, words, (text) => {
    output += text;
  });
  const found = code === 0 ? foundIn(traces) : undefined;
  process.stdout.write(withFound(output, { found, cost: costIn(entriesIn(traces.record)) }));
  return code;
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
 * Pulumi's JSON with what a preview cost, and `consequences` where there are any; as it is where it is not one object, as
 * when Pulumi was told to stream events.
 */
export function withFound(
  output: string,
  { found, cost }: { readonly found: Consequences | undefined; readonly cost: Cost },
): string {
  try {
    const digest = JSON.parse(output) as object;
    const consequences = found && { findings: found.findings, summary: found.summary };
    const all = { ...digest, ...(consequences && { consequences }), cost };
    return `${JSON.stringify(all, undefined, 4)}\n`;
  } catch {
    return output;
  }
}
