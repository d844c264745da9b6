import type { Config, ConfigSpec, Secret } from "@docker/node-sdk";
import { isNotFound } from "../../hosts/engine";
import * as api from "../../hosts/engine-api";
import type { Context } from "../context";
import { belongsToAnother, createOrAdopt } from "../fields/adoption";
import { withoutReferences, type Changes } from "../fields/form";
import type { Tree } from "../fields/paths";
import { deleteWhenReleased, servicesUsing } from "../fields/release";
import { argumentsOf, compareTable, withArguments } from "../fields/table";
import { inSequence } from "../sequence";
import { encoded, pluralOf, type PayloadKind } from "./kind";
import { isNext } from "./names";
import { isAnnouncedTakeover } from "./announced";
import { payloadSpec } from "./spec";
import { payloadTable } from "./table";
import type { PayloadInputs, PayloadState } from "./table";

type Item = Secret | Config;

async function listed(context: Context, kind: PayloadKind): Promise<readonly Item[]> {
  return context.managers[pluralOf(kind)]();
}

/** The object of a name. */
export async function named(
  context: Context,
  kind: PayloadKind,
  name: string | undefined,
): Promise<Item | undefined> {
  return (await listed(context, kind)).find((item) => item.Spec?.Name === name);
}

/** The object of an id; on import the id may be a name. */
export async function find(
  context: Context,
  kind: PayloadKind,
  id: string,
  isImport: boolean,
): Promise<Item | undefined> {
  const byId = (await listed(context, kind)).find((item) => item.ID === id);
  return byId ?? (isImport ? named(context, kind, id) : undefined);
}

/** The arguments that a live object comes from, in the spelling of the known ones. */
export function inputsOf(item: Item, known: PayloadInputs): PayloadInputs {
  const { Name: name = "", Data: data, ...spec } = item.Spec ?? {};
  const found: PayloadInputs = {
    ...argumentsOf(payloadTable, spec, known, withoutReferences),
    name,
  };
  if (known.encoding !== undefined) found.encoding = known.encoding;
  if (known.keep !== undefined) found.keep = known.keep;
  if (known.adopt !== undefined) found.adopt = known.adopt;
  // Docker never says what is in a secret; the value it was made of is still the one, because it cannot change.
  const isSame = data === undefined || data === "" || data === encoded(known);
  if (known.value !== undefined && isSame) found.value = known.value;
  else if (data !== undefined) found.value = Buffer.from(data, "base64").toString("utf8");
  return found;
}

/**
 * Removes what a run that was killed has left under the name that is to be made now: nobody uses it yet, and what is
 * in a secret cannot be told, so it is made anew. One that is used stays, and is reported by whoever makes the new one.
 */
async function clearLeftover(
  context: Context,
  kind: PayloadKind,
  news: PayloadInputs,
  isAsDeclared: (item: Item) => boolean,
): Promise<void> {
  context.managers.invalidate(pluralOf(kind));
  const item = await named(context, kind, news.name);
  if (item?.ID === undefined) return;
  const isReadable = kind.kind === "config";
  if (isReadable && isAsDeclared(item)) return;
  const users = await servicesUsing(context, kind.kind, item.ID);
  if (users.length > 0) {
    throw new Error(
      `${kind.kind} "${news.name ?? ""}" exists already and is used by ${users.join(", ")}. Choose another name.`,
    );
  }
  context.info(`${kind.kind} "${news.name ?? ""}" is left from a run that was cut off: made anew.`);
  await removeOne(context, kind, item.ID, news.name ?? "");
}

