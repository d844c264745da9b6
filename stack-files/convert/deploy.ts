import type { ServiceArgs } from "../../resources/service";
import type {
  Limits,
  Placement,
  Reservations,
  RestartPolicy,
  UpdateConfig,
} from "../../resources/service-deployment";
import type { Path } from "../finding";
import type { DeployModel, PolicyModel, ServiceModel } from "../model";
import { said } from "../said";
import { cpusOf, durationOf, memoryOf, wordOf } from "./measures";
import { filled, sortedRecord } from "./conversion";
import type { Conversion } from "./conversion";

/** What says how many tasks run, where, and how they come and go. */
type DeployArgs = Pick<
  ServiceArgs,
  | "limits"
  | "reservations"
  | "restartPolicy"
  | "placement"
  | "mode"
  | "replicas"
  | "maxConcurrent"
  | "updateConfig"
  | "rollbackConfig"
  | "endpointMode"
>;

const modes = ["replicated", "global", "replicated-job", "global-job"] as const;

/** The arguments about how a service is run. */
export function deployArgs(conversion: Conversion, key: string, service: ServiceModel): DeployArgs {
  const { deploy } = service;
  const { replicas } = deploy;
  const mode = wordOf(deploy.mode, modes);
  const path = ["services", key, "deploy"];
  const resources = [...path, "resources"];
  return said({
    limits: limitsOf(conversion, [...resources, "limits"], deploy),
    reservations: reservationsOf(conversion, [...resources, "reservations"], deploy),
    restartPolicy: restartPolicyOf(service),
    placement: placementOf(conversion, [...path, "placement"], deploy),
    mode,
    replicas,
    // A stack has one number for both.
    maxConcurrent: mode === "replicated-job" && replicas !== 0 ? replicas : undefined,
    updateConfig: policyOf(deploy.updateConfig),
    rollbackConfig: policyOf(deploy.rollbackConfig),
    endpointMode: wordOf(deploy.endpointMode, ["vip", "dnsrr"]),
  });
}

function limitsOf(conversion: Conversion, path: Path, { limits }: DeployModel): Limits | undefined {
  if (limits === undefined) return undefined;
  const { pids = 0 } = limits;
  return filled(
    said({
      cpus: cpusOf(conversion, [...path, "cpus"], limits.nanoCpus),
      memory: memoryOf(conversion, [...path, "memory"], limits.memory),
      // Below zero means what zero means: no limit.
      pids: pids > 0 ? pids : undefined,
    }),
  );
}

function reservationsOf(
  conversion: Conversion,
  path: Path,
  { limits, reservations }: DeployModel,
): Reservations | undefined {
  if (reservations === undefined) return undefined;
  const { nanoCpus, memory, genericResources } = reservations;
  const most = limits?.memory ?? 0;
  if (most > 0 && (memory ?? 0) > most) {
    conversion.warning(
      [...path, "memory"],
      `got ${memory ?? 0} bytes, more than the limit of ${most}: a node must spare what no task of it may use. Lower it to the limit.`,
    );
  }
  const kinds = genericResources.map(({ kind }) => kind);
  const repeated = kinds.find((kind, index) => kinds.indexOf(kind) < index);
  if (repeated !== undefined) {
    conversion.error(
      [...path, "generic_resources"],
      `got "${repeated}" again; expected each once. Add the two up.`,
    );
  }
  const amounts = genericResources.map(({ kind, value }): [string, string] => [
    kind,
    String(value),
  ]);
  return filled(
    said({
      cpus: cpusOf(conversion, [...path, "cpus"], nanoCpus),
      memory: memoryOf(conversion, [...path, "memory"], memory),
      genericResources: filled(sortedRecord(Object.fromEntries(amounts))),
    }),
  );
}

/** `deploy.restart_policy` goes before `restart`, whose `no` is no word of its own to a swarm. */
function restartPolicyOf({ restart, deploy }: ServiceModel): RestartPolicy | undefined {
  const policy = deploy.restartPolicy;
  if (policy === undefined) return fromRestart(restart);
  return filled(
    said({
      condition: wordOf(policy.condition, ["none", "on-failure", "any"]),
      delay: durationOf(policy.delay),
      maxAttempts: policy.maxAttempts,
      window: durationOf(policy.window),
    }),
  );
}

function fromRestart(restart = ""): RestartPolicy | undefined {
  const [word = "", attempts] = restart.split(":");
  if (word === "" || word === "no") return undefined;
  return said({
    condition: word === "on-failure" ? ("on-failure" as const) : ("any" as const),
    maxAttempts: attempts === undefined ? undefined : Number(attempts),
  });
}

/**
 * A key, an operator, and a value of the signs that the engine takes.
 *
 * @see https://github.com/moby/swarmkit/blob/v2.1.1/manager/constraint/constraint.go
 */
const constraint =
  /^\s*([a-z_][\w.-]+)\s*[=!]=\s*[\w:\-.*()?+[\]\\^$|/][\w:\-\s.*()?+[\]\\^$|/]*$/i;

/** What a node is asked for; no node meets any other. */
const asked =
  /^(?:node\.(?:id|hostname|ip|role|platform\.(?:os|arch)|labels\..+)|engine\.labels\..+)$/i;

function checkConstraint(conversion: Conversion, path: Path, text: string): void {
  const key = constraint.exec(text)?.[1];
  if (key === undefined)
    conversion.error(
      path,
      `got "${text}"; expected one constraint such as "node.labels.tier == db" or "node.role != manager".`,
    );
  else if (!asked.test(key))
    conversion.error(
      path,
      `got "${key}", which no node has; expected node.labels.…, node.hostname, node.role, node.id, node.ip, node.platform.os, node.platform.arch or engine.labels.….`,
    );
}

function placementOf(
  conversion: Conversion,
  path: Path,
  { placement }: DeployModel,
): Placement | undefined {
  if (placement === undefined) return undefined;
  placement.constraints.forEach((text, index) => {
    checkConstraint(conversion, [...path, "constraints", index], text);
  });
  const { maxReplicasPerNode } = placement;
  return filled(
    said({
      constraints: filled([...placement.constraints]),
      preferences: filled([...placement.preferences]),
      maxReplicasPerNode,
    }),
  );
}

/** A policy that is there says one task at a time, unless it says another number. */
function policyOf(policy: PolicyModel | undefined): UpdateConfig | undefined {
  if (policy === undefined) return undefined;
  return said({
    parallelism: policy.parallelism ?? 1,
    delay: durationOf(policy.delay),
    failureAction: wordOf(policy.failureAction, ["pause", "continue", "rollback"]),
    monitor: durationOf(policy.monitor),
    maxFailureRatio: policy.maxFailureRatio,
    order: wordOf(policy.order, ["stop-first", "start-first"]),
  });
}
