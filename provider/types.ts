// Convention: `provider/<noun>/<noun>.ts` exports `<noun>Type` (`networkType`, `swarmType`, …); each is listed here.
import type { ResourceType } from "./resource";

/** Any noun, whatever its inputs and state are. */
export type AnyResourceType = ResourceType<object, object>;

/** Every resource type that the provider serves, in the order of the tokens. */
export const resourceTypes: readonly AnyResourceType[] = [];
