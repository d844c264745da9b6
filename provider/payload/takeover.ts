import type { Context } from "../context";
import type { Changes } from "../fields/form";
import { isOfSameStack, namespaceOf, takeoverLine } from "../fields/takeover";
import { ifReachable } from "../reading";
import type { CheckRequest, CheckResult } from "../resource";
import { containsUnknown, isUnknown, UNKNOWN } from "../value";
import { inputsOf, named } from "./acting";
import { announceTakeover } from "./announced";
import type { PayloadKind } from "./kind";
import { nextName, prefixOf } from "./names";
import type { PayloadInputs, PayloadState } from "./table";

/**
 * What becomes of an object of the same stack that is there under exactly the declared name, as `docker stack deploy`
 * makes them. One that holds what is declared keeps its name; beside any other a new version is made, whose name
 * follows from the old one's as in every rotation.
 */
export async function resolvePayload(
  context: Context,
  kind: PayloadKind,
  { news, olds, replaced }: CheckRequest<PayloadInputs>,
  compare: (old: PayloadState, news: PayloadInputs) => Changes,
): Promise<CheckResult<PayloadInputs>> {
  const asChecked = { inputs: news, failures: [] };
  const isNew = olds === undefined && replaced === undefined && !isUnknown(news.name);
  if (!isNew || namespaceOf(news.labels) === undefined) return asChecked;
  const name = prefixOf(news.name ?? "");
  const item = await ifReachable(() => named(context, kind, name), undefined);
  if (item === undefined || !isOfSameStack(news.labels, item.Spec?.Labels)) return asChecked;
  if (kind.kind === "config" && containsUnknown(news.value)) {
    context.info(
      `config "${name}" was made by docker stack deploy: taken over if it holds the value, which is not known yet`,
    );
    return { inputs: { ...news, name: UNKNOWN }, failures: [] };
  }
  const asNamed = { ...news, name };
  const { value, ...others } = compare(inputsOf(item, asNamed), asNamed);
  const changes = kind.kind === "secret" || value === undefined ? others : { ...others, value };
  return { inputs: settle(context, kind, asNamed, changes), failures: [] };
}

/** The name to be made, or to be taken over. */
function settle(
  context: Context,
  kind: PayloadKind,
  news: PayloadInputs & { readonly name: string },
  changes: Changes,
): PayloadInputs {
  const { name } = news;
  const noun = `${kind.kind} "${name}"`;
  // A secret whose value a driver brings has none that Docker could hide.
  const isOpaque = kind.kind === "secret" && news.value !== undefined;
  const paths = Object.keys(changes);
  const isSame = Object.values(changes).every((change) => !change.endsWith("-replace"));
  if (isSame && (!isOpaque || news.adopt === true)) {
    announceTakeover(context, kind, name);
    const line = takeoverLine({ noun, isOfStack: true, paths, news });
    context.info(isOpaque ? `${line}; Docker does not say its value` : line);
    return news;
  }
  const next = nextName(name, name);
  const isKept = isUnknown(news.keep) || (news.keep ?? 0) > 0;
  context.info(
    [
      `${noun} was made by docker stack deploy${whyNot(isOpaque && isSame, paths)}: services move to a new one, "${next}"`,
      isKept
        ? "the old one is kept"
        : `the stack's Namespace removes the old one when no service uses it any more`,
      ...(isOpaque && isSame ? ["to keep it as it is set adopt: true"] : []),
    ].join("; "),
  );
  return { ...news, name: next, ...(isKept ? { previous: [name] } : {}) };
}

function whyNot(isUnreadable: boolean, paths: readonly string[]): string {
  return isUnreadable
    ? ", and Docker does not say its value"
    : ` and differs in ${[...paths].sort().join(", ")}`;
}
