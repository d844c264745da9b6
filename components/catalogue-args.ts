import type { z } from "zod";
import type { ClusterHostArgs } from "./cluster-args";
import { wordPressLacks, wordPressSchema } from "./word-press-args";

/** What can be checked of a component before anything is made. */
export interface ComponentCheck {
  /** Its arguments. */
  readonly schema: z.ZodObject;
  /** What the cluster lacks for it, as one sentence. */
  lacks(hosts: Readonly<Record<string, Pick<ClusterHostArgs, "labels">>>): string | undefined;
}

/** The components that `swarm:stacks` may name. The classes are in catalogue.ts. */
export const componentChecks = {
  WordPress: { schema: wordPressSchema, lacks: wordPressLacks },
} as const satisfies Record<string, ComponentCheck>;

export type ComponentName = keyof typeof componentChecks;
