import type { Machines } from "../hosts/machines";
import type { Lab } from "../lab/lab";
import type { Managers } from "./managers";
import type { Registries } from "./registries";
import type { Run } from "./run";

/** What a host is in the swarm. */
export type Role = "manager" | "worker";

/** What an acting function may use. One per call of the engine. */
export interface Context {
  /** Every configured machine by name, and those that are leaving, connected on first use. */
  readonly machines: Machines;
  /** Role of every configured host. A machine without one is leaving: the configuration has it no more. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Nothing was declared in this run: what is there is taken down, as `destroy` does. */
  readonly isDestroy: boolean;
  /** The resource takes the place of its former self, which in a preview is still there. */
  readonly isReplacement: boolean;
  /** The machines of this computer, when the configuration has `lab`. */
  readonly lab: Lab | undefined;
  /** The swarm through any manager that answers, with shared lists. */
  readonly managers: Managers;
  /** What the resources of this run share. */
  readonly run: Run;
  /** Accounts of the image registries. */
  readonly registries: Registries;
  /** Aborted by Ctrl-C or when the resource's timeout has passed. */
  readonly signal: AbortSignal;
  /** Takes the secrets of the run out of a text; to be done before it is cut, which could leave half of one. */
  readonly scrub: (text: string) => string;
  /** Replaces the line beside the resource ("2/3 tasks running"). */
  readonly progress: (message: string) => void;
  /** Stays in the log of the resource. */
  readonly info: (message: string) => void;
  /** Stays in the log of the resource, as a warning. */
  readonly warn: (message: string) => void;
  /** Like `warn`, but the same text is said once in a run, whichever resource says it first. */
  readonly warnOnce: (message: string) => void;
}
