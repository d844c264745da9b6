import { createHash } from "node:crypto";
import { z } from "zod";
import type { Config, Secret } from "@docker/node-sdk";
import { isNotFound, isOutOfSequence } from "../../hosts/engine";
import type { Context } from "../context";
import { readOrKnown } from "../reading";
import type { CheckRequest, CheckResult, Failure, ResourceType } from "../resource";
import { isUnknown } from "../value";
import { createOrAdopt } from "./adoption";
import { textMap } from "./collections";
import { field } from "./field";
import type { Changes } from "./form";
import { withoutReferences } from "./form";
import type { Tree } from "./paths";
import { deleteWhenReleased, servicesUsing } from "./release";
import { choice, text, textLike } from "./scalars";
import { argumentsOf, compareTable, schemaOf, withArguments } from "./table";
import type { Arguments } from "./table";

/** Length of `-` and eight hexadecimal digits, and of a name in Docker at most. */
const suffixLength = 9;
const longestName = 64;

/** Someone else may write the same object; after this many tries it is said. */
const writeAttempts = 5;

/** Everything about a secret or a config that Docker keeps beside name and value. */
const payloadTable = {
  labels: field(textMap, "Labels", "Labels; changed in place."),
  templateDriver: field(
    text,
    "Templating.Name",
    "Fills in templates in the value for each task: `golang`. Default: the value is taken as it is.",
    { replace: true },
  ),
};

const head = {
  name: field(
    textLike(
      /^[a-zA-Z0-9]+(?:[a-zA-Z0-9-_.]*[a-zA-Z0-9])?$/,
      "letters, digits, -, _ and ., starting and ending with a letter or digit",
    ),
    "Name",
    "First part of the name in Docker; eight hexadecimal digits follow, others for each value. As an output: the whole name. Default: the resource's.",
  ),
  value: field(text, "Data", "The value itself.", { required: true }),
  encoding: field(
    choice(["text", "base64"]),
    "Encoding",
    "How `value` is written; base64 is for values that are no text.",
    { fallback: "text" },
  ),
};

/** Arguments of a secret or config. */
export type PayloadInputs = Arguments<typeof head & typeof payloadTable>;

/** A secret or config as it is; `name` is the whole name in Docker. */
export type PayloadState = PayloadInputs;

/** What tells secrets and configs apart. */
export interface PayloadKind {
  readonly kind: "secret" | "config";
  readonly token: string;
  readonly description: string;
  /** Bytes; a value must be shorter. */
  readonly limit: number;
}

type Item = Secret | Config;

function encoded({ value = "", encoding }: PayloadInputs): string {
  return encoding === "base64"
    ? Buffer.from(value, "base64").toString("base64")
    : Buffer.from(value, "utf8").toString("base64");
}

/** Whether both say the same; then the object in Docker can stay. */
function sameContent(one: PayloadInputs, other: PayloadInputs): boolean {
  if (isUnknown(one.value) || isUnknown(other.value)) return false;
  return encoded(one) === encoded(other) && one.templateDriver === other.templateDriver;
}

function prefixOf(name: string): string {
  return /-[0-9a-f]{8}$/.test(name) ? name.slice(0, -suffixLength) : name;
}

/**
 * Name in Docker for a value that is new. The suffix comes from random bytes, not from the value: nobody who reads
 * names can test guesses. The name before goes into it, so that two values never share one.
 */
function freshName(prefix: string, seed: Uint8Array, before: string): string {
  const suffix = createHash("sha256").update(seed).update(before).digest("hex").slice(0, 8);
  return `${prefix}-${suffix}`;
}

function check(
  { kind, limit }: PayloadKind,
  { news, olds, name, randomSeed }: CheckRequest<PayloadInputs>,
): CheckResult<PayloadInputs> {
  const failures: Failure[] = [];
  const prefix = news.name ?? name;
  const longest = longestName - suffixLength;
  if (!isUnknown(prefix) && prefix.length > longest) {
    const reason = `got ${prefix.length} characters; expected at most ${longest}, because Docker allows ${longestName} and "-" with eight digits is added. Choose a shorter name.`;
    failures.push({ path: "name", reason });
  }
  if (!isUnknown(news.value)) {
    const size = Buffer.from(encoded(news), "base64").length;
    if (size === 0 || size >= limit) {
      const reason = `got ${size} bytes; expected 1 to ${limit - 1}, which is what Docker takes for a ${kind}. Put larger files into an image or a volume.`;
      failures.push({ path: "value", reason });
    }
  }
  const kept =
    olds?.name !== undefined && prefixOf(olds.name) === prefix && sameContent(olds, news);
  const chosen = kept ? olds.name : freshName(prefix, randomSeed, olds?.name ?? "");
  const full = isUnknown(prefix) ? prefix : chosen;
  return { inputs: full === undefined ? news : { ...news, name: full }, failures };
}

