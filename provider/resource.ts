import type { z } from "zod";
import type { Failure } from "../cluster/failure";
import type { Context } from "./context";

export type { Failure } from "../cluster/failure";

/** What happens to one property, in the words of Pulumi's detailed diff. */
export type ChangeKind =
  "add" | "update" | "delete" | "add-replace" | "update-replace" | "delete-replace";

/** The difference between what is and what was asked for. An empty `changes` means: nothing to do. */
export interface Diff {
  /** Property path in the user's own words (`healthcheck.interval`, `ports[0].published`) → change. */
  readonly changes: Readonly<Record<string, ChangeKind>>;
  /** Delete the old object before the new one is made (where two cannot stand side by side). @default false */
  readonly deleteBeforeReplace?: boolean;
}

/** What `check` is given beside the new inputs. */
export interface CheckRequest<Inputs> {
  /** Inputs that passed the schema. Values that are not known yet are `UNKNOWN` (provider/value.ts). */
  readonly news: Inputs;
  /** Inputs of the last run; undefined for a new resource, and for the new one of a replacement. */
  readonly olds: Inputs | undefined;
  /** Inputs of the resource that this one takes the place of; undefined unless it is the new one of a replacement. */
  readonly replaced?: Inputs | undefined;
  /** It is there, but the last create or update failed: what `olds` says was never proven. @default false */
  readonly isUnfinished?: boolean;
  /** Logical name of the resource in the program. */
  readonly name: string;
  /** Bytes that stay the same for this resource in every run of its stack once the provider is in the state. */
  readonly randomSeed: Uint8Array;
}

/** Checked inputs with defaults filled in, and what is wrong with them. */
export interface CheckResult<Inputs> {
  readonly inputs: Inputs;
  readonly failures: readonly Failure[];
  /** Said once in the preview, beside the resource; never stops it. */
  readonly warnings?: readonly string[];
}

/** What is found on the machine. */
export interface Found<Inputs, State> {
  readonly id: string;
  readonly inputs: Inputs;
  readonly state: State;
}

/**
 * Everything the provider knows about one noun. `check` and `diff` are pure; the rest acts.
 *
 * `Inputs` are the arguments as the user wrote them plus defaults. `State` is the same properties as they really
 * are, plus computed outputs: comparing `old` (refreshed) with `news` therefore shows drift.
 */
export interface ResourceType<Inputs extends object, State extends object> {
  /** `swarm:index:Network`. Frozen once released. */
  readonly token: string;
  /** One sentence for the served schema. */
  readonly description: string;
  /** Strict Zod object; `.describe()` on every field feeds the served schema and the reference. */
  readonly inputs: z.ZodObject;
  /** Computed outputs, in addition to the inputs. */
  readonly outputs: z.ZodObject;
  /** Output properties that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** Inputs that the provider finds out and nobody gives: the served schema has them among the outputs alone. */
  readonly computed?: readonly string[];
  /** Outputs that are always there, although no schema says so: `check` has filled them in. */
  readonly alwaysSet?: readonly string[];
  /** The provider's own notes in the state, which the served schema does not have. */
  readonly internal?: readonly string[];
  /** Read before every preview and update, so that drift shows without a flag. @default true */
  readonly refreshBeforeUpdate?: boolean;
  /** Cross-field rules, defaults and names. Pure. @default - the inputs as they are */
  check?(request: CheckRequest<Inputs>, context: Context): CheckResult<Inputs>;
  /**
   * Rules and values that only machines and cluster know, asked in every preview and every update; `news` has passed
   * `check`. Changes nothing. Where nobody answers, because it does not exist yet or is down, nothing is refused.
   *
   * @default - the inputs as they are
   */
  resolve?(request: CheckRequest<Inputs>, context: Context): Promise<CheckResult<Inputs>>;
  /** Pure. `old` is the state as last read; `oldInputs` what was declared last time. */
  diff(request: {
    readonly id: string;
    readonly oldInputs: Inputs;
    readonly old: State;
    readonly news: Inputs;
  }): Diff;
  /**
   * Outputs that are known before acting, for the preview. It may look at the machine and refuse what could not be done.
   *
   * @default - the inputs, and on update also the old outputs
   */
  preview?(
    news: Inputs,
    old: State | undefined,
    context: Context,
  ): Partial<State> | Promise<Partial<State>>;
  create(context: Context, inputs: Inputs): Promise<{ readonly id: string; readonly state: State }>;
  /**
   * `known` is undefined on import (then only `id` is given). Undefined answer: it is gone.
   * When its host cannot be reached: warn and answer what is known.
   */
  read(
    context: Context,
    id: string,
    known: { readonly inputs: Inputs; readonly state: State } | undefined,
  ): Promise<Found<Inputs, State> | undefined>;
  update(context: Context, id: string, old: State, news: Inputs): Promise<State>;
  /** `declared` is what was asked for last: `old` may have lost some of it to somebody's hands since. */
  delete(context: Context, id: string, old: State, declared?: Inputs): Promise<void>;
}

/**
 * A create or update that failed after something was made: the state keeps it, the next `up` goes on from there.
 *
 * The reasons are kept in the state as clear text and said again until an update has succeeded. `details` are said
 * once and kept nowhere: what a program wrote into its log may be a password that it made up.
 */
export class PartialFailure extends Error {
  readonly id: string;
  readonly state: object;
  readonly reasons: readonly string[];
  readonly details: string | undefined;
  constructor(id: string, state: object, reasons: readonly string[], details?: string) {
    super(reasons.join("\n"));
    this.name = "PartialFailure";
    this.id = id;
    this.state = state;
    this.reasons = reasons;
    this.details = details;
  }
}
