import type { Node, ResourceObject, Service, ServiceSpec, Task } from "@docker/node-sdk";
import { hasEnded, isWanted } from "../cluster/tasks";
import { meetsAll } from "./restart";

/** A swarm as its managers list it, or the part of it that consequences follow from. */
export interface World {
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly tasks: readonly Task[];
}

/** What a task takes of a node, or what a node has. CPUs in billionths, memory in bytes. */
export interface Resources {
  readonly cpus: number;
  readonly memory: number;
  /** Kind → amount, of those resources that are counted. */
  readonly generic: Readonly<Record<string, number>>;
}

/** Of four words of Docker's. */
type Mode = "replicated" | "global" | "replicated-job" | "global-job";

/** Mode of a service. */
function modeOf({ Mode: mode }: ServiceSpec): Mode {
  const given = (mode ?? {}) as Record<string, unknown>;
  if (isGiven(given.Global)) return "global";
  if (isGiven(given.ReplicatedJob)) return "replicated-job";
  return isGiven(given.GlobalJob) ? "global-job" : "replicated";
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Whether a service has its tasks counted by the nodes that it fits. */
export function isGlobal(spec: ServiceSpec): boolean {
  return modeOf(spec).startsWith("global");
}

/** Whether the tasks of a service run to their end. */
export function isJob(spec: ServiceSpec): boolean {
  return modeOf(spec).endsWith("-job");
}

/** Number of tasks that are to run; of a global service, on the nodes given. */
export function countOf(spec: ServiceSpec, nodes: readonly Node[]): number {
  if (isGlobal(spec)) return nodes.filter((node) => obstacleFor(spec, node) === undefined).length;
  const job = spec.Mode?.ReplicatedJob;
  if (isJob(spec)) return Math.min(job?.MaxConcurrent ?? 1, job?.TotalCompletions ?? 1);
  return spec.Mode?.Replicated?.Replicas ?? 1;
}

/** What is reserved for each task, or what a node has. */
export function resourcesOf(given: ResourceObject | undefined): Resources {
  const counted = (given?.GenericResources ?? []).flatMap(({ DiscreteResourceSpec: one }) =>
    one?.Kind === undefined ? [] : [[one.Kind, one.Value ?? 0] as const],
  );
  return {
    cpus: given?.NanoCPUs ?? 0,
    memory: given?.MemoryBytes ?? 0,
    generic: Object.fromEntries(counted),
  };
}

/** What is reserved for each task of a service. */
export function reservedBy(spec: ServiceSpec): Resources {
  return resourcesOf(spec.TaskTemplate?.Resources?.Reservations);
}

/** Ports that each task takes on its node: `8080/tcp`. */
export function hostPortsOf({ EndpointSpec: endpoint }: ServiceSpec): string[] {
  return (endpoint?.Ports ?? [])
    .filter((port) => port.PublishMode === "host" && (port.PublishedPort ?? 0) !== 0)
    .map((port) => `${port.PublishedPort ?? 0}/${port.Protocol ?? "tcp"}`);
}

/** Named volumes of the node's own, which do not go along with a task. Sorted. */
export function localVolumesOf({ TaskTemplate: task }: ServiceSpec): string[] {
  return (task?.ContainerSpec?.Mounts ?? [])
    .filter(({ Type: type, Source: source, VolumeOptions: options }) => {
      const { Name: driver = "local", Options: extra = {} } = options?.DriverConfig ?? {};
      const isLocal = ["", "local"].includes(driver) && Object.keys(extra).length === 0;
      return type === "volume" && source !== undefined && source !== "" && isLocal;
    })
    .map(({ Source: source = "" }) => source)
    .sort();
}

/** Why a node takes no new task of a service, whatever runs there. */
export type Obstacle = "not ready" | "drained" | "paused" | "constraints" | "platform";

const architectures: Readonly<Record<string, string>> = { x86_64: "amd64", aarch64: "arm64" };

function samePart(wanted: string | undefined, found: string | undefined): boolean {
  const plain = (name = ""): string => architectures[name] ?? name;
  return wanted === undefined || wanted === "" || plain(wanted) === plain(found);
}

/**
 * What keeps a task off a node before its load is looked at; undefined: nothing.
 *
 * @see https://github.com/moby/swarmkit/blob/master/manager/scheduler/filter.go
 */
export function obstacleFor(spec: ServiceSpec, node: Node): Obstacle | undefined {
  if (node.Status?.State !== "ready") return "not ready";
  if (node.Spec?.Availability === "drain") return "drained";
  if (node.Spec?.Availability === "pause") return "paused";
  if (!meetsAll(spec, node)) return "constraints";
  const platforms = spec.TaskTemplate?.Placement?.Platforms ?? [];
  const own = node.Description?.Platform;
  const fits = platforms.some(
    ({ OS: os, Architecture: architecture }) =>
      samePart(os, own?.OS) && samePart(architecture, own?.Architecture),
  );
  return platforms.length === 0 || fits ? undefined : "platform";
}

/** Whether a task runs or is to run; one that is being stopped is not. */
export function isLive(task: Task): boolean {
  // What is wanted of a job's task is that it completes.
  return (isWanted(task) || task.DesiredState === "complete") && !hasEnded(task);
}

/** Live tasks of a service, those on a node first. */
export function tasksOf({ tasks }: World, { ID: id }: Service): Task[] {
  return tasks.filter((task) => task.ServiceID === id && isLive(task));
}
