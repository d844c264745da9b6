import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import type { ChangeKind } from "../resource";
import { isUnknown } from "../value";

/** What a spec can refer to by id while its user writes a name. */
export type ReferenceKind = "network" | "secret" | "config";

/** Names and ids of what exists in the swarm. */
export interface References {
  /** Id of a name (an id is taken as it is). Throws when there is none. */
  id(kind: ReferenceKind, name: string): string;
  /** Name of an id; the id itself when there is none. */
  name(kind: ReferenceKind, id: string): string;
}

/** For specs that refer to nothing. */
export const withoutReferences: References = {
  id: (_kind, name) => name,
  name: (_kind, id) => id,
};

/** Changes below one property; the empty path is the property itself. */
export type Changes = Record<string, ChangeKind>;

/**
 * How one kind of value is written by users, kept by Docker, and compared.
 *
 * The normal form is what two spellings of one thing have in common (`90s` and `1m30s`; two lists whose order means
 * nothing). Unknown values pass through it as they are.
 */
export interface Form<User> {
  readonly schema: z.ZodType<User>;
  toWire(value: User, references: References): unknown;
  /** `wire` is neither undefined nor null. */
  toUser(wire: unknown, references: References): User;
  /** @default - the value itself */
  normal?(value: User): unknown;
  /** Changes below the property; both values are present and their normal forms differ. @default - an update of it all */
  compare?(old: User, news: User): Changes;
  /** The live value in the spelling and order of the known one, where both mean the same. @default - all or nothing */
  settle?(live: User, known: User): User;
  /** Releases of Docker that parts of the value need, by their path below the property. @default - none */
  needs?(value: User): Readonly<Record<string, number>>;
}

/** The normal form of a value; unknown values stay unknown. */
export function normalForm<User>(form: Form<User>, value: User): unknown {
  return isUnknown(value) || form.normal === undefined ? value : form.normal(value);
}

/** Whether two values of one form mean the same. An unknown value equals nothing. */
export function sameMeaning<User>(form: Form<User>, one: User, other: User): boolean {
  if (isUnknown(one) || isUnknown(other)) return false;
  return isDeepStrictEqual(normalForm(form, one), normalForm(form, other));
}

/** The live value, spelled as the known one where they mean the same. */
export function settled<User>(form: Form<User>, live: User, known: User | undefined): User {
  if (known === undefined || isUnknown(known)) return live;
  if (form.settle !== undefined) return form.settle(live, known);
  return sameMeaning(form, live, known) ? known : live;
}
