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

/** An application as the configuration declares it, checked before: one of the three, with its arguments. */
export interface ApplicationDeclaration {
  /** One of {@link componentChecks}. */
  readonly component?: string;
  /** Folder or file of this project that exports `deploy`, `examples/redis`. */
  readonly program?: string;
  /** A stack file, with the arguments of {@link stackSchema}; or several, `files`. */
  readonly file?: string;
  readonly files?: readonly string[];
  readonly [argument: string]: unknown;
}

/** Whether an application is a stack of files. */
export function isStack(application: object): boolean {
  return "file" in application || "files" in application;
}
