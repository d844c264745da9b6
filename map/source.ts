import type { Engine } from "../hosts/engine";
import {
  inspectSwarm,
  listNetworks,
  listNodes,
  listServices,
  listTasks,
} from "../hosts/engine-api";
import type { Environment } from "../cluster/environment";
import { lastLines } from "../cluster/logs";
import type { Declared, Look, Source } from "./look";

/** Seconds that a manager has for a list: somebody waits for the picture, and another manager may answer. */
const LIST_SECONDS = 8;

/** What a person reads of a task's log before opening it elsewhere. */
const LOG = { lines: 40, width: 400, seconds: 5 };

/** What one manager answers. */
type Asked = Omit<Look, "locked">;

/** The swarm over the connections of an environment. Every call is a list or a log: nothing is changed. */
export class SwarmSource implements Source {
  readonly declared: Declared;
  private readonly environment: Environment;
  private readonly scrub: (text: string) => string;
  private readonly listeners = new Set<() => void>();
  private heard: { readonly engine: Engine; readonly end: () => void } | undefined;

  /** @param scrub - takes secrets out of a text */
  constructor(environment: Environment, declared: Declared, scrub: (text: string) => string) {
    this.environment = environment;
    this.declared = declared;
    this.scrub = scrub;
  }

  /** All lists from one manager. @throws NoManagerError, QuorumError when none can be asked */
  async look(): Promise<Look> {
    const { managers } = this.environment;
    const ask = async (engine: Engine, host: string): Promise<Asked> => {
      const options = { deadlineSeconds: LIST_SECONDS };
      const [swarm, nodes, services, tasks, networks] = await Promise.all([
        inspectSwarm(engine, options),
        listNodes(engine, {}, options),
        listServices(engine, {}, true, options),
        listTasks(engine, {}, options),
        listNetworks(engine, { scope: ["swarm"] }, options),
      ]);
      this.hear(engine);
      return { asked: host, at: Date.now(), swarm, nodes, services, tasks, networks };
    };
    const look = await managers.use(ask).catch((error: unknown) => {
      // The next look asks every manager anew, also those that are usually left alone for a while.
      managers.forget();
      throw error;
    });
    return { ...look, locked: managers.locked };
  }

  async log(taskId: string): Promise<readonly string[]> {
    const { managers } = this.environment;
    return lastLines({ managers, scrub: this.scrub }, taskId, LOG);
  }

  onEvent(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.heard?.end();
      this.heard = undefined;
    };
  }

  /** Listens to the manager that answers. */
  private hear(engine: Engine): void {
    if (this.heard?.engine === engine || this.listeners.size === 0) return;
    this.heard?.end();
    const end = engine.onNodeEvent(() => {
      for (const listener of this.listeners) listener();
    });
    this.heard = { engine, end };
  }
}
