/**
 * One case per property, or group of properties, of a service: declared one way, then another, then changed by hand.
 * The unit tests put them through the pure part, the matrix through the real engine and a real swarm.
 */

/** Arguments of a service, as a user writes them. */
export type Declared = Readonly<Record<string, unknown>>;

/** What somebody does to a service behind the program's back. */
export type ByHand =
  /** Flags of `docker service update`. */
  | { readonly flags: readonly string[] }
  /** A change of the spec through the Engine API, where the CLI has no flag. */
  | { readonly spec: (spec: Spec) => void };

/** Docker's own spec of a service, as far as the cases touch it by hand. */
export interface Spec {
  TaskTemplate: {
    ContainerSpec: Record<string, unknown>;
    Resources?: Record<string, unknown>;
    Placement?: Record<string, unknown>;
  };
  Mode?: { ReplicatedJob?: Record<string, unknown> };
}

/** One row, or one group of rows, of the table. */
export interface Case {
  /** First declaration. @default {} */
  readonly from?: Declared;
  /** Second declaration. */
  readonly to: Declared;
  /** Exactly what the preview shows between the two. */
  readonly changes: Readonly<Record<string, string>>;
  /** What Docker says of the second (part of its ServiceSpec). */
  readonly docker: object;
  /** @default - not changed by hand */
  readonly hand?: ByHand;
  /** Exactly what a preview shows after that. */
  readonly drift?: Readonly<Record<string, string>>;
  /** Without the number of tasks that all other cases have (0). @default false */
  readonly bare?: boolean;
}

/** Part of a ServiceSpec: its container. */
export const container = (spec: object): object => ({ TaskTemplate: { ContainerSpec: spec } });
/** A change by `docker service update`. */
export const flags = (...words: string[]): ByHand => ({ flags: words });
/** In nanoseconds. */
export const second = 1_000_000_000;
