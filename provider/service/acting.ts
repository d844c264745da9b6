import { isDeepStrictEqual } from "node:util";
import type { Service, ServiceSpec } from "@docker/node-sdk";
import { isNotFound } from "../../hosts/engine";
import type { Context } from "../context";
import * as api from "../../hosts/engine-api";
import { belongsToAnother, createOrAdopt } from "../fields/adoption";
import { compareField } from "../fields/field";
import type { References } from "../fields/form";
import type { Tree } from "../fields/paths";
import { getAt, setAt } from "../fields/paths";
import { compareTable, withArguments } from "../fields/table";
import { parseDuration } from "../../units/units";
import { PartialFailure } from "../resource";
import { inSequence } from "../sequence";
import type { ServiceInputs, ServiceState } from "./arguments";
import { registryOf } from "../workload/image";
import { imageToWrite } from "../workload/pinning";
import { follow, look } from "./follow";
import { allReferences } from "./references";
import { report } from "./report";
import { judge, stoppedByDocker } from "./rollout";
import { awaitEnd } from "./ending";
import { stateOf } from "./state";
import { serviceTable } from "./table";
import { adviceAbout, changesOf, obstaclesIn } from "./takeover";

/** A counter in the spec; another number restarts all tasks. */
const forceUpdate = "TaskTemplate.ForceUpdate";

/** Time after which a service that no node can take is given up, unless its own limit is shorter. */
const placementPatience = 30_000;

/** The spec of a live service with the arguments in it; of a new one, when nothing is live. */
async function specFor(
  context: Context,
  live: Tree,
  news: ServiceInputs,
  references: References,
): Promise<Tree> {
  const running = getAt(live, "TaskTemplate.ContainerSpec.Image") as string | undefined;
  const changes = compareField(serviceTable.image, running, news.image);
  if (Object.keys(changes).length === 0) {
    return withArguments(serviceTable, live, { ...news, image: running }, references);
  }
  const { image, platforms } = await imageToWrite(context, news);
  const spec = withArguments(serviceTable, live, { ...news, image }, references);
  if (news.placement?.platforms === undefined && platforms.length > 0) {
    setAt(spec, "TaskTemplate.Placement.Platforms", platforms);
  }
  return spec;
}

/** The account with which the nodes are to pull the image, now and whenever a task moves. */
function headersFor(
  context: Context,
  { image = "" }: ServiceInputs,
): Readonly<Record<string, string>> {
  return context.registries.headers(registryOf(image));
}

async function inspect(context: Context, id: string): Promise<Service> {
  return context.managers.use((engine) =>
    api.inspectService(engine, id, { signal: context.signal }),
  );
}

/**
 * Whether the engine kept what it was given: one that does not know a property yet drops it without a word, and it
 * would come up in every preview.
 */
function refuseDropped(service: Service, news: ServiceInputs, references: References): void {
  const state = stateOf(service, news, references);
  const dropped = Object.keys(compareTable(serviceTable, state, news));
  if (dropped.length === 0) return;
  throw new PartialFailure(service.ID ?? "", state, [
    `service ${news.name ?? ""}: Docker did not keep ${dropped.join(", ")}. ` +
      `Its engine is too old for that: upgrade the managers, or leave it out.`,
  ]);
}

/** A service that was written, whose tasks are to follow. */
interface Written {
  readonly id: string;
  readonly news: ServiceInputs;
  /** Only tasks made since then are to blame, by Docker's clock. */
  readonly since: string;
  readonly nudge?: () => Promise<void>;
}

/** Waits for the tasks; what is there in the end is the state, also when it is not what was asked for. */
async function awaitTasks(context: Context, written: Written): Promise<ServiceState> {
  const { id, news, since, nudge } = written;
  const name = news.name ?? id;
  const timeout = (parseDuration(news.convergeTimeout ?? "5m") ?? 0) / 1e6;
  const patience = Math.min(placementPatience, timeout);
  const outcome = await follow(context, { id, name, timeout, patience, nudge });
  context.managers.invalidate("services");
  context.managers.invalidate("tasks");
  const service = outcome.converged ? await inspect(context, id) : outcome.snapshot?.service;
  if (service === undefined)
    throw new PartialFailure(id, news, [`service ${name}: ${outcome.line}`]);
  const state = stateOf(service, news, await allReferences(context));
  if (outcome.converged) return state;
  const { reason, details } = await report(context, { id, name, outcome, since });
  throw new PartialFailure(id, state, [reason], details);
}

