import type { References } from "../provider/fields/form";
import type { Tree } from "../provider/fields/paths";
import { isTree } from "../provider/fields/paths";
import { withArguments } from "../provider/fields/table";
import { networkSpec } from "../provider/network/spec";
import { payloadSpec } from "../provider/payload/spec";
import { serviceTable } from "../provider/service/table";
import type { Own, StackDeclaration } from "../stack-files/declaration";
import type { External } from "../stack-files/model";

/** One thing that is made in Docker. */
export interface Call {
  readonly call: "create network" | "create secret" | "create config" | "create service";
  /** Name in Docker. */
  readonly name: string;
  /** What is sent; keys sorted, what is in a secret left out. */
  readonly body: Tree;
}

/**
 * Ids are known once things are there: a secret or config has one that says whose it is, a network its name. Its
 * versions' digits are not known before either.
 */
const placeholders: References = {
  id: (kind, name) => (kind === "network" ? name : `id-of-${kind}-${name}`),
  name: (_kind, id) => id,
};

/**
 * What an empty swarm is sent for a stack: networks, secrets, configs, services, each kind by name. The bodies come
 * from the same functions as those that are really sent.
 */
export function callsOf(declaration: StackDeclaration): Call[] {
  const { networks, secrets, configs, services } = declaration;
  return [
    ...inOrder(own(networks), "create network", (args) => networkSpec(args)),
    ...inOrder(own(secrets), "create secret", (args) => withoutData(payloadSpec(args))),
    ...inOrder(own(configs), "create config", (args) => payloadSpec(args)),
    ...inOrder(Object.values(services), "create service", (args) =>
      withArguments(serviceTable, {}, args, placeholders),
    ),
  ];
}

function own<Args>(entries: Readonly<Record<string, External | Own<Args>>>): Own<Args>[] {
  return Object.values(entries).filter((entry): entry is Own<Args> => !("external" in entry));
}

function inOrder(
  entries: readonly { readonly args: { readonly name: string } }[],
  call: Call["call"],
  bodyOf: (args: Tree) => Tree,
): Call[] {
  const calls = entries.map(({ args }): Call => {
    const body = sortedKeys(bodyOf({ ...args })) as Tree;
    return { call, name: args.name, body };
  });
  return calls.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function withoutData(body: Tree): Tree {
  return Object.fromEntries(Object.entries(body).filter(([key]) => key !== "Data"));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (!isTree(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortedKeys(value[key])]));
}