/** Makes an object, or takes over the one that the preview has announced, whose labels may differ. */
export async function create(
  context: Context,
  kind: PayloadKind,
  news: PayloadInputs,
  compare: (old: PayloadState, news: PayloadInputs) => Changes,
): Promise<{ id: string; state: PayloadState }> {
  const plural = pluralOf(kind);
  const isAnnounced = isAnnouncedTakeover(context, kind, news.name);
  const changesOf = (item: Item): Changes => compare(inputsOf(item, news), news);
  if (!isAnnounced) {
    const isAsDeclared = (item: Item): boolean => Object.keys(changesOf(item)).length === 0;
    await clearLeftover(context, kind, news, isAsDeclared);
  }
  const body = payloadSpec(news) as ConfigSpec;
  const { id, taken } = await createOrAdopt<Item>(context, {
    noun: `${kind.kind} "${news.name ?? ""}"`,
    kind: plural,
    find: () => named(context, kind, news.name),
    differences: (item) =>
      Object.entries(changesOf(item))
        .filter(([, change]) => !isAnnounced || change.endsWith("-replace"))
        .map(([path]) => path),
    idOf: (item) => item.ID,
    create: (engine) => api.createPayload(engine, plural, body, { signal: context.signal }),
    advice: "Choose another name.",
  });
  if (taken && isAnnounced) await writeSpec(context, kind, id, news);
  return { id, state: news };
}

/** Changes labels, and removes older versions that are no longer to be kept. */
export async function update(
  context: Context,
  kind: PayloadKind,
  {
    id,
    old,
    news,
  }: { readonly id: string; readonly old: PayloadState; readonly news: PayloadInputs },
): Promise<PayloadState> {
  await writeSpec(context, kind, id, news);
  const kept = new Set(news.previous);
  await removeNamed(
    context,
    kind,
    (old.previous ?? []).filter((name) => !kept.has(name)),
  );
  return news;
}

/** Writes the labels, if they differ. */
async function writeSpec(
  context: Context,
  kind: PayloadKind,
  id: string,
  news: PayloadInputs,
): Promise<void> {
  const path = pluralOf(kind);
  await inSequence(async () =>
    context.managers.use(async (engine) => {
      const item = await api.inspectPayload(engine, path, id);
      const spec = (item.Spec ?? {}) as Tree;
      if (Object.keys(compareTable(payloadTable, inputsOf(item, news), news)).length === 0) return;
      const body = withArguments(payloadTable, spec, news, withoutReferences);
      await api.updatePayload(engine, path, id, item.Version?.Index ?? 0, body);
    }),
  );
  context.managers.invalidate(path);
}

/**
 * Removes an object whose turn it is: a version that another one has taken the place of stays when that one lists it
 * as kept; with the last version all older ones go.
 */
export async function remove(
  context: Context,
  kind: PayloadKind,
  id: string,
  old: PayloadState,
): Promise<void> {
  const { name = "", previous = [] } = old;
  if (belongsToAnother(context, `${kind.kind} "${name}"`, id)) return;
  context.managers.invalidate(pluralOf(kind));
  const all = await listed(context, kind);
  const next = all.find((item) => isNext(item.Spec?.Name ?? "", name));
  const kept = next === undefined ? [] : (inputsOf(next, {}).previous ?? []);
  if (kept.includes(name)) context.info(`${kind.kind} "${name}" is kept as an older version.`);
  else await removeOne(context, kind, id, name);
  await removeNamed(
    context,
    kind,
    previous.filter((older) => !kept.includes(older)),
  );
}

async function removeNamed(
  context: Context,
  kind: PayloadKind,
  names: readonly string[],
): Promise<void> {
  context.managers.invalidate(pluralOf(kind));
  for (const name of names) {
    const id = (await named(context, kind, name))?.ID;
    if (id !== undefined) await removeOne(context, kind, id, name);
  }
}

/** Removes an object once nobody uses it any more. */
export async function removeOne(
  context: Context,
  { kind }: Pick<PayloadKind, "kind">,
  id: string,
  name: string,
): Promise<void> {
  const plural = pluralOf({ kind });
  await deleteWhenReleased(context, {
    noun: `${kind} "${name}"`,
    remove: () => context.managers.use((engine) => api.removePayload(engine, plural, id)),
    isGone: isNotFound,
    holders: () => servicesUsing(context, kind, id),
  });
  context.managers.invalidate(plural);
}
