import type { Service, Task } from "@docker/node-sdk";
import { Mutex } from "async-mutex";
import type { Slot } from "../../cluster/run";
import { until } from "../../cluster/wait";
import { inspectService, listServices, listTasks, updateService } from "../../hosts/engine-api";
import type { Context } from "../context";
import { hasHealthcheck } from "../workload/health";
import { inSequence } from "../sequence";
import { changeSpec, findNode } from "./managed";

/** How tasks leave a node: `gentle` moves services that update start-first before the rest is stopped; `now` stops all. */
export type Drain = "gentle" | "now";

/** Time for tasks to stop: longer than Docker's stop grace period of most applications. */
const DRAIN_SECONDS = 300;
/** Time for one service to be moved: each of its tasks is started anew, image, health check and delay included. */
const MOVE_SECONDS = 600;
/** After this long without a node that takes its tasks a service is not waited for any more. */
const PLACE_SECONDS = 30;

/** One service is moved at a time; whoever comes second may find that nothing is left to be moved. */
const moving: Slot<Mutex> = { make: () => new Mutex() };

/**
 * Takes all tasks off a node and waits until none runs there. Does nothing where nothing is left to do.
 *
 * @throws DeadlineError with the tasks that stay, Error when Docker stops the move of a service
 */
export async function drainNode(
  context: Context,
  host: string,
  id: string,
  way: Drain,
): Promise<void> {
  const node = await findNode(context, id);
  if (way === "gentle" && node?.Spec?.Availability !== "drain")
    await moveServices(context, host, id);
  context.progress("draining the node");
  await changeSpec(context, id, (spec) => ({ ...spec, Availability: "drain" }));
  await until(context, {
    host,
    what: "draining the node",
    seconds: DRAIN_SECONDS,
    look: async () => {
      // The tasks of a machine that dies meanwhile go elsewhere without its help.
      if ((await findNode(context, id))?.Status?.State !== "ready") return undefined;
      const names = namesOf(await runningTasks(context, id));
      if (names.length === 0) return undefined;
      const more = names.length > 3 ? ", …" : "";
      return `${names.length} tasks left (${names.slice(0, 3).join(", ")}${more})`;
    },
    explain: async () =>
      Promise.resolve(
        "Tasks stop within their stop grace period; look at what keeps these with docker ps on the host",
      ),
  });
}

/** A task that may still run, with its service. */
interface Running {
  readonly task: Task;
  readonly service: Service | undefined;
}

async function runningTasks(context: Context, id: string): Promise<Running[]> {
  const { signal } = context;
  return context.managers.use(async (engine) => {
    const tasks = await listTasks(engine, { node: [id] }, { signal });
    const alive = tasks.filter(isAlive);
    if (alive.length === 0) return [];
    const services = await listServices(engine, {}, false, { signal });
    const byId = new Map(services.map((service) => [service.ID, service]));
    return alive.map((task) => ({ task, service: byId.get(task.ServiceID) }));
  });
}

/** Whether something may still run: a task that the node never took up does not count. */
function isAlive(task: Task): boolean {
  const state = task.Status?.State ?? "new";
  return ["preparing", "ready", "starting", "running"].includes(state);
}

function namesOf(running: readonly Running[]): string[] {
  return running
    .map(({ task, service }) => `${nameOf(service, task)}.${task.Slot ?? ""}`.replace(/\.$/, ""))
    .sort();
}

function nameOf(service: Service | undefined, task: Task): string {
  return service?.Spec?.Name ?? task.ServiceID ?? "";
}

/**
 * Whether a forced update moves a service's tasks without a gap: the new task runs before the old one stops. A global
 * service has no other node to go to.
 *
 * @see https://docs.docker.com/reference/cli/docker/service/update/#update-order
 */
export function movesWithoutGap({ Spec: spec }: Service): boolean {
  return spec?.Mode?.Replicated !== undefined && spec.UpdateConfig?.Order === "start-first";
}

