import type { HealthConfig, ServiceSpec } from "@docker/node-sdk";

/** How a change reaches the tasks of a service, and how Docker sees that a new one works. Times in nanoseconds. */
export interface Rollout {
  /** Tasks at a time; 0 is all at once. */
  readonly parallelism: number;
  readonly delay: number;
  readonly monitor: number;
  readonly order: "stop-first" | "start-first";
  /** Declared, switched off, or not declared: then the image may have one of its own. */
  readonly health: "declared" | "off" | "unsaid";
  /** Time until a new task is first asked whether it works; 0 without a declared check. */
  readonly firstCheck: number;
}

const second = 1e9;

/**
 * Time for a container to stop and another one to start, when it heeds its signal and its image is there. The least
 * that can be said without knowing the program.
 */
const changeOver = 2 * second;

/**
 * Docker's defaults of an update.
 *
 * @see https://github.com/moby/swarmkit/blob/master/api/defaults/service.go
 */
const defaults = { parallelism: 1, monitor: 5 * second };

/**
 * Docker's defaults of a health check.
 *
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
const checks = { interval: 30 * second, startInterval: 5 * second };

/** The part of a container that Docker's description of its API spells in another way than its engines. */
interface WithHealth {
  readonly Healthcheck?: HealthConfig & { readonly StartInterval?: number };
}

/** The policy of a service, Docker's defaults filled in. */
export function rolloutOf(spec: ServiceSpec): Rollout {
  const { UpdateConfig: policy } = spec;
  const health = ((spec.TaskTemplate?.ContainerSpec ?? {}) as WithHealth).Healthcheck;
  const [kind] = health?.Test ?? [];
  const isDeclared = kind !== undefined && kind !== "NONE";
  return {
    parallelism: policy === undefined ? defaults.parallelism : (policy.Parallelism ?? 0),
    delay: policy?.Delay ?? 0,
    monitor: (policy?.Monitor ?? 0) === 0 ? defaults.monitor : (policy?.Monitor ?? 0),
    order: policy?.Order ?? "stop-first",
    health: kind === "NONE" ? "off" : isDeclared ? "declared" : "unsaid",
    firstCheck: isDeclared ? firstCheck(health) : 0,
  };
}

function firstCheck(health: WithHealth["Healthcheck"]): number {
  const orElse = (value: number | undefined, otherwise: number): number =>
    value === undefined || value === 0 ? otherwise : value;
  const interval = orElse(health?.Interval, checks.interval);
  if ((health?.StartPeriod ?? 0) === 0) return interval;
  return Math.min(interval, orElse(health?.StartInterval, checks.startInterval));
}

/** Tasks that are changed together. */
export function atOnce({ parallelism }: Rollout, tasks: number): number {
  return parallelism === 0 ? tasks : Math.min(parallelism, tasks);
}

/**
 * Seconds that Docker takes for a number of tasks, from the first that is touched to the end of its watch over the
 * last: one batch after the other, each with its delay, and the watch is longer than a delay.
 *
 * @see https://github.com/moby/swarmkit/blob/master/manager/orchestrator/update/updater.go
 */
export function secondsFor(rollout: Rollout, tasks: number): number {
  if (tasks === 0) return 0;
  const batches = Math.ceil(tasks / atOnce(rollout, tasks));
  const { delay, monitor, firstCheck: check } = rollout;
  const watch = delay >= monitor ? delay + second : monitor;
  return (batches * (changeOver + check + delay) + watch) / second;
}

/** What users of a service notice. */
export type Gap =
  /** Nothing: a new task works before an old one goes, or others answer meanwhile. */
  | "none"
  /** Nothing, if new tasks answer as soon as their process runs: nobody asks them. */
  | "unless-slow"
  /** For some seconds nothing answers. */
  | "gap";

/**
 * Whether a service goes on answering while some of its tasks are replaced.
 *
 * @param replaced - tasks that are replaced
 * @param all - tasks that run, these among them
 */
export function gapOf(rollout: Rollout, replaced: number, all: number): Gap {
  if (replaced === 0) return "none";
  if (rollout.order === "start-first") {
    return rollout.health === "declared" ? "none" : "unless-slow";
  }
  if (atOnce(rollout, replaced) >= all) return "gap";
  return rollout.health === "declared" || rollout.delay > 0 ? "none" : "unless-slow";
}