/** Makes a service, or takes over the one of that name, and waits until its tasks run. */
export async function createService(
  context: Context,
  news: ServiceInputs,
): Promise<{ id: string; state: ServiceState }> {
  const name = news.name ?? "";
  const references = await allReferences(context);
  const find = async (): Promise<Service | undefined> => {
    // Not the shared list: many services that are made at once would each fetch all of it.
    const some = await context.managers.use((engine) =>
      api.listServices(engine, { name: [name] }, false, { signal: context.signal }),
    );
    return some.find((service) => service.Spec?.Name === name);
  };
  const { id, taken } = await createOrAdopt<Service>(context, {
    noun: `service "${name}"`,
    kind: "services",
    find,
    differences: (service) => obstaclesIn(service, news, references),
    idOf: (service) => service.ID,
    create: async (engine) => {
      const body = await specFor(context, {}, news, references);
      const options = { headers: headersFor(context, news), signal: context.signal };
      const made = await api.createService(engine, body, options);
      for (const warning of made.Warnings ?? []) context.warn(warning);
      return made.ID;
    },
    advice: adviceAbout(name),
  });
  const service = await inspect(context, id);
  // Another account restarts no task either: whoever made the service may have handed over none.
  const isBehind =
    news.registryLogin !== undefined ||
    Object.keys(changesOf(service, news, references)).length > 0;
  if (taken && isBehind) return { id, state: await updateService(context, id, undefined, news) };
  refuseDropped(service, news, references);
  return { id, state: await awaitTasks(context, { id, news, since: service.CreatedAt ?? "" }) };
}

/** Changes a service in place and waits until the change has reached its tasks. A paused update goes on. */
export async function updateService(
  context: Context,
  id: string,
  old: ServiceState | undefined,
  news: ServiceInputs,
): Promise<ServiceState> {
  const references = await allReferences(context);
  const isOldLogin = old?.registryLogin === news.registryLogin;
  const isResumed = await write(context, id, news, references, isOldLogin ? "differing" : "always");
  const written = await inspect(context, id);
  refuseDropped(written, news, references);
  const nudge = async (): Promise<void> => {
    await write(context, id, news, references, "always");
  };
  const since = written.UpdatedAt ?? "";
  return awaitTasks(context, { id, news, since, ...(isResumed ? { nudge } : {}) });
}

/** Writes what differs; answers whether an update that Docker had paused was resumed. */
async function write(
  context: Context,
  id: string,
  news: ServiceInputs,
  references: References,
  when: "differing" | "always",
): Promise<boolean> {
  return inSequence(async () => {
    const service = await inspect(context, id);
    const live = (service.Spec ?? {}) as Tree;
    const body = await specFor(context, live, news, references);
    const isSame = isDeepStrictEqual(body, live);
    const isPaused = stoppedByDocker(service) !== undefined;
    if (isSame && !isPaused && when === "differing") {
      if (!(await isAtItsEnd(context, id, news))) return false;
      // Nothing differs, but Docker starts no more tasks: a job that failed, or one that was to run once.
      setAt(body, forceUpdate, Number(getAt(live, forceUpdate) ?? 0) + 1);
    }
    const version = service.Version?.Index ?? 0;
    const options = { headers: headersFor(context, news), signal: context.signal };
    const answer = await context.managers.use((engine) =>
      api.updateService(engine, id, version, body as ServiceSpec, options),
    );
    for (const warning of answer.Warnings ?? []) context.warn(warning);
    return isSame && isPaused;
  });
}

/** Whether not all tasks have done their work and none will be started any more. */
async function isAtItsEnd(context: Context, id: string, news: ServiceInputs): Promise<boolean> {
  if (news.forceUpdate !== undefined) return false;
  const snapshot = await look(context, { id, name: news.name ?? id });
  return snapshot.tasks.length > 0 && judge(snapshot).kind === "idle";
}

/** Removes a service and waits until its tasks are gone, so that networks, secrets and ports are free. */
export async function deleteService(
  context: Context,
  id: string,
  old: ServiceState,
): Promise<void> {
  if (belongsToAnother(context, `service "${old.name ?? id}"`, id)) return;
  try {
    await context.managers.use((engine) =>
      api.removeService(engine, id, { signal: context.signal }),
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  context.managers.invalidate("services");
  await awaitEnd(context, id, old);
}