/** The node takes no new tasks, then the services on it that can be are started elsewhere before they stop here. */
async function moveServices(context: Context, host: string, id: string): Promise<void> {
  await changeSpec(context, id, (spec) => ({ ...spec, Availability: "pause" }));
  context.progress("pausing the node");
  await context.run.get(moving).runExclusive(async () => {
    for (const service of await servicesToMove(context, id)) {
      await moveService(context, host, id, service);
    }
  });
}

async function servicesToMove(context: Context, id: string): Promise<Service[]> {
  const running = await runningTasks(context, id);
  const wanted = running.filter(({ task }) => task.DesiredState === "running");
  const services = new Map(
    wanted.flatMap(({ service }) => (service === undefined ? [] : [[service.ID, service]])),
  );
  return [...services.values()]
    .filter(movesWithoutGap)
    .sort((a, b) => ((a.Spec?.Name ?? "") < (b.Spec?.Name ?? "") ? -1 : 1));
}

async function moveService(
  context: Context,
  host: string,
  id: string,
  { ID: serviceId = "", Spec: spec = {} }: Service,
): Promise<void> {
  const { Name: name = serviceId } = spec;
  context.progress(`moving ${name}`);
  // Without one Docker takes a task for ready when its process has started.
  if (!hasHealthcheck(spec)) {
    context.warn(
      `${name} has no health check: its new tasks get requests as soon as their process runs, ready or not. ` +
        "With one they get them once they can answer.",
    );
  }
  await restart(context, serviceId);
  let homelessSince: number | undefined;
  await until(context, {
    host,
    what: `moving ${name} to other nodes`,
    seconds: MOVE_SECONDS,
    look: async () => {
      const { service, left, homeless } = await lookAt(context, id, serviceId);
      const stopped = whyStopped(service);
      if (stopped !== undefined) {
        throw new Error(
          `${host}: ${name} could not be moved: ${stopped}. The node stays paused and keeps its tasks. Repair the ` +
            `service and run again; "drain: now" stops its tasks here without waiting for others.`,
        );
      }
      const isOver = service.UpdateStatus?.State === "completed";
      if (left === 0 && isOver) return undefined;
      homelessSince = homeless === undefined ? undefined : (homelessSince ?? Date.now());
      if (homelessSince !== undefined && Date.now() - homelessSince > PLACE_SECONDS * 1000) {
        context.warn(
          `${name} has a gap: no other node can take its tasks (${homeless ?? "no reason given"}).`,
        );
        return undefined;
      }
      return `${left} of its tasks still here`;
    },
  });
}

/** Starts every task of a service anew, one after the other, by its own update policy. */
async function restart(context: Context, serviceId: string): Promise<void> {
  const { signal } = context;
  await inSequence(async () =>
    context.managers.use(async (engine) => {
      const service = await inspectService(engine, serviceId, { signal });
      const { Spec: spec = {}, Version: version } = service;
      const template = spec.TaskTemplate ?? {};
      const body = {
        ...spec,
        TaskTemplate: { ...template, ForceUpdate: (template.ForceUpdate ?? 0) + 1 },
      };
      await updateService(engine, serviceId, version?.Index ?? 0, body, { signal });
    }),
  );
  context.managers.invalidate("services");
}

interface Sight {
  readonly service: Service;
  /** Tasks of the service that still run on the node. */
  readonly left: number;
  /** Why a task of it finds no node, if one does not. */
  readonly homeless: string | undefined;
}

async function lookAt(context: Context, id: string, serviceId: string): Promise<Sight> {
  const { signal } = context;
  return context.managers.use(async (engine) => {
    const [service, tasks] = await Promise.all([
      inspectService(engine, serviceId, { signal }),
      listTasks(engine, { service: [serviceId], "desired-state": ["running"] }, { signal }),
    ]);
    const pending = tasks.find((task) => task.Status?.State === "pending");
    const here = tasks.filter((task) => task.NodeID === id && isAlive(task));
    const homeless = pending?.Status?.Err ?? pending?.Status?.Message;
    return { service, left: here.length, homeless };
  });
}

function whyStopped({ UpdateStatus: update }: Service): string | undefined {
  const state: string = update?.State ?? "";
  const isStopped = state === "paused" || state.startsWith("rollback");
  return isStopped ? `Docker says ${state}: ${update?.Message ?? "no reason given"}` : undefined;
}
