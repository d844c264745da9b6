import type { Finding, Path } from "../finding";
import type { External, StackModel } from "../model";

/** Sections of a stack file whose entries services refer to. */
export type Section = "networks" | "volumes" | "secrets" | "configs";

/** What an entry of such a section has at least. */
type Entry = External | { readonly name?: string };

/** Label of everything that belongs to a stack; `docker stack ls` and `docker stack services` go by it. */
export const namespaceLabel = "com.docker.stack.namespace";

/** A stack on its way from its files to its resources: their model, its name, and what there is to say about both. */
export class Conversion {
  readonly stack: string;
  readonly model: StackModel;
  /** Whether names and labels say whose things are. */
  readonly isNamespaced: boolean;
  readonly findings: Finding[] = [];

  constructor(stack: string, model: StackModel, isNamespaced: boolean) {
    this.stack = stack;
    this.model = model;
    this.isNamespaced = isNamespaced;
  }

  error(path: Path, message: string): void {
    this.#say("error", path, message);
  }

  warning(path: Path, message: string): void {
    this.#say("warning", path, message);
  }

  /** Name in Docker of what the stack makes itself. */
  scoped(key: string): string {
    return this.isNamespaced ? `${this.stack}_${key}` : key;
  }

  /** Labels of what the stack makes itself, undefined for none: a file cannot give away the stack's own. */
  labelled(labels: Readonly<Record<string, string>> = {}): Record<string, string> | undefined {
    const own = this.isNamespaced ? { [namespaceLabel]: this.stack } : {};
    return filled(sortedRecord({ ...labels, ...own }));
  }

  /** Name in Docker of an entry. */
  nameOf(key: string, entry: Entry | undefined): string {
    if (entry === undefined) return this.scoped(key);
    return isExternal(entry) ? entry.external.name : (entry.name ?? this.scoped(key));
  }

  /** Name in Docker of what a service refers to. */
  nameFor(section: Section, key: string): string {
    const entries: Readonly<Record<string, Entry>> = this.model[section];
    return this.nameOf(key, entryOf(entries, key));
  }

  #say(severity: Finding["severity"], path: Path, message: string): void {
    const at = this.model.at(path);
    this.findings.push({ severity, path, message, ...(at === undefined ? {} : { at }) });
  }
}

/** Key of the network of services that name none. It needs no entry. */
export const defaultNetwork = "default";

/** Whether an entry lies outside of the stack. */
export function isExternal(entry: object): entry is External {
  return "external" in entry;
}

/** The entry of a key; a file may use any word as a key, `constructor` as well. */
export function entryOf<Value>(
  entries: Readonly<Record<string, Value>>,
  key: string,
): Value | undefined {
  return Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** The same entries, by key. */
export function sortedRecord<Value>(
  entries: Readonly<Record<string, Value>>,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(entries).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same things by their texts, which tell them apart. */
export function sortedBy<Item>(items: readonly Item[], textOf: (item: Item) => string): Item[] {
  return [...items].sort((a, b) => (textOf(a) < textOf(b) ? -1 : textOf(a) > textOf(b) ? 1 : 0));
}

/** A list, a map or a group; undefined when there is nothing in it. */
export function filled<Value extends object>(value: Value): Value | undefined {
  return Object.keys(value).length === 0 ? undefined : value;
}
