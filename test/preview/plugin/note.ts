import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import type { Slot } from "../../../cluster/run";
import type { Context } from "../../../provider/context";
import { PartialFailure } from "../../../provider/resource";
import type { ChangeKind, ResourceType } from "../../../provider/resource";

interface Inputs {
  readonly directory: string;
  readonly name: string;
  readonly kind: "plain" | "rich";
  readonly size: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly target: number; readonly published: number }[];
  readonly password?: string;
  readonly trouble?: "refused" | "partial" | "waits" | "leaks" | "defect" | "hostile";
}

interface State extends Inputs {
  readonly location: string;
  readonly checksum: string;
}

const inputs = z.strictObject({
  directory: z.string().describe("Folder that stands for a machine."),
  name: z
    .string()
    .regex(/^[a-z-]+$/, { error: "expected a-z and hyphens" })
    .describe("Name of the note."),
  kind: z
    .enum(["plain", "rich"])
    .default("plain")
    .describe("What sort of note; another is another note."),
  size: z.int().min(1).max(10).default(3).describe("Size in pages."),
  labels: z.record(z.string(), z.string()).optional().describe("Labels."),
  ports: z
    .array(z.strictObject({ target: z.int(), published: z.int().default(80) }))
    .optional()
    .describe("A list of nested objects."),
  password: z.string().optional().describe("A value that programs pass as a secret."),
  trouble: z
    .enum(["refused", "partial", "waits", "leaks", "defect", "hostile"])
    .optional()
    .describe("How acting on the note ends badly."),
});

const outputs = z.object({
  location: z.string().describe("Path of the file; known in the preview."),
  checksum: z.string().describe("Known once it is written."),
});

const fields = ["name", "size", "labels", "ports", "password", "trouble"] as const;

function fileOf({ directory, name, kind }: Pick<Inputs, "directory" | "name" | "kind">): string {
  return join(directory, `${name}-${kind}.json`);
}

function record(directory: string, line: string): void {
  appendFileSync(join(directory, "log.txt"), `${line}\n`);
}

/** What a run has read, as a run keeps the lists of a swarm. */
const seen: Slot<Map<string, string>> = { make: () => new Map<string, string>() };

function write(news: Inputs): State {
  const location = fileOf(news);
  const state = { ...news, location, checksum: `sum-${news.size}` };
  writeFileSync(location, JSON.stringify(state));
  return state;
}

/** What a program has written, with a password that it made up and one that another resource was given. */
const printer = "last lines:\n  GENERATED PASSWORD: moonlight\n  given: correct horse battery";

/** Clears the screen, turns the text around, and names colours that Pulumi does not have. */
const hostile = "\u001b[2J\u202enrut <{%boom%}> %}> <{% \u009b31m end";

async function act(news: Inputs, { signal, progress }: Context): Promise<State> {
  if (news.trouble === "refused")
    throw new Error(`${news.name}: the disk is full; free some space`);
  if (news.trouble === "leaks")
    throw new Error(`command failed: login --password ${news.password ?? ""}`);
  if (news.trouble === "defect") throw new TypeError("undefined is not a note");
  const state = write(news);
  if (news.trouble === "partial")
    throw new PartialFailure(state.location, state, ["page 2 is torn"], printer);
  if (news.trouble === "hostile") {
    progress(hostile);
    throw new PartialFailure(state.location, state, [hostile], hostile);
  }
  if (news.trouble === "waits") {
    if (!signal.aborted) await once(signal, "abort");
    throw new PartialFailure(state.location, state, [(signal.reason as Error).message]);
  }
  return state;
}

/** A resource type whose machine is a folder: what the adapter does shows without any host. */
export const noteType: ResourceType<Inputs, State> = {
  token: "swarm:index:Note",
  description: "A file in a folder.",
  inputs,
  outputs,
  check: ({ news, replaced, isUnfinished, randomSeed }) => ({
    inputs: news,
    failures:
      news.labels?.size === undefined
        ? []
        : [{ path: "labels.size", reason: "got a label; expected the property size" }],
    warnings: [
      ...(news.size === 9 ? [`seed ${Buffer.from(randomSeed).toString("hex")}`] : []),
      ...(news.size === 10 ? ["size: 10 pages are many"] : []),
      ...(isUnfinished === true ? ["nothing of it is proven"] : []),
      ...(replaced === undefined ? [] : [`takes the place of ${replaced.name}`]),
    ],
  }),
  diff: ({ old, news }) => {
    const changes: Record<string, ChangeKind> = {};
    if (old.kind !== news.kind) changes.kind = "update-replace";
    for (const field of fields)
      if (JSON.stringify(old[field]) !== JSON.stringify(news[field]))
        changes[field] = field === "name" ? "update-replace" : "update";
    return { changes, deleteBeforeReplace: news.name === "single" };
  },
  preview: (news) => ({ location: fileOf(news) }),
  create: async (context, news) => {
    context.progress(`writing ${news.name}`);
    record(news.directory, `create ${news.name} ${news.kind}`);
    const state = await act(news, context);
    return { id: state.location, state };
  },
  read: async ({ run }, id, known) => {
    if (!existsSync(id)) return Promise.resolve(undefined);
    const text = run.get(seen).get(id) ?? readFileSync(id, "utf8");
    run.get(seen).set(id, text);
    const state = JSON.parse(text) as State;
    const { directory, name, kind, size } = state;
    return Promise.resolve({ id, inputs: known?.inputs ?? { directory, name, kind, size }, state });
  },
  update: async (context, _id, _old, news) => {
    record(news.directory, `update ${news.name} ${news.kind}`);
    return act(news, context);
  },
  delete: async (_context, id, old) => {
    record(old.directory, `delete ${old.name} ${old.kind}`);
    rmSync(id, { force: true });
    return Promise.resolve();
  },
};
