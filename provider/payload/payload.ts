import { z } from "zod";
import type { Context } from "../context";
import type { Changes } from "../fields/form";
import { compareTable, schemaOf } from "../fields/table";
import { readOrKnown } from "../reading";
import type { CheckRequest, CheckResult, Failure, ResourceType } from "../resource";
import { isUnknown } from "../value";
import { create, find, inputsOf, remove, update } from "./acting";
import { foretellRotation } from "./consequences";
import { encoded, type PayloadKind } from "./kind";
import { firstName, longestName, nextName, prefixOf, suffixLength } from "./names";
import { resolvePayload } from "./takeover";
import { conductTable, headTable, ownTable, payloadTable } from "./table";
import type { PayloadInputs, PayloadState } from "./table";

/** Whether both say the same; then the object in Docker can stay. Docker shows no secret: what it does not say fits. */
function sameContent(one: PayloadInputs, other: PayloadInputs): boolean {
  if (isUnknown(one.value) || isUnknown(other.value)) return false;
  const isSame = one.value === undefined || encoded(one) === encoded(other);
  const { templateDriver, driver, driverOpts } = payloadTable;
  const sources = compareTable({ templateDriver, driver, driverOpts }, one, other);
  return isSame && Object.keys(sources).length === 0;
}

function checkSource({ kind }: Pick<PayloadKind, "kind">, news: PayloadInputs): Failure[] {
  const { value, driver, driverOpts } = news;
  if (driver === undefined) {
    const missing = kind === "secret" ? "the value, or the driver that brings it" : "the value";
    return [
      ...(value === undefined
        ? [{ path: "value", reason: `got nothing; expected ${missing}.` }]
        : []),
      ...(driverOpts === undefined
        ? []
        : [{ path: "driverOpts", reason: "got options without driver; expected both or none." }]),
    ];
  }
  if (value === undefined) return [];
  const reason =
    "got a driver beside a value; expected one of the two, because the driver brings the value. Remove one.";
  return [{ path: "driver", reason }];
}

function problems({ kind, limit }: PayloadKind, news: PayloadInputs, prefix: string): Failure[] {
  const failures: Failure[] = checkSource({ kind }, news);
  const longest = longestName - suffixLength;
  if (!isUnknown(prefix) && prefix.length > longest) {
    const reason = `got ${prefix.length} characters; expected at most ${longest}, because Docker allows ${longestName} and "-" with eight digits is added. Choose a shorter name.`;
    failures.push({ path: "name", reason });
  }
  if (news.value !== undefined && !isUnknown(news.value)) {
    const size = Buffer.from(encoded(news), "base64").length;
    if (size === 0 || size >= limit) {
      const reason = `got ${size} bytes; expected 1 to ${limit - 1}, which is what Docker takes for a ${kind}. Put larger files into an image or a volume.`;
      failures.push({ path: "value", reason });
    }
  }
  return failures;
}

/** The whole name, and the older versions that stay beside it. */
function versions(
  { news, olds, replaced, randomSeed }: CheckRequest<PayloadInputs>,
  prefix: string,
): Pick<PayloadInputs, "name" | "previous"> {
  const last = olds ?? replaced;
  const before = last?.name;
  if (before === undefined) return { name: firstName(prefix, randomSeed) };
  // One that was taken over has the prefix for its name, also where that ends like a version.
  const isSamePrefix = prefixOf(before) === prefix || before === prefix;
  const isKept = olds !== undefined && isSamePrefix && sameContent(olds, news);
  const older = isKept ? (olds.previous ?? []) : [before, ...(last?.previous ?? [])];
  const previous = older.slice(0, isUnknown(news.keep) ? older.length : (news.keep ?? 0));
  return {
    name: isKept ? before : nextName(prefix, before),
    ...(previous.length === 0 ? {} : { previous }),
  };
}

function check(
  kind: PayloadKind,
  request: CheckRequest<PayloadInputs>,
): CheckResult<PayloadInputs> {
  const { news } = request;
  const prefix = news.name ?? request.name;
  const failures = problems(kind, news, prefix);
  const chosen = isUnknown(prefix) ? {} : versions(request, prefix);
  return { inputs: { ...news, ...chosen }, failures };
}

function compare(old: PayloadState, news: PayloadInputs): Changes {
  const changes = compareTable({ ...payloadTable, ...ownTable }, old, news);
  const isOther = old.value !== undefined && encoded(old) !== encoded(news);
  if (isUnknown(news.value) || isOther) changes.value = "update-replace";
  const renamed = old.name !== news.name;
  const replaced = Object.values(changes).some((change) => change.endsWith("-replace"));
  if (renamed && !replaced) changes.name = "update-replace";
  return changes;
}

/** The type of secrets or of configs: they differ in their paths, in their limits and in whether they can be read. */
export function payloadType(kind: PayloadKind): ResourceType<PayloadInputs, PayloadState> {
  return {
    token: kind.token,
    description: kind.description,
    inputs: schemaOf({
      ...headTable,
      labels: payloadTable.labels,
      ...ownTable,
      templateDriver: payloadTable.templateDriver,
      ...(kind.kind === "secret"
        ? { driver: payloadTable.driver, driverOpts: payloadTable.driverOpts }
        : {}),
      ...conductTable,
    }),
    outputs: z.object({
      previous: z.array(z.string()).optional().describe(payloadTable.previous.description),
    }),
    alwaysSet: ["name"],
    ...(kind.kind === "secret" ? { secretOutputs: ["value"] } : {}),
    check: (request) => check(kind, request),
    resolve: (request, context) => resolvePayload(context, kind, request, compare),
    diff: ({ old, news }) => ({ changes: compare(old, news) }),
    // What is not declared is known to be absent.
    preview: async (news, old, context) => {
      if (old === undefined && context.isReplacement)
        await foretellRotation(context, kind.kind, news.name ?? "");
      return { previous: undefined, ...news } as unknown as Partial<PayloadState>;
    },
    create: (context, news) => create(context, kind, news, compare),
    read: (context: Context, id, known) =>
      readOrKnown(context, id, known, async () => {
        const item = await find(context, kind, id, known === undefined);
        if (item?.ID === undefined) return undefined;
        const inputs = inputsOf(item, known?.inputs ?? {});
        return { id: item.ID, inputs, state: inputs };
      }),
    update: (context, id, old, news) => update(context, kind, { id, old, news }),
    delete: (context, id, old) => remove(context, kind, id, old),
  };
}