function compare(old: PayloadState, news: PayloadInputs): Changes {
  const changes = compareTable(payloadTable, old, news);
  if (isUnknown(news.value) || old.value === undefined || encoded(old) !== encoded(news)) {
    changes.value = old.value === undefined ? "add-replace" : "update-replace";
  }
  const renamed = old.name !== news.name;
  const replaced = Object.values(changes).some((change) => change.endsWith("-replace"));
  if (renamed && !replaced) changes.name = "update-replace";
  return changes;
}

function pluralOf({ kind }: PayloadKind): "secrets" | "configs" {
  return kind === "secret" ? "secrets" : "configs";
}

async function listed(context: Context, traits: PayloadKind): Promise<readonly Item[]> {
  return context.managers[pluralOf(traits)]();
}

function inputsOf(item: Item, known: PayloadInputs): PayloadInputs {
  const { Name: name = "", Data: data, ...spec } = item.Spec ?? {};
  const found: PayloadInputs = {
    ...argumentsOf(payloadTable, spec, known, withoutReferences),
    name,
  };
  if (known.encoding !== undefined) found.encoding = known.encoding;
  // Docker never says what is in a secret; the value it was made of is still the one, because it cannot change.
  const isSame = data === undefined || data === "" || data === encoded(known);
  if (known.value !== undefined && isSame) found.value = known.value;
  else if (data !== undefined) found.value = Buffer.from(data, "base64").toString("utf8");
  return found;
}

async function create(context: Context, traits: PayloadKind, news: PayloadInputs) {
  const plural = pluralOf(traits);
  const spec = withArguments(payloadTable, {}, news, withoutReferences);
  const body = { ...spec, Name: news.name, Data: encoded(news) };
  const { id } = await createOrAdopt<Item>(context, {
    noun: `${traits.kind} "${news.name ?? ""}"`,
    kind: plural,
    find: async () => (await listed(context, traits)).find((item) => item.Spec?.Name === news.name),
    differences: (item) => Object.keys(compare(inputsOf(item, news), news)),
    idOf: (item) => item.ID,
    create: async (engine) => {
      const call = { body, signal: context.signal };
      return (await engine.request<{ ID: string }>("POST", `/${plural}/create`, call)).ID;
    },
    advice: "Choose another name.",
  });
  return { id, state: news };
}

async function update(context: Context, traits: PayloadKind, id: string, news: PayloadInputs) {
  const path = `/${pluralOf(traits)}/${id}`;
  for (let attempt = 1; ; attempt++) {
    try {
      await context.managers.use(async (engine) => {
        const item = await engine.request<Item>("GET", path);
        const spec = (item.Spec ?? {}) as Tree;
        const body = withArguments(payloadTable, spec, news, withoutReferences);
        const query = { version: item.Version?.Index };
        await engine.request("POST", `${path}/update`, { query, body });
      });
      context.managers.invalidate(pluralOf(traits));
      return news;
    } catch (error) {
      if (!isOutOfSequence(error) || attempt === writeAttempts) throw error;
    }
  }
}

async function remove(context: Context, traits: PayloadKind, id: string, old: PayloadState) {
  const plural = pluralOf(traits);
  await deleteWhenReleased(context, {
    noun: `${traits.kind} "${old.name ?? id}"`,
    remove: async () => {
      await context.managers.use((engine) => engine.request("DELETE", `/${plural}/${id}`));
    },
    isGone: isNotFound,
    holders: () => servicesUsing(context, traits.kind, id),
  });
  context.managers.invalidate(plural);
}

/** The type of secrets or of configs: they differ in their paths, in their limits and in whether they can be read. */
export function payloadType(traits: PayloadKind): ResourceType<PayloadInputs, PayloadState> {
  return {
    token: traits.token,
    description: traits.description,
    inputs: schemaOf({ ...head, ...payloadTable }),
    outputs: z.object({}),
    ...(traits.kind === "secret" ? { secretOutputs: ["value"] } : {}),
    check: (request) => check(traits, request),
    diff: ({ old, news }) => ({ changes: compare(old, news) }),
    create: (context, news) => create(context, traits, news),
    read: (context, id, known) =>
      readOrKnown(context, id, known, async () => {
        const items = await listed(context, traits);
        const byId = items.find((item) => item.ID === id);
        const byName = items.find((item) => item.Spec?.Name === id);
        const item = byId ?? (known === undefined ? byName : undefined);
        if (item?.ID === undefined) return undefined;
        const inputs = inputsOf(item, known?.inputs ?? {});
        return { id: item.ID, inputs, state: inputs };
      }),
    update: (context, id, _old, news) => update(context, traits, id, news),
    delete: (context, id, old) => remove(context, traits, id, old),
  };
}
