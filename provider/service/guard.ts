import type { Failure } from "../resource";
import type { ServiceInputs } from "./arguments";

/** A rule over several properties: says what is wrong, if anything. Values that are not known yet break no rule. */
export type Guard = (inputs: ServiceInputs) => readonly Failure[];
