import type { Managers } from "../cluster/managers";
import { addressOf, slotIn } from "./names";
import type { Lists } from "./names";

/** What is known of a task by its id. */
export interface Entry {
  /** `web.2@worker-1` */
  readonly name: string;
  readonly serviceId: string;
  readonly slot: string;
}

/** Between two looks for tasks that are not known. */
const LOOK_MILLISECONDS = 1000;

/** Names of tasks; those that are made later are looked for when they are asked for. */
export class Directory {
  private readonly managers: Managers;
  private readonly entries = new Map<string, Entry>();
  private lookedAt = Date.now();

  constructor(managers: Managers, lists: Lists) {
    this.managers = managers;
    this.add(lists);
  }

  /** What is known of a task. */
  get(taskId: string): Entry | undefined {
    return this.entries.get(taskId);
  }

  /** Looks once more, not more than once a second, where one of them is not known; whatever comes of it. */
  async learn(taskIds: readonly string[]): Promise<void> {
    const isKnown = taskIds.every((id) => this.entries.has(id));
    if (isKnown || Date.now() - this.lookedAt < LOOK_MILLISECONDS) return;
    this.lookedAt = Date.now();
    this.managers.invalidate("tasks");
    const lists = await readLists(this.managers).catch(() => undefined);
    if (lists !== undefined) this.add(lists);
  }

  private add(lists: Lists): void {
    const services = new Map(lists.services.map((service) => [service.ID, service]));
    for (const task of lists.tasks) {
      const service = services.get(task.ServiceID);
      if (service === undefined || task.ID === undefined) continue;
      const name = addressOf(task, service, lists.nodes);
      const entry = { name, serviceId: service.ID ?? "", slot: slotIn(task, service) };
      this.entries.set(task.ID, entry);
    }
  }
}

/** What names are looked up in, read at once. @throws NoManagerError */
export async function readLists(managers: Managers): Promise<Lists> {
  const [services, tasks, nodes] = await Promise.all([
    managers.services(),
    managers.tasks(),
    managers.nodes(),
  ]);
  return { services, tasks, nodes };
}
