import { containsUnknown, isUnknown } from "../value";
import { getAt, isTree } from "./paths";
import type { Tree } from "./paths";

/**
 * Label with which `docker stack deploy` says whose an object is. Who declares it declares to be the owner of what has
 * it already.
 *
 * @see https://docs.docker.com/reference/cli/docker/stack/
 */
const namespaceLabel = "com.docker.stack.namespace";

/** The stack that labels name; undefined when they name none, or when it is not known yet. */
export function namespaceOf(labels: unknown): string | undefined {
  const name = isTree(labels) ? labels[namespaceLabel] : undefined;
  return typeof name === "string" && name !== "" && !isUnknown(name) ? name : undefined;
}

/** Whether a live object is of the stack that the declared labels name. */
export function isOfSameStack(declared: unknown, live: unknown): boolean {
  const name = namespaceOf(declared);
  return name !== undefined && name === namespaceOf(live);
}

/** Whose a live object is, as far as it says. @param kind - `service` */
export function ownedBy(kind: string, labels: unknown): string {
  const stack = namespaceOf(labels);
  return stack === undefined
    ? `a ${kind} that names no stack as its owner`
    : `a ${kind} of the stack "${stack}"`;
}

/** What a takeover changes, for the preview. */
export interface Takeover {
  /** `service "shop_web"` */
  readonly noun: string;
  /** It has the label of the stack that is declared; otherwise it was there already, whoever made it. */
  readonly isOfStack: boolean;
  /** Property paths in which it differs. */
  readonly paths: readonly string[];
  /** What is declared. */
  readonly news: Tree;
}

/** Whether what is declared at a path is not known yet: it may come to what is there already. */
export function isOpen(path: string, news: Tree): boolean {
  return containsUnknown(getAt(news, path.replace(/[.[].*$/, "")));
}

/**
 * One line that says what is taken over and what changes. Properties whose new value is not known yet are said apart:
 * they may come to what is there already.
 */
export function takeoverLine({ noun, isOfStack, paths, news }: Takeover): string {
  const changes = paths.filter((path) => !isOpen(path, news)).sort();
  const open = paths
    .filter((path) => isOpen(path, news))
    .map((path) => path.replace(/[.[].*$/, ""));
  const parts = [
    changes.length === 0 ? "" : `changes: ${changes.join(", ")}`,
    open.length === 0 ? "" : `not known yet: ${[...new Set(open)].sort().join(", ")}`,
  ].filter((part) => part !== "");
  const origin = isOfStack ? "was made by docker stack deploy" : "exists already";
  const how = parts.length === 0 ? "taken over as it is" : ["taken over", ...parts].join("; ");
  return `${noun} ${origin}: ${how}`;
}
