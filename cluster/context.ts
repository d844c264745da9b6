import type { Environment } from "./environment";

/** What whoever acts on the swarm may use: the rooms behind the configuration, and somebody to speak to. */
export interface ClusterContext extends Pick<
  Environment,
  "lab" | "machines" | "managers" | "registries" | "roles" | "run"
> {
  /** Aborted by Ctrl-C or when time is up. */
  readonly signal: AbortSignal;
  /** Takes the secrets of the run out of a text; to be done before it is cut, which could leave half of one. */
  readonly scrub: (text: string) => string;
  /** Replaces the line that tells how far it is ("2/3 tasks running"). */
  readonly progress: (message: string) => void;
  /** Stays in the log. */
  readonly info: (message: string) => void;
  /** Stays in the log, as a warning. */
  readonly warn: (message: string) => void;
  /** Like `warn`, but the same text is said once in a run, whoever says it first. */
  readonly warnOnce: (message: string) => void;
}
