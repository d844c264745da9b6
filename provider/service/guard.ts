import type { Failure } from "../resource";
import { isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";

/** A rule over several properties: says what is wrong, if anything. Values that are not known yet break no rule. */
export type Guard = (inputs: ServiceInputs) => readonly Failure[];

/** The entries of a list, or none while the list itself is not known. */
export function known<Item>(list: readonly Item[] | undefined): [number, Item][] {
  return list === undefined || isUnknown(list) ? [] : [...list.entries()];
}

/** Whether a value is there and known by now. */
export function isKnown<Value>(value: Value | undefined): value is Value {
  return value !== undefined && !isUnknown(value);
}
