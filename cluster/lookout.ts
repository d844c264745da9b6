import { setTimeout as delay } from "node:timers/promises";
import type { Service, Task } from "@docker/node-sdk";
import DataLoader from "dataloader";
import { isNotFound } from "../hosts/engine";
import { listServices, listTasks } from "../hosts/engine-api";
import type { ClusterContext } from "./context";
import type { Managers } from "./managers";
import type { Slot } from "./run";

/** A service and its tasks of the present definition. */
export interface Sight {
  readonly service: Service;
  readonly tasks: readonly Task[];
}

/** Docker sends no events for tasks, so a manager is asked this often. */
const PERIOD_MS = 700;

/** Whoever wants to look within this time shares the lists. */
const GATHER_MS = 25;

/** Ids in one question. */
const MOST = 100;

/** Services that vanish while they are looked at are few. */
const ATTEMPTS = 3;

const GONE = "the service is gone: somebody has removed it. The next up makes it again.";

/** Whoever asks at the same moment is answered out of one question. */
interface Shared<T> {
  loader?: DataLoader<string, T>;
}

const lookouts: Slot<Shared<Sight>> = { make: () => ({}) };

const endings: Slot<Shared<readonly Task[]>> = { make: () => ({}) };

type Asker = Pick<ClusterContext, "managers" | "run">;

/**
 * Looks at a service now. Ten services that are followed at once cost a manager as much as one.
 *
 * @throws Error when it is gone; whatever the managers throw
 */
export async function sightOf(asker: Asker, id: string): Promise<Sight> {
  return sharedBy(asker, lookouts, see).load(id);
}

/**
 * What is left of a service that was removed. Docker finds no tasks by a service that is gone, so this takes the list
 * of all; however many services end at once, they share it.
 *
 * @throws whatever the managers throw
 */
export async function remainsOf(asker: Asker, id: string): Promise<readonly Task[]> {
  return sharedBy(asker, endings, seeRemains).load(id);
}

/** The loader of a run. */
function sharedBy<T>(
  { managers, run }: Asker,
  slot: Slot<Shared<T>>,
  ask: (managers: Managers, ids: readonly string[]) => Promise<(T | Error)[]>,
): DataLoader<string, T> {
  const shared = run.get(slot);
  shared.loader ??= new DataLoader<string, T>(async (ids) => ask(managers, ids), {
    cache: false,
    maxBatchSize: MOST,
    batchScheduleFn: (load) => setTimeout(load, GATHER_MS),
  });
  return shared.loader;
}

async function seeRemains(managers: Managers, ids: readonly string[]): Promise<Task[][]> {
  const tasks = await managers.use((engine) => listTasks(engine));
  return ids.map((id) => tasks.filter((task) => task.ServiceID === id));
}

/** Waits until everybody looks again: at the same moments, whenever they began. */
export async function untilNextLook(signal: AbortSignal): Promise<void> {
  await delay(PERIOD_MS - (Date.now() % PERIOD_MS), undefined, { signal });
}

async function see(managers: Managers, ids: readonly string[]): Promise<(Sight | Error)[]> {
  const wanted = [...new Set(ids)];
  for (let attempt = 1; ; attempt += 1) {
    const services = await managers.use((engine) => listServices(engine, { id: wanted }));
    try {
      const tasks = await tasksOf(managers, services);
      return ids.map((id) => {
        const service = services.find((one) => one.ID === id);
        if (service === undefined) return new Error(GONE);
        return { service, tasks: tasks.filter((task) => task.ServiceID === id) };
      });
    } catch (error) {
      // One that was removed between the two questions fails the second for all.
      if (!isNotFound(error) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function tasksOf(managers: Managers, services: readonly Service[]): Promise<Task[]> {
  if (services.length === 0) return [];
  const filters = { service: services.map(({ ID: id = "" }) => id), "_up-to-date": ["true"] };
  return managers.use((engine) => listTasks(engine, filters));
}
