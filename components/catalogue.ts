import type { ComponentName, StackDeclaration } from "./catalogue-args";
import type { Cluster } from "./cluster";
import { deployProgram } from "./program";
import type { Stack } from "./stack";
import { WordPress } from "./word-press";

const components = {
  WordPress: (name, cluster, args) => new WordPress(name, cluster, args),
} satisfies Record<ComponentName, (name: string, cluster: Cluster, args: object) => Stack>;

/** Makes the declared applications, by name. */
export function deployStacks(
  cluster: Cluster,
  stacks: Readonly<Record<string, StackDeclaration>> = {},
): Record<string, Stack> {
  return Object.fromEntries(
    Object.entries(stacks)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { component, program, ...args }]) => [
        name,
        program === undefined
          ? components[component as ComponentName](name, cluster, args)
          : deployProgram(name, cluster, program),
      ]),
  );
}
