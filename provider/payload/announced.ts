import type { Slot } from "../../cluster/run";
import type { Context } from "../context";
import type { PayloadKind } from "./kind";

/** What this run's checks have found to be taken over. Nothing else tells it from what a run that was cut off left. */
const announced: Slot<Set<string>> = { make: () => new Set<string>() };

function key({ kind }: PayloadKind, name: string | undefined): string {
  return `${kind} ${name ?? ""}`;
}

/** Takes note that the object of this name is to be taken over. */
export function announceTakeover({ run }: Context, kind: PayloadKind, name: string): void {
  run.get(announced).add(key(kind, name));
}

/** Whether the object of this name is to be taken over. */
export function isAnnouncedTakeover(
  { run }: Context,
  kind: PayloadKind,
  name: string | undefined,
): boolean {
  return run.get(announced).has(key(kind, name));
}
