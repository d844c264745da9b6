import type { ContainerUpdateRequest } from "@docker/node-sdk";
import type { Engine } from "../../hosts/engine";
import * as api from "../../hosts/engine-api";
import { messageOf } from "../../hosts/errors";
import { parseDuration } from "../../units/units";
import type { Context } from "../context";
import { withoutReferences } from "../fields/form";
import { getAt, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { withArguments } from "../fields/table";
import { PartialFailure } from "../resource";
import { imageToWrite } from "../workload/pinning";
import type { ContainerInputs, ContainerState } from "./arguments";
import { changesBetween, networkMoves } from "./changes";
import type { Sight } from "./definition";
import { follow, report } from "./follow";
import { ensureImage } from "./image";
import { engineOf, lookAt, nounOf } from "./looking";
import { endpointsAt, modeAt } from "./network-row";
import { stateOf, wordFor } from "./state";
import { containerTable } from "./table";

/** By this machine's clock. */
export function deadlineOf({ convergeTimeout = "5m" }: ContainerInputs): number {
  return Date.now() + (parseDuration(convergeTimeout) ?? 0) / 1e6;
}

/** What a container is made with. */
function bodyOf(news: ContainerInputs): Tree {
  const wire = withArguments(containerTable, {}, news, withoutReferences);
  delete wire.Name;
  return wire;
}

/** Engines before 25 make a container on one network at most. */
function withOneNetwork(body: Tree): Tree {
  const all = getAt(body, endpointsAt) as Tree | undefined;
  const first = getAt(body, modeAt) as string | undefined;
  const alone = structuredClone(body);
  const one = first === undefined || all === undefined ? undefined : { [first]: all[first] };
  setAt(alone, endpointsAt, one);
  return alone;
}

/** Makes a container, which is not started yet, and answers Docker's id of it. @throws EngineError when the name is taken */
export async function makeContainer(
  context: Context,
  engine: Engine,
  news: ContainerInputs,
  deadline: number,
): Promise<string> {
  const { name = "", host } = news;
  const late = AbortSignal.timeout(Math.max(1, deadline - Date.now()));
  const { image } = await imageToWrite(context, news, host);
  try {
    await ensureImage(context, engine, image, AbortSignal.any([context.signal, late]));
  } catch (error) {
    if (!late.aborted || context.signal.aborted) throw error;
    const time = news.convergeTimeout ?? "5m";
    throw new Error(
      `${nounOf(news)}: its image "${image}" was not there after ${time}. A slow registry gets more time by convergeTimeout.`,
      { cause: error },
    );
  }
  const body = withOneNetwork(bodyOf({ ...news, image }));
  const made = await api.createContainer(engine, name, body, { signal: context.signal });
  for (const warning of made.Warnings ?? []) context.warn(warning);
  return made.Id;
}

/**
 * Brings a container that is there in place to what is declared, starts it, and waits.
 *
 * @throws PartialFailure with what is there then
 */
export async function settleContainer(
  context: Context,
  engine: Engine,
  id: string,
  news: ContainerInputs,
  deadline: number,
): Promise<ContainerState> {
  const known = { id: `${news.host ?? ""}/${id}`, news };
  try {
    const before = await lookAt(engine, id, context.signal);
    if (before === undefined)
      throw new Error(`${nounOf(news)} is gone: the next up makes it again.`);
    await changeInPlace(context, engine, before, news);
    const restartsBefore = await start(context, engine, id, news);
    const outcome = await follow(context, engine, { id, news, restartsBefore, deadline });
    const { sight, failure } = outcome;
    if (failure === undefined && sight !== undefined) return refuseDropped(known.id, sight, news);
    const { reason, details } = await report(context, engine, news, outcome);
    throw new PartialFailure(known.id, lastState(sight, news), [reason], details);
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    const sight = await lookAt(engine, id, context.signal).catch(() => undefined);
    throw new PartialFailure(known.id, lastState(sight, news), [
      `${nounOf(news)}: ${messageOf(error)}`,
    ]);
  }
}

function lastState(sight: Sight | undefined, news: ContainerInputs): object {
  return sight === undefined
    ? { ...news, state: "unknown", publishedPorts: [] }
    : stateOf(sight, news);
}

/** Whether the engine kept what it was given: one that does not know a property drops it without a word. */
function refuseDropped(id: string, sight: Sight, news: ContainerInputs): ContainerState {
  const state = stateOf(sight, news);
  const dropped = Object.keys(changesBetween(state, news)).sort();
  if (dropped.length === 0) return state;
  throw new PartialFailure(id, state, [
    `${nounOf(news)}: Docker did not keep ${dropped.join(", ")}. Its engine is too old for that, or its kernel has it not: ` +
      `upgrade it, or leave it out.`,
  ]);
}

/** Changes what Docker changes while a container runs. */
async function changeInPlace(
  context: Context,
  engine: Engine,
  sight: Sight,
  news: ContainerInputs,
): Promise<void> {
  const { signal } = context;
  const live = stateOf(sight, news);
  const id = live.containerId;
  const paths = Object.keys(changesBetween(live, news));
  if (paths.includes("name")) await api.renameContainer(engine, id, news.name ?? "", { signal });
  if (paths.some((path) => /^(limits|reservations|restartPolicy)/.test(path))) {
    const answer = await api.updateContainer(engine, id, updateOf(paths, news), { signal });
    for (const warning of answer.Warnings ?? []) context.warn(warning);
  }
  if (paths.some((path) => path.startsWith("networks")))
    await moveNetworks(context, engine, sight, news);
}

/** What is sent to `docker update`: only what changes, because zero and nothing stay as they are. */
function updateOf(paths: readonly string[], news: ContainerInputs): ContainerUpdateRequest {
  const wire = bodyOf(news);
  const host = (wire.HostConfig ?? {}) as Tree;
  const changes = (path: string): boolean => paths.includes(path);
  const Memory = Number(host.Memory ?? 0);
  // Docker refuses more memory than memory and swap together; left out, swap is as much as memory.
  const isMemory = changes("limits.memory") || changes("limits.memorySwap");
  const restart = { Name: "no", ...(host.RestartPolicy as object | undefined) };
  return {
    ...(changes("limits.cpus") ? { NanoCpus: Number(host.NanoCpus) } : {}),
    ...(isMemory ? { Memory, MemorySwap: Number(host.MemorySwap ?? 2 * Memory) } : {}),
    ...(changes("limits.pids") ? { PidsLimit: Number(host.PidsLimit ?? 0) } : {}),
    ...(changes("limits.cpuShares") ? { CpuShares: Number(host.CpuShares) } : {}),
    ...(changes("limits.cpuset") ? { CpusetCpus: String(host.CpusetCpus) } : {}),
    ...(changes("reservations.memory")
      ? { MemoryReservation: Number(host.MemoryReservation) }
      : {}),
    ...(paths.some((path) => path.startsWith("restartPolicy"))
      ? { RestartPolicy: restart as NonNullable<ContainerUpdateRequest["RestartPolicy"]> }
      : {}),
  };
}

async function moveNetworks(
  { signal, progress }: Context,
  engine: Engine,
  sight: Sight,
  news: ContainerInputs,
): Promise<void> {
  const live = stateOf(sight, news);
  const { leaves, joins } = networkMoves(live, news);
  const present = Object.keys(sight.container.NetworkSettings?.Networks ?? {});
  const settings = (getAt(bodyOf(news), endpointsAt) ?? {}) as Record<string, Tree>;
  // Somebody may have taken it off all of them, Docker's own bridge too.
  for (const name of leaves.filter((one) => present.includes(one))) {
    progress(`leaving network ${name}`);
    await api.disconnectFromNetwork(engine, name, live.containerId, { signal });
  }
  for (const name of joins) {
    progress(`joining network ${name}`);
    const options = { signal, deadlineSeconds: 60 };
    await api.connectToNetwork(engine, name, live.containerId, settings[name] ?? {}, options);
  }
}

/** Starts what is not as it is asked to be, and answers how often Docker has started it again so far. */
async function start(
  context: Context,
  engine: Engine,
  id: string,
  news: ContainerInputs,
): Promise<number> {
  const { signal } = context;
  const container = await api.inspectContainer(engine, id, { signal });
  const { State: state, RestartCount: count = 0 } = container;
  if (state?.Paused === true) await api.unpauseContainer(engine, id, { signal });
  else if (state?.Running !== true && wordFor(container, news.job === true) !== "complete") {
    context.progress("starting");
    // Its networks and volumes are made ready before Docker answers.
    await api.startContainer(engine, id, { signal, deadlineSeconds: 90 });
    return 0;
  }
  return count;
}

/** Changes a container in place and waits. What Docker cannot change in place makes a new one, and not this. */
export async function updateContainer(
  context: Context,
  id: string,
  news: ContainerInputs,
): Promise<ContainerState> {
  const container = id.slice(id.indexOf("/") + 1);
  const engine = engineOf(context, news.host);
  return settleContainer(context, engine, container, news, deadlineOf(news));
}
