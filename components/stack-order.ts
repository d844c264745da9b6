import type { StackDeclaration } from "../stack-files/declaration";
import { entriesOf, externalKinds } from "./stack-bindings";

/**
 * The stacks in an order in which each comes after those that make what it calls external; in a circle, as they are.
 *
 * @param declarations - by the stacks' names; undefined where nothing is known of one
 */
export function inOrderOfNeed(
  declarations: Readonly<Record<string, StackDeclaration | undefined>>,
): string[] {
  const makers = new Map<string, string>();
  for (const [name, declaration] of Object.entries(declarations))
    for (const made of namesIn(declaration, "own")) makers.set(made, name);
  const ordered = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    if (ordered.has(name) || above.includes(name)) return;
    for (const needed of namesIn(declarations[name], "external")) {
      const maker = makers.get(needed);
      if (maker !== undefined) visit(maker, [...above, name]);
    }
    ordered.add(name);
  };
  for (const name of Object.keys(declarations).sort()) visit(name, []);
  return [...ordered];
}

function namesIn(declaration: StackDeclaration | undefined, which: "own" | "external"): string[] {
  if (declaration === undefined) return [];
  return externalKinds.flatMap((kind) =>
    entriesOf(declaration, kind).flatMap(([, entry]) => {
      if ("external" in entry)
        return which === "external" ? [`${kind} ${entry.external.name}`] : [];
      return which === "own" ? [`${kind} ${entry.args.name}`] : [];
    }),
  );
}
