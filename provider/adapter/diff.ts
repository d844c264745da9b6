import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import type { DiffRequest } from "@pulumi/pulumi/proto/provider_pb";
import type { ChangeKind, Diff } from "../resource";
import type { AnyResourceType } from "../types";
import { isWithin, overlaps, parsePath, formatPath, valueAt, withValueAt } from "./path";
import type { Path } from "./path";
import { splitUnfinished } from "./unfinished";
import { decode } from "./wire";
import type { Decoded, Properties } from "./wire";

const KINDS: Readonly<Record<ChangeKind, PropertyDiff.Kind>> = {
  add: PropertyDiff.Kind.ADD,
  "add-replace": PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE,
  "delete-replace": PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE,
  "update-replace": PropertyDiff.Kind.UPDATE_REPLACE,
};

/** What is compared. */
export interface Compared {
  readonly id: string;
  readonly oldInputs: Properties;
  readonly old: Properties;
  readonly news: Decoded;
  /** Property paths of `ignoreChanges`. */
  readonly ignored: readonly string[];
}

/** A noun's answer, completed with the unknown values and without what the user ignores. */
export function compare(type: AnyResourceType, compared: Compared): Diff {
  const found = askType(type, compared);
  const changes: Record<string, ChangeKind> = {};
  const ignored = compared.ignored.map(parsePath);
  for (const [path, kind] of [...Object.entries(found.changes), ...unknownChanges(found, compared)])
    if (!ignored.some((prefix) => isWithin(parsePath(path), prefix))) changes[path] = kind;
  return { ...found, changes };
}

function askType(type: AnyResourceType, { id, oldInputs, old, news }: Compared): Diff {
  const ask = (inputs: Properties): Diff => type.diff({ id, oldInputs, old, news: inputs });
  if (news.unknowns.length === 0) return ask(news.value);
  try {
    return ask(news.value);
  } catch {
    // A noun that expects a list cannot compare "not known": then the rest is compared, with the old values there.
    const stillOld = news.unknowns.reduce<Properties>(
      (inputs, path) => withValueAt(inputs, path, valueAt(old, path)),
      news.value,
    );
    return ask(stillOld);
  }
}

/** A value that is not known may be another one, so it shows; only the noun can say that it means a replacement. */
function unknownChanges(found: Diff, { old, news }: Compared): [string, ChangeKind][] {
  const said = Object.keys(found.changes).map(parsePath);
  return news.unknowns
    .filter((unknown) => !said.some((path) => overlaps(path, unknown)))
    .map((path) => [formatPath(path), valueAt(old, path) === undefined ? "add" : "update"]);
}

/** The engine's Diff. */
export function diffResponse(type: AnyResourceType, request: DiffRequest): DiffResponse {
  const news = decode(request.getNews());
  const { state, reasons } = splitUnfinished(decode(request.getOlds()).value);
  const diff = compare(type, {
    id: request.getId(),
    oldInputs: decode(request.getOldInputs()).value,
    old: state,
    news,
    ignored: request.getIgnorechangesList(),
  });
  return toResponse(diff, Object.keys(news.value), reasons.length > 0);
}

/** @param mustAct - there is something to finish although no property differs */
export function toResponse(
  diff: Diff,
  inputs: readonly string[] = [],
  mustAct = false,
): DiffResponse {
  const response = new DiffResponse();
  const changed = new Set<string>();
  const replaced = new Set<string>();
  for (const [path, kind] of Object.entries(diff.changes)) {
    const detail = new PropertyDiff();
    detail.setKind(KINDS[kind]);
    response.getDetaileddiffMap().set(path, detail);
    const property = topOf(parsePath(path));
    changed.add(property);
    if (kind.endsWith("-replace")) replaced.add(property);
  }
  const { DIFF_SOME, DIFF_NONE } = DiffResponse.DiffChanges;
  response.setChanges(changed.size > 0 || mustAct ? DIFF_SOME : DIFF_NONE);
  response.setHasdetaileddiff(true);
  response.setDiffsList([...changed].sort());
  response.setReplacesList([...replaced].sort());
  response.setStablesList(inputs.filter((key) => !changed.has(key)).sort());
  response.setDeletebeforereplace(diff.deleteBeforeReplace ?? false);
  return response;
}

function topOf(path: Path): string {
  return String(path[0]);
}
