import type { ChangeKind } from "../resource";
import type { Changes } from "./form";

/** The same changes, each of which makes a new object. */
export function replacing(changes: Changes): Changes {
  return Object.fromEntries(
    Object.entries(changes).map(([path, kind]) => [path, forReplacement(kind)]),
  );
}

/** A change that makes a new object. */
export function forReplacement(kind: ChangeKind): ChangeKind {
  return kind.endsWith("-replace") ? kind : (`${kind}-replace` as ChangeKind);
}
