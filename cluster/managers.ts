import type { Config, NetworkSummary, Node, Secret, Service, Task } from "@docker/node-sdk";
import type { Engine } from "../hosts/engine";
import {
  listConfigs,
  listNetworks,
  listNodes,
  listSecrets,
  listServices,
  listTasks,
} from "../hosts/engine-api";
import type { Machines } from "../hosts/machines";
import { predefinedNetworks } from "./predefined-networks";
import { isForAnother, isManagersFault } from "./manager-errors";
import { ManagerSearch } from "./manager-search";
import type { ManagerHosts } from "./manager-search";
import { SharedLists } from "./shared-lists";
import type { ListKind } from "./shared-lists";

export { NoManagerError, QuorumError } from "./manager-errors";
export type { ListKind } from "./shared-lists";

/** The swarm through any manager that answers, with lists that concurrent reads share. */
export class Managers {
  private readonly machines: Machines;
  private readonly search: ManagerSearch;
  private readonly lists = new SharedLists();

  /** @param patience - seconds that a machine has to say whether it is one; without it, time enough for a busy one */
  constructor(machines: Machines, hosts: ManagerHosts, patience?: number) {
    this.machines = machines;
    this.search = new ManagerSearch(machines, hosts, patience);
  }

  /** Names of the hosts with the role manager, sorted; whether they are managers now is another matter. */
  get hosts(): readonly string[] {
    return this.search.names;
  }

  /** Managers that waited for the unlock key when they were asked last. */
  get locked(): readonly string[] {
    return this.search.locked;
  }

  /** A sentence for each manager that was found in another swarm, and so is not asked. */
  get strangers(): readonly string[] {
    return this.search.strangers;
  }

  /** Id of the swarm that is asked; undefined while nobody knows it. */
  get clusterId(): string | undefined {
    return this.search.clusterId;
  }

  /**
   * Says which swarm is meant: managers of another one are not asked from now on.
   * @param clusterId - from the state, or of the swarm that was just made; undefined when there is none (any more)
   */
  expect(clusterId: string | undefined): void {
    if (clusterId === this.search.clusterId) return;
    const { isUndecided } = this.search;
    this.search.expect(clusterId);
    // Lists that were asked for wait for a manager to be found, and will be of that swarm.
    if (!isUndecided) this.forget();
  }

  /**
   * Calls the first manager that can be used. A call that finds it gone or no longer a manager, and a read that it
   * does not answer in time, is made again on the next one: `call` must do no harm when the swarm has seen it before.
   * @throws NoManagerError, QuorumError, SilenceError for a change that may have been made, and whatever `call` throws
   */
  async use<T>(call: (engine: Engine, host: string) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const host = await this.search.find();
      try {
        const result = await call(this.machines.get(host).engine(), host);
        this.search.prefer(host);
        return result;
      } catch (error) {
        if (isManagersFault(error)) this.search.refuse(host, error);
        if (!isForAnother(error)) throw error;
        if (attempt >= this.hosts.length) throw this.search.explain();
      }
    }
  }

  /** Every service, with how many of its tasks run. */
  async services(): Promise<readonly Service[]> {
    return this.list("services", async (engine) => listServices(engine, {}, true));
  }

  async nodes(): Promise<readonly Node[]> {
    return this.list("nodes", async (engine) => listNodes(engine));
  }

  /** Networks as the manager that answers knows them, its own local ones among them, and those that Docker's list hides. */
  async networks(): Promise<readonly NetworkSummary[]> {
    return this.list("networks", async (engine) =>
      (await Promise.all([listNetworks(engine), predefinedNetworks(engine)])).flat(),
    );
  }

  async secrets(): Promise<readonly Secret[]> {
    return this.list("secrets", async (engine) => listSecrets(engine));
  }

  async configs(): Promise<readonly Config[]> {
    return this.list("configs", async (engine) => listConfigs(engine));
  }

  async tasks(): Promise<readonly Task[]> {
    return this.list("tasks", async (engine) => listTasks(engine));
  }

  /**
   * From now on each list is asked for once, so that all who read see one state of the swarm: for a run that does
   * nothing but look, until it acts.
   */
  holdLists(): void {
    this.lists.hold();
  }

  /** To be called before anything is done: what was listed until now counts no more, and lists grow old again. */
  releaseLists(): void {
    this.lists.release();
  }

  /** To be called after every write: the next read fetches the list again. */
  invalidate(kind: ListKind): void {
    this.lists.invalidate(kind);
  }

  /** To be called after an act that may have changed who is a manager and who answers: a boot, an init, a join, a leave. */
  forget(): void {
    this.search.forget();
    this.lists.clear();
  }

  private async list<T>(
    kind: ListKind,
    fetch: (engine: Engine) => Promise<T[]>,
  ): Promise<readonly T[]> {
    return this.lists.get(kind, async () => this.use(fetch));
  }
}
