import type { NetworkSummary, Node, Service, Task } from "@docker/node-sdk";
import { printableIn, printableLine } from "../hosts/printable";
import { exitOf, hasEnded, hasFailed, isWanted, newestFirst } from "../cluster/tasks";
import { nodeNames, slotOf, stateOf, taskName, type TaskNames } from "../cluster/tasks";
import type { Look } from "./look";
import { byName, type Condition, type Detail, type Former, type Tile } from "./picture";
import { bytesText, rounded } from "./words";

/** Characters of one of Docker's reasons: a container may have put anything into it. */
const LONGEST_REASON = 600;

/** Tasks of one place. */
interface Slot {
  readonly names: TaskNames;
  readonly service: Service;
  readonly tasks: readonly Task[];
}

/** A tile for every task that is to be there or still is; and for the last one of a place that nobody fills again. */
export function tilesOf(look: Look): Tile[] {
  const down = new Set(look.nodes.filter(isDown).map(({ ID: id = "" }) => id));
  const tiles: Tile[] = [];
  for (const [slot, found] of slotsOf(look)) {
    const live = found.tasks.filter((task) => isWanted(task) || !hasEnded(task));
    const failures = found.tasks.filter(hasFailed).length;
    for (const task of live.length > 0 ? live : lastOf(found.tasks)) {
      tiles.push(tileOf(task, slot, found, { failures, isLost: down.has(task.NodeID ?? "") }));
    }
  }
  return tiles.sort(byName);
}

/**
 * What is to be said of one task. Texts of others are made fit to be shown.
 *
 * @param log - its last lines
 * @returns undefined when there is no such task (any more)
 */
export function detailOf(look: Look, id: string, log: readonly string[]): Detail | undefined {
  const task = look.tasks.find(({ ID }) => ID === id);
  if (task === undefined) return undefined;
  const slot = [...slotsOf(look).values()].find(({ tasks }) => tasks.includes(task));
  const { Limits: limits, Reservations: reservations } = task.Spec?.Resources ?? {};
  const ports = task.Status?.PortStatus?.Ports ?? [];
  return printableIn({
    id,
    ...imageParts(task.Spec?.ContainerSpec?.Image),
    limits: amounts(limits?.NanoCPUs, limits?.MemoryBytes),
    reservations: amounts(reservations?.NanoCPUs, reservations?.MemoryBytes),
    networks: attachmentsOf(task, look.networks),
    ports: ports.map(
      ({ PublishedPort, TargetPort, Protocol }) =>
        `${PublishedPort ?? "?"}→${TargetPort ?? "?"}/${Protocol ?? "tcp"} on its node`,
    ),
    history: formerOf(task, slot),
    log,
  });
}

/** `redis:7` and `sha256:…` of an image as Docker writes it. */
export function imageParts(image = ""): { readonly image: string; readonly digest: string } {
  const [name = "", digest = ""] = image.split("@");
  return { image: name, digest };
}

/** Names of networks by their ids; one that is not in the list is said by its id. Sorted. */
export function networkNames(
  ids: readonly string[],
  networks: readonly NetworkSummary[],
): string[] {
  const names = new Map(networks.map(({ Id = "", Name = "" }) => [Id, Name]));
  return [...new Set(ids.map((id) => names.get(id) ?? id))].sort();
}

function slotsOf({ services, nodes, tasks }: Look): ReadonlyMap<string, Slot> {
  const hosts = nodeNames(nodes);
  const known = new Map(
    services.map((service) => {
      const { Name: name = service.ID ?? "", Mode: mode } = service.Spec ?? {};
      const byNode = mode?.Global !== undefined || mode?.GlobalJob !== undefined;
      return [service.ID ?? "", { service, names: { service: name, nodes: hosts, byNode } }];
    }),
  );
  const slots = new Map<string, Slot & { readonly tasks: Task[] }>();
  for (const task of tasks) {
    const of = known.get(task.ServiceID ?? "");
    // A service that was removed since, or a task for a network's sake (attachable).
    if (of === undefined) continue;
    const key = `${task.ServiceID ?? ""} ${slotOf(task, of.names)}`;
    const slot = slots.get(key) ?? { ...of, tasks: [] };
    slot.tasks.push(task);
    slots.set(key, slot);
  }
  return slots;
}

