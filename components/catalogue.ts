import type * as pulumi from "@pulumi/pulumi";
import type { ComponentName, StackDeclaration } from "./catalogue-args";
import type { Cluster } from "./cluster";
import { WordPress } from "./word-press";

/** An application on a cluster. */
export interface Stack {
  /** URLs that it answers. */
  readonly endpoints: pulumi.Output<string[]>;
}

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
      .map(([name, { component, ...args }]) => [
        name,
        components[component as ComponentName](name, cluster, args),
      ]),
  );
}
