import type { Managers } from "../../cluster/managers";
import type { Context } from "../context";
import type { PayloadKind } from "./kind";

/** What this run's checks have found to be taken over. Nothing else tells it from what a run that was cut off left. */
const announced = new WeakMap<Managers, Set<string>>();

function key({ kind }: PayloadKind, name: string | undefined): string {
  return `${kind} ${name ?? ""}`;
}

/** Takes note that the object of this name is to be taken over. */
export function announceTakeover({ managers }: Context, kind: PayloadKind, name: string): void {
  announced.set(managers, (announced.get(managers) ?? new Set()).add(key(kind, name)));
}

/** Whether the object of this name is to be taken over. */
export function isAnnouncedTakeover(
  { managers }: Context,
  kind: PayloadKind,
  name: string | undefined,
): boolean {
  return announced.get(managers)?.has(key(kind, name)) === true;
}
