import type { Node, Service, Task } from "@docker/node-sdk";
import {
  exitOf,
  hasFailed,
  newestFirst,
  nodeNames,
  slotOf,
  stateOf,
  taskName,
} from "../cluster/tasks";
import { isByNode, serviceName } from "../tasks/names";

/** A task of a service, one that has ended included. */
export interface TaskRow {
  readonly id: string;
  /** `web.2`, `agent.worker-1` */
  readonly name: string;
  readonly node: string;
  readonly state: string;
  /** What Docker wants it to be. */
  readonly desired: string;
  /** When it came into its state, as Docker says it. */
  readonly since: string;
  readonly exitCode?: number;
  readonly error: string;
  /** Without its digest. */
  readonly image: string;
  /** What it has written last, oldest first; only of those that somebody will ask about. */
  readonly lines: readonly string[];
}

/** A service with the tasks that Docker remembers. */
export interface History {
  readonly service: string;
  /** What Docker says of its update; empty when there was none. */
  readonly update: string;
  /** By place, newest first. */
  readonly tasks: readonly TaskRow[];
}

/** Tasks whose last lines are shown; `npm run logs` shows all. */
const MOST_SAID = 8;

/** @param lines - what tasks have written last, by id */
export function historyOf(
  service: Service,
  { nodes, tasks }: { readonly nodes: readonly Node[]; readonly tasks: readonly Task[] },
  lines: ReadonlyMap<string, readonly string[]>,
): History {
  const names = {
    ...{ service: serviceName(service), nodes: nodeNames(nodes) },
    byNode: isByNode(service),
  };
  const rows = inOrder(service, tasks).map((task) =>
    rowOf(task, taskName(task, names), names.nodes),
  );
  const { State: state = "", Message: message = "" } = service.UpdateStatus ?? {};
  return {
    service: names.service,
    update: message === "" || message === state ? state : `${state}: ${message}`,
    tasks: rows.map((row) => ({ ...row, lines: lines.get(row.id) ?? [] })),
  };
}

/** Ids of the tasks whose last lines help: the newest of each place, and the newest that failed. */
export function tellingTasks(service: Service, tasks: readonly Task[]): string[] {
  const places = new Map<string, Task[]>();
  for (const task of inOrder(service, tasks)) {
    const slot = slotOf(task, { byNode: isByNode(service) });
    places.set(slot, [...(places.get(slot) ?? []), task]);
  }
  const telling = [...places.values()].flatMap((own) => {
    const began = own.filter(({ Status: status }) => status?.ContainerStatus?.ContainerID);
    return [...began.filter(hasFailed).slice(0, 1), ...began.slice(0, 1)];
  });
  const failedFirst = [...telling.filter(hasFailed), ...telling];
  return [...new Set(failedFirst.map(({ ID: id = "" }) => id))].slice(0, MOST_SAID);
}

function inOrder(service: Service, tasks: readonly Task[]): Task[] {
  const byNode = isByNode(service);
  const own = newestFirst(tasks.filter(({ ServiceID: id }) => id === service.ID));
  const slot = (task: Task): string => slotOf(task, { byNode });
  return own.sort((a, b) => slot(a).localeCompare(slot(b), "en", { numeric: true }));
}

function rowOf(
  task: Task,
  name: string,
  nodes: ReadonlyMap<string, string>,
): Omit<TaskRow, "lines"> {
  const { NodeID: node = "", Status: status, ID: id = "", CreatedAt: created = "" } = task;
  const exitCode = exitOf(task);
  const { Err: error = "", Message: message = "" } = status ?? {};
  const isWaiting = stateOf(task) === "pending";
  return {
    ...{ id, name, node: nodes.get(node) ?? node, state: stateOf(task) },
    ...{ desired: task.DesiredState ?? "", since: status?.Timestamp ?? created },
    // Docker gives 0 to a container that never ran, too.
    ...(exitCode === undefined || !status?.ContainerStatus?.ContainerID ? {} : { exitCode }),
    error: error === "" && isWaiting ? message : error,
    image: (task.Spec?.ContainerSpec?.Image ?? "").replace(/@.*$/, ""),
  };
}
