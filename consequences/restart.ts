import { isDeepStrictEqual } from "node:util";
import type { Node, ServiceSpec } from "@docker/node-sdk";
import { meets } from "./constraints";

/** What differs between a service's definition as Docker has it and the one that is sent, by what Docker makes of it. */
export interface SpecChange {
  /** Parts of the definition of its tasks, placement left out: `ContainerSpec.Image`, `Resources`. Sorted. */
  readonly task: readonly string[];
  /** Where its tasks may run: constraints, preferences, platforms, tasks per node. */
  readonly placement: boolean;
  /** Published ports, or how its name is resolved. */
  readonly endpoint: boolean;
  /** What concerns no task: `labels`, `update policy`. Sorted. */
  readonly others: readonly string[];
}

/**
 * Words that Docker takes for the same as nothing: the first value of an enumeration.
 *
 * @see https://github.com/moby/moby/blob/docker-v29.7.2/daemon/cluster/convert/service.go
 * @see https://github.com/moby/moby/blob/docker-v29.7.2/daemon/cluster/convert/container.go
 */
const zeroWords: Readonly<Record<string, string>> = {
  Runtime: "container",
  Isolation: "default",
  Condition: "any",
  Consistency: "default",
  Propagation: "rprivate",
  Protocol: "tcp",
  PublishMode: "ingress",
};

/** Fields that the managers keep as pointers: a zero, or false, is another thing there than nothing. */
const pointers = new Set([
  "Delay",
  "Init",
  "MemorySwappiness",
  "StopGracePeriod",
  "SwapBytes",
  "Window",
]);

/** Without what Docker's managers cannot tell from nothing. An object is something, even when it is empty. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, normal);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as Record<string, unknown>)
    .filter(([key, item]) => !isNothing(key, item))
    .map(([key, item]) => [key, normal(item)]);
  return Object.fromEntries(entries) as unknown;
}

function isNothing(key: string, value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (pointers.has(key)) return false;
  if (Array.isArray(value)) return value.length === 0;
  return value === "" || value === 0 || value === false || value === zeroWords[key];
}

function differs(one: unknown, other: unknown): boolean {
  return !isDeepStrictEqual(normal({ one }), normal({ one: other }));
}

function changedKeys(before: object, after: object): string[] {
  const [old, news] = [before, after] as Record<string, unknown>[];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => differs({ [key]: old?.[key] }, { [key]: news?.[key] }));
}

/** Compares two definitions of one service as Docker's managers do. */
export function changeOf(before: ServiceSpec, after: ServiceSpec): SpecChange {
  const [old = {}, news = {}] = [before.TaskTemplate, after.TaskTemplate];
  const parts = changedKeys(old, news).filter((key) => key !== "Placement");
  const within = changedKeys(old.ContainerSpec ?? {}, news.ContainerSpec ?? {});
  const others: Record<string, boolean> = {
    labels: differs(before.Labels, after.Labels),
    "update policy": differs(before.UpdateConfig, after.UpdateConfig),
    "rollback policy": differs(before.RollbackConfig, after.RollbackConfig),
  };
  return {
    task: parts
      .flatMap((key) =>
        key === "ContainerSpec" && within.length > 0
          ? within.map((inner) => `ContainerSpec.${inner}`)
          : [key],
      )
      .sort(),
    placement: differs(old.Placement, news.Placement),
    endpoint: differs(withoutZeroMode(before.EndpointSpec), withoutZeroMode(after.EndpointSpec)),
    others: Object.keys(others).filter((key) => others[key]),
  };
}

/** `Mode` is a word of mounts and files, too, so it is not among those that stand for nothing. */
function withoutZeroMode(spec: ServiceSpec["EndpointSpec"]): object | undefined {
  if (spec === undefined) return undefined;
  const { Mode, ...rest } = spec;
  return Mode === "vip" ? rest : spec;
}

/**
 * Whether Docker replaces a task by a new one: `IsTaskDirty` of its managers.
 *
 * It is replaced when the definition of tasks, or the ports and the mode of the endpoint, are others. Where placement
 * is all that differs in the definition of tasks, it stays as long as its node meets the new constraints, whatever else
 * changed. The account for the registry matters only together with a change of placement. Labels and policies of the
 * service are not looked at.
 *
 * @param node - of the task; undefined for one that has found none
 * @param isOtherAccount - the nodes are to pull with another account
 * @see https://github.com/moby/swarmkit/blob/master/manager/orchestrator/task.go
 */
export function isReplaced(
  change: SpecChange,
  after: ServiceSpec,
  node: Node | undefined,
  isOtherAccount = false,
): boolean {
  if (change.task.length > 0) return true;
  if (change.placement) return isOtherAccount || node === undefined || !meetsAll(after, node);
  return change.endpoint;
}

/** Whether a node meets the constraints of a service. */
export function meetsAll(spec: ServiceSpec, node: Node): boolean {
  return meets(node, spec.TaskTemplate?.Placement?.Constraints ?? []);
}
