import { messageOf } from "./errors";
import type { Facts } from "./facts";
import type { HostSpec } from "./host-spec";
import type { Machine, RunOptions } from "./machine";
import type { Step } from "./step";
import { engineSteps } from "./steps/engine";
import { firewallSteps } from "./steps/firewall";
import { clockSteps } from "./steps/clock";
import {
  composeSteps,
  kernelSteps,
  namingSteps,
  packageSteps,
  recoverySteps,
  swapSteps,
  unitSteps,
} from "./steps/system";
import { userSteps } from "./steps/users";

/** How the steps are run. */
export interface ApplyOptions {
  /** Stops between and within steps. */
  readonly signal?: AbortSignal;
  /** Told before each step, and with its last line of output. */
  progress?(message: string): void;
}

/** A step did not come to its end; those before it are done, those after it are not begun. */
class StepError extends Error {
  readonly step: Step;
  constructor(
    host: string,
    steps: readonly Step[],
    failed: { readonly index: number; readonly step: Step; readonly cause: unknown },
  ) {
    const { index, step, cause } = failed;
    const done = steps.slice(0, index).map(({ title }) => title);
    const now = done.length === 0 ? "Nothing was changed before it" : `Done: ${done.join("; ")}`;
    super(
      `${host}: the preparation stopped at "${step.title}" (step ${index + 1} of ${steps.length}).\n` +
        `${messageOf(cause)}\n${now}. The next run goes on from here.`,
      { cause },
    );
    this.name = "StepError";
    this.step = step;
  }
}

/**
 * What has to be done to a machine, in order: only where facts and specification differ, so that a machine that is as
 * it shall be needs no step. Call `preflight` first: a daemon.json that cannot be read throws here.
 */
export function plan(facts: Facts, spec: HostSpec): Step[] {
  return [
    ...recoverySteps(facts),
    ...namingSteps(facts, spec),
    // Some systems keep modules that the engine needs in packages of their own.
    ...packageSteps(facts, spec),
    ...clockSteps(facts, spec),
    ...swapSteps(facts, spec),
    ...kernelSteps(facts, spec),
    ...engineSteps(facts, spec),
    ...composeSteps(facts, spec),
    ...userSteps(facts, spec),
    ...firewallSteps(facts, spec),
    ...unitSteps(facts, spec),
  ];
}

/** Whether the steps stop an engine that runs now: a package of its own brings one, a new daemon.json, too. */
export function restartsEngine(facts: Facts, steps: readonly Step[]): boolean {
  return facts.engine.running && steps.some(({ id }) => id === "service");
}

/**
 * Runs the steps one after the other.
 *
 * @throws StepError at the first that fails; the signal's reason when it is aborted
 */
export async function apply(
  machine: Machine,
  steps: readonly Step[],
  options: ApplyOptions = {},
): Promise<void> {
  for (const [index, step] of steps.entries()) {
    options.signal?.throwIfAborted();
    const line = `${step.title} (${index + 1}/${steps.length})`;
    options.progress?.(line);
    try {
      await run(machine, step, line, options);
    } catch (cause) {
      options.signal?.throwIfAborted();
      throw new StepError(machine.name, steps, { index, step, cause });
    }
  }
}

async function run(
  machine: Machine,
  step: Step,
  line: string,
  options: ApplyOptions,
): Promise<void> {
  const { args = [], ask, files = [], script } = step;
  const said: RunOptions = {
    title: step.title,
    deadlineSeconds: step.deadlineSeconds ?? 60,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const answer =
    ask && (await ask.decide((await machine.script(ask.script, ask.args, said)).stdout));
  for (const { path, content, mode } of [...(answer?.files ?? []), ...files]) {
    await machine.writeFile(path, content, mode === undefined ? {} : { mode });
  }
  if (script === undefined) {
    return;
  }
  await machine.script(script, [...args, ...(answer?.args ?? [])], {
    ...said,
    onLine: (spoken) => {
      // dnf lays its lines out in columns.
      const words = spoken.trim().replaceAll(/\s+/g, " ");
      if (words !== "") options.progress?.(`${line}: ${words.slice(0, 80)}`);
    },
  });
}
