/**
 * Holds the hand-written arguments of resources/ and the provider's own tables together: `tsc` fails here when one
 * has a property, or a kind of value, that the other has not. Nothing of it runs.
 */
import type { Arguments } from "../../provider/fields/table";
import type { serviceTable } from "../../provider/service/table";
import type { ServiceArgs } from "../../resources/service";

/**
 * A type with Pulumi's inputs taken out, all optional, words as text: what is required and which words are known is
 * the provider's to check.
 */
type Plain<T> = T extends { apply: unknown } | PromiseLike<unknown>
  ? never
  : T extends string
    ? string
    : T extends readonly (infer Item)[]
      ? Plain<Item>[]
      : T extends object
        ? { -readonly [Key in keyof T]?: Plain<Exclude<T[Key], undefined>> }
        : T;

/** `true`, or the properties that differ. */
type Same<One, Other> = {
  [Key in keyof One | keyof Other]: Key extends keyof One & keyof Other
    ? [One[Key], Other[Key]] extends [Other[Key], One[Key]]
      ? never
      : Key
    : Key;
}[keyof One | keyof Other] extends infer Different
  ? [Different] extends [undefined]
    ? true
    : Different
  : never;

const service: Same<Plain<ServiceArgs>, Plain<Arguments<typeof serviceTable>>> = true;

export const locks = [service];