/** The newest, when it ended by itself: a task that was told to end leaves nothing behind. */
function lastOf(tasks: readonly Task[]): Task[] {
  const [last] = newestFirst(tasks);
  return last !== undefined && (hasFailed(last) || stateOf(last) === "complete") ? [last] : [];
}

function tileOf(
  task: Task,
  slot: string,
  { service, names }: Slot,
  { failures, isLost }: { readonly failures: number; readonly isLost: boolean },
): Tile {
  const { image } = imageParts(task.Spec?.ContainerSpec?.Image);
  const { image: present } = imageParts(service.Spec?.TaskTemplate?.ContainerSpec?.Image);
  return {
    id: task.ID ?? "",
    name: taskName(task, names),
    service: service.ID ?? "",
    slot,
    node: task.NodeID ?? "",
    condition: conditionOf(task, isLost),
    state: stateOf(task),
    health: isLost ? "" : healthOf(task),
    since: task.Status?.Timestamp ?? "",
    error: reasonOf(task),
    failures,
    ...(image === present ? {} : { image }),
  };
}

function conditionOf(task: Task, isLost: boolean): Condition {
  const state = stateOf(task);
  if (hasFailed(task)) return "failed";
  if (state === "complete") return "done";
  if (isLost) return "lost";
  if (!isWanted(task) && task.DesiredState !== "complete" && task.DesiredState !== "accepted")
    return "stopping";
  if (state === "running") return "running";
  return (task.NodeID ?? "") === "" ? "waiting" : "starting";
}

/**
 * A task is called running once its health check has passed, and failed when it does not pass any more. Whether the
 * image brings a check of its own the swarm does not say.
 *
 * @see https://github.com/moby/moby/blob/v28.0.0/daemon/cluster/executor/container/controller.go (Start, Wait)
 */
function healthOf(task: Task): Tile["health"] {
  const [kind = "NONE"] = task.Spec?.ContainerSpec?.HealthCheck?.Test ?? [];
  if (kind === "NONE" || hasEnded(task)) return "";
  return stateOf(task) === "running" ? "passed" : "not yet";
}

/** Docker's reason, with the exit code where a container ended by itself. */
function reasonOf(task: Task): string {
  const text = task.Status?.Err ?? "";
  const code = exitOf(task) ?? 0;
  const isSaid = text === "" || code === 0 || text.includes(`(${code})`);
  return printableLine(isSaid ? text : `${text} (exit code ${code})`, LONGEST_REASON);
}

function formerOf(task: Task, slot: Slot | undefined): Former[] {
  const others = (slot?.tasks ?? []).filter((other) => other !== task);
  return newestFirst(others).map((other) => ({
    id: other.ID ?? "",
    state: stateOf(other),
    node: slot?.names.nodes.get(other.NodeID ?? "") ?? other.NodeID ?? "",
    since: other.Status?.Timestamp ?? "",
    error: reasonOf(other),
  }));
}

/** A part of Docker's answer that the types of its API do not have. */
interface Attached extends Task {
  readonly NetworksAttachments?: readonly {
    readonly Network?: { readonly ID?: string; readonly Spec?: { readonly Name?: string } };
    /** `10.0.1.5/24`. */
    readonly Addresses?: readonly string[];
  }[];
}

function attachmentsOf(task: Task, networks: readonly NetworkSummary[]): string[] {
  const names = new Map(networks.map(({ Id = "", Name = "" }) => [Id, Name]));
  const { NetworksAttachments: attachments = [] } = task as Attached;
  return attachments
    .map(({ Network: network, Addresses: addresses = [] }) => {
      const id = network?.ID ?? "";
      const plain = addresses.map((address) => address.replace(/\/\d+$/, ""));
      return [network?.Spec?.Name ?? names.get(id) ?? id, ...plain].join(" ");
    })
    .sort();
}

function amounts(nanoCpus = 0, bytes = 0): string {
  const cpu = nanoCpus === 0 ? [] : [`${rounded(nanoCpus / 1e9)} processors`];
  const memory = bytes === 0 ? [] : [`${bytesText(bytes)} memory`];
  return [...cpu, ...memory].join(", ");
}

function isDown({ Status: status }: Node): boolean {
  return status?.State === "down" || status?.State === "disconnected";
}
