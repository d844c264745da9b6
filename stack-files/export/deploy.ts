import { said } from "../said";
import { nonEmpty } from "./forms";
import type { Keys } from "./keys";
import type { LiveService } from "./live";
import type { Written } from "./yaml";

type Part = Record<string, Written> | undefined;

/** What stands under `deploy`. */
export function deployPart(keys: Keys, service: LiveService): Part {
  const { mode, replicas, endpointMode, placement, restartPolicy } = service;
  return nonEmpty({
    mode,
    // The number of a job's tasks at a time is not Docker's default, but the same number.
    replicas: mode === "replicated-job" ? (replicas ?? 1) : replicas,
    endpoint_mode: endpointMode,
    labels: keys.labels(service.labels),
    placement: placement && placementPart(placement),
    resources: nonEmpty({
      limits: limitsPart(service.limits),
      reservations: reservationsPart(service.reservations),
    }),
    restart_policy:
      restartPolicy &&
      nonEmpty({
        condition: restartPolicy.condition,
        delay: restartPolicy.delay,
        max_attempts: restartPolicy.maxAttempts,
        window: restartPolicy.window,
      }),
    update_config: policyPart(service.updateConfig),
    rollback_config: policyPart(service.rollbackConfig),
  });
}

function placementPart({
  constraints,
  preferences,
  maxReplicasPerNode,
}: NonNullable<LiveService["placement"]>): Part {
  return nonEmpty({
    constraints,
    preferences: preferences?.map((spread) => ({ spread })),
    max_replicas_per_node: maxReplicasPerNode,
  });
}

function limitsPart(limits: LiveService["limits"]): Part {
  if (limits === undefined) return undefined;
  const { cpus, memory, pids } = limits;
  return nonEmpty({ cpus: cpusText(cpus), memory, pids });
}

function reservationsPart(reservations: LiveService["reservations"]): Part {
  if (reservations === undefined) return undefined;
  const { cpus, memory, genericResources = {} } = reservations;
  const resources = Object.entries(genericResources)
    // A file has numbers of a kind, and no named ones.
    .filter(([, amount]) => /^\d+$/.test(amount))
    .map(([kind, amount]) => ({ discrete_resource_spec: { kind, value: Number(amount) } }));
  return nonEmpty({
    cpus: cpusText(cpus),
    memory,
    generic_resources: resources.length === 0 ? undefined : resources,
  });
}

/** Never with an exponent, which older versions of Docker's command do not know. */
function cpusText(cpus: number | undefined): string | undefined {
  return cpus?.toFixed(9).replace(/\.?0+$/, "");
}

function policyPart(policy: LiveService["updateConfig"]): Part {
  if (policy === undefined) return undefined;
  const { parallelism, delay, failureAction, monitor, maxFailureRatio, order } = policy;
  return said({
    parallelism,
    delay,
    failure_action: failureAction,
    monitor,
    max_failure_ratio: maxFailureRatio,
    order,
  });
}
