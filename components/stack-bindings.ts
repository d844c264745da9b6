import { accessSync, constants, statSync } from "node:fs";
import type { Own, StackDeclaration } from "../stack-files/declaration";
import type { Finding } from "../stack-files/finding";
import type { External } from "../stack-files/model";
import type { StackArgs } from "./stack-args";

/** What the files may call external, as the declaration and the arguments name it. */
export const externalKinds = ["networks", "secrets", "configs"] as const;
/** One of {@link externalKinds}. */
export type ExternalKind = (typeof externalKinds)[number];

/** What the files declare of a kind, by their keys. */
export function entriesOf(
  declaration: StackDeclaration,
  kind: ExternalKind,
): [string, External | Own<object>][] {
  return Object.entries<External | Own<object>>(declaration[kind]);
}

/** What one of each kind is called. */
export const nouns = { networks: "network", secrets: "secret", configs: "config" } as const;

/** Name in Docker of what the files call external; undefined for what the stack makes itself, and for unknown keys. */
function externalName(
  declaration: StackDeclaration,
  kind: ExternalKind,
  key: string,
): string | undefined {
  const entry = entryOf<StackDeclaration[ExternalKind][string]>(declaration[kind], key);
  return entry !== undefined && "external" in entry ? entry.external.name : undefined;
}

/** The entry of a key that a file may have chosen; undefined when there is none. */
export function entryOf<Entry>(
  entries: Readonly<Record<string, Entry>> | undefined,
  key: string,
): Entry | undefined {
  return entries !== undefined && Object.hasOwn(entries, key) ? entries[key] : undefined;
}

/** Networks that every node has by itself. */
const everywhere: readonly string[] = ["host", "bridge", "none"];

/** Whether it is a name that every swarm has. */
export function isEverywhere(kind: ExternalKind, name: string): boolean {
  return kind === "networks" && everywhere.includes(name);
}

/**
 * What there is to say of the values that are bound to external names: every one must be of a name that the files call
 * external, and every file must be there.
 */
export function bindingFindings(
  declaration: StackDeclaration,
  args: Pick<StackArgs, ExternalKind>,
): Finding[] {
  return externalKinds.flatMap((kind) => {
    const first = new Map<string, string>();
    return Object.entries(args[kind] ?? {}).flatMap(([key, binding]) => {
      const name = externalName(declaration, kind, key);
      if (name === undefined) return [notExternal(declaration, kind, key)];
      const other = first.get(name);
      first.set(name, other ?? key);
      return [
        ...(other === undefined ? [] : [boundTwice(kind, key, other, name)]),
        ...fileFindings(kind, key, binding),
      ];
    });
  });
}

function notExternal(declaration: StackDeclaration, kind: ExternalKind, key: string): Finding {
  const noun = nouns[kind];
  if (Object.hasOwn(declaration[kind], key))
    return error(
      [kind, key],
      `got a value for a ${noun} that the files declare themselves; expected one that they call external. ` +
        "Write `external: true` there instead, or take this away.",
    );
  const known = Object.keys(declaration[kind]).filter(
    (one) => externalName(declaration, kind, one) !== undefined,
  );
  const which =
    known.length === 0
      ? `They call no ${noun} external`
      : `They call external: ${known.join(", ")}`;
  const message = `got a value for a ${noun} that no service of the files uses; expected its key in them. ${which}.`;
  // A service may be left out by its profiles; and whoever mistyped the key is told of the one that nothing is bound to.
  return { severity: "warning", path: [kind, key], message };
}

function boundTwice(kind: ExternalKind, key: string, other: string, name: string): Finding {
  return error(
    [kind, key],
    `got a second value for "${name}", which ${kind}.${other} is, too; expected one. Take one of them away.`,
  );
}

function fileFindings(kind: ExternalKind, key: string, binding: unknown): Finding[] {
  // Of an Output every property is an Output, and so none is text.
  const { file } = binding as { readonly file?: unknown };
  if (typeof file !== "string") return [];
  const reason = unreadable(file);
  if (reason === undefined) return [];
  return [
    error(
      [kind, key, "file"],
      `got ${JSON.stringify(file)}, which cannot be read (${reason}); expected a file, by its path from the project's folder.`,
    ),
  ];
}

function unreadable(file: string): string | undefined {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile() ? undefined : "not a file";
  } catch (reason) {
    return (reason as NodeJS.ErrnoException).code ?? String(reason);
  }
}

function error(path: Finding["path"], message: string): Finding {
  return { severity: "error", path, message };
}
