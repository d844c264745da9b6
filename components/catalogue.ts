import { loadStack } from "../stack-files/load";
import { isStack, type Application, type ApplicationDeclaration } from "./application";
import type { ComponentName } from "./catalogue-args";
import type { Cluster } from "./cluster";
import { deployProgram } from "./program";
import { Stack } from "./stack";
import { inOrderOfNeed } from "./stack-order";
import { stackArgs, type StackSettings } from "./stack-settings";
import { WordPress } from "./word-press";

const components = {
  WordPress: (name, cluster, args) => new WordPress(name, cluster, args),
} satisfies Record<ComponentName, (name: string, cluster: Cluster, args: object) => Application>;

/**
 * Makes the declared applications, by name. A stack that calls external what another one makes comes after that one.
 */
export function deployStacks(
  cluster: Cluster,
  stacks: Readonly<Record<string, ApplicationDeclaration>> = {},
): Record<string, Application> {
  const declarations = Object.fromEntries(
    Object.entries(stacks).map(([name, declared]) => [name, declarationOf(name, declared)]),
  );
  const made = inOrderOfNeed(declarations).flatMap((name): [string, Application][] => {
    const declared = stacks[name];
    return declared === undefined ? [] : [[name, deploy(name, cluster, declared)]];
  });
  return Object.fromEntries(made.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function declarationOf(name: string, declared: ApplicationDeclaration) {
  if (!isStack(declared)) return undefined;
  return loadStack({ name, ...stackArgs(declared as StackSettings) }).declaration;
}

function deploy(name: string, cluster: Cluster, declared: ApplicationDeclaration): Application {
  if (isStack(declared)) return new Stack(name, cluster, stackArgs(declared as StackSettings));
  const { component, program, ...args } = declared;
  if (program !== undefined) return deployProgram(name, cluster, program);
  return components[component as ComponentName](name, cluster, args);
}
