import type {
  Config,
  NetworkSummary,
  Node,
  Secret,
  Service,
  SystemInfo,
  Task,
} from "@docker/node-sdk";
import { DeadlineError, HostError, HostUnreachableError, messageOf } from "../hosts/errors";
import { EngineError, isNoQuorum, isNotManager } from "../hosts/engine";
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
import { predefinedNetworks } from "./network/predefined";
import { within } from "./within";

/** What a swarm can list. */
export type ListKind = "services" | "nodes" | "networks" | "secrets" | "configs" | "tasks";

/** No manager can be used; the message names each and why. */
export class NoManagerError extends Error {
  override readonly name: string = "NoManagerError";
}

/** Managers answer, but the swarm has no leader: more than half of its managers are down. */
export class QuorumError extends NoManagerError {
  override readonly name = "QuorumError";
}

/** A manager restarted and waits for the unlock key. */
class LockedError extends Error {
  override readonly name = "LockedError";
}

/** Why a manager was not used, and until when it is not asked again. */
interface Refusal {
  readonly error: Error;
  readonly until: number;
}

interface List {
  readonly items: Promise<readonly unknown[]>;
  /** Milliseconds of the clock; set once the answer is there. */
  until: number;
}

/** A machine that is busy answers late, and whatever was to be done goes on. */
const ANSWER_SECONDS = 30;
/** A manager that is there has a leader to ask by then, or there is none. */
const LEADER_SECONDS = 10;
/** The first choice is alone for this long; then all others are asked at once, so that a dead one costs little. */
const HEAD_START_SECONDS = 3;
/** How long a machine or a quorum that is gone is not asked for again. */
const LOST_MILLISECONDS = 15_000;
/** A machine that answers may become a manager at any moment, by this very run. */
const NOT_YET_MILLISECONDS = 1_000;
const LIST_MILLISECONDS = 3_000;

/** The swarm through any manager that answers, with lists that concurrent reads share. */
export class Managers {
  private readonly machines: Machines;
  private readonly names: readonly string[];
  private readonly patience: number;
  private readonly ready = new Set<string>();
  private readonly refusals = new Map<string, Refusal>();
  private readonly lists = new Map<ListKind, List>();
  private preferred: string | undefined;
  private search: Promise<string> | undefined;

  /**
   * @param names - hosts with the role manager
   * @param patience - seconds that a machine has to say whether it is one
   */
  constructor(machines: Machines, names: readonly string[], patience = ANSWER_SECONDS) {
    this.machines = machines;
    this.names = [...names].sort();
    this.patience = patience;
  }

  /** Names of the hosts with the role manager, sorted; whether they are managers now is another matter. */
  get hosts(): readonly string[] {
    return this.names;
  }

  /** Managers that waited for the unlock key when they were asked last. */
  get locked(): readonly string[] {
    return this.names.filter((host) => this.refusals.get(host)?.error instanceof LockedError);
  }

  /**
   * Calls the first manager that can be used. A call that finds it gone or no longer a manager is made again on the
   * next one: `call` must do no harm when the swarm has seen it before.
   * @throws NoManagerError, QuorumError, and whatever `call` throws
   */
  async use<T>(call: (engine: Engine, host: string) => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      const host = await this.find();
      try {
        const result = await call(this.machines.get(host).engine(), host);
        this.preferred = host;
        return result;
      } catch (error) {
        if (!isForAnother(error)) throw error;
        this.refuse(host, error);
        if (attempt >= this.names.length) throw this.explain();
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

  /** To be called after every write: the next read fetches the list again. */
  invalidate(kind: ListKind): void {
    this.lists.delete(kind);
  }

  /** To be called after an act that may have changed who is a manager and who answers: a boot, an init, a join, a leave. */
  forget(): void {
    this.ready.clear();
    this.refusals.clear();
    this.lists.clear();
  }

  private async list<T>(
    kind: ListKind,
    fetch: (engine: Engine) => Promise<T[]>,
  ): Promise<readonly T[]> {
    const known = this.lists.get(kind);
    if (known !== undefined && Date.now() < known.until) return known.items as Promise<T[]>;
    const items = this.use(fetch);
    // Until the answer is there everybody waits for the same one.
    const list: List = { items, until: Infinity };
    this.lists.set(kind, list);
    items.then(
      () => {
        list.until = Date.now() + LIST_MILLISECONDS;
      },
      () => {
        list.until = 0;
      },
    );
    return items;
  }

  private async find(): Promise<string> {
    const known = this.order().find((host) => this.ready.has(host));
    if (known !== undefined) return known;
    this.search ??= this.probeAll().finally(() => {
      this.search = undefined;
    });
    return this.search;
  }

  private order(): readonly string[] {
    const { preferred } = this;
    if (preferred === undefined) return this.names;
    return [preferred, ...this.names.filter((name) => name !== preferred)];
  }

  private async probeAll(): Promise<string> {
    const now = Date.now();
    const [first, ...others] = this.order().filter(
      (host) => (this.refusals.get(host)?.until ?? 0) <= now,
    );
    if (first === undefined) throw this.explain();
    const head = this.probe(first, 0);
    const answer = head.catch(() => undefined);
    const early = await within(HEAD_START_SECONDS, answer);
    if (early !== undefined) return early;
    try {
      const rest = others.map(async (host) => this.probe(host, HEAD_START_SECONDS));
      const all = [head, ...rest];
      return await Promise.race([Promise.any(all), leaderless(all)]);
    } catch {
      throw this.explain();
    }
  }

  /** @param late - seconds after the first one was asked: nobody waits longer than for that one alone */
  private async probe(host: string, late: number): Promise<string> {
    const engine = this.machines.get(host).engine();
    const seconds = this.patience - late;
    try {
      const info = await within(seconds, engine.request<SystemInfo>("GET", "/info"));
      if (info === undefined) throw new DeadlineError(host, "Docker's answer", seconds);
      refuseOther(info);
      // `/info` answers without a leader; this does not.
      if ((await within(LEADER_SECONDS - late, engine.request("GET", "/swarm"))) === undefined)
        throw new QuorumError("it has no leader to ask");
    } catch (error) {
      this.refuse(host, error);
      throw error;
    }
    this.refusals.delete(host);
    this.ready.add(host);
    return host;
  }

  private refuse(host: string, error: unknown): void {
    const isGone = error instanceof HostError && !(error instanceof EngineError);
    const isLost = isGone || error instanceof QuorumError || isNoQuorum(error);
    const pause = isLost ? LOST_MILLISECONDS : NOT_YET_MILLISECONDS;
    this.ready.delete(host);
    this.refusals.set(host, {
      error: error instanceof Error ? error : new Error(messageOf(error)),
      until: Date.now() + pause,
    });
  }

  private explain(): NoManagerError {
    if (this.names.length === 0)
      return new NoManagerError('hosts: none has the role "manager"; expected at least one');
    const reasons = this.names.map((host) => {
      const text = this.refusals.get(host)?.error.message ?? "no answer yet";
      return `  ${text.startsWith(`${host}: `) ? text : `${host}: ${text}`}`;
    });
    const list = reasons.join("\n");
    const isLeaderless = [...this.refusals.values()].some(
      ({ error }) => error instanceof QuorumError || isNoQuorum(error),
    );
    return isLeaderless
      ? new QuorumError(
          `the swarm has no leader: more than half of the managers are down. Bring them back; ` +
            `the swarm then goes on by itself.\n${list}`,
        )
      : new NoManagerError(`no manager of the swarm can be used:\n${list}`);
  }
}

/** Rejects when one finds that there is no leader: those that have not answered by then are not waited for. */
async function leaderless(probes: readonly Promise<string>[]): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const probe of probes)
      probe.catch((error: unknown) => {
        if (error instanceof QuorumError) reject(error);
      });
  });
}

/** @throws Error saying what the machine is instead of a manager */
function refuseOther({ Swarm: part }: SystemInfo): void {
  const state = part?.LocalNodeState ?? "inactive";
  if (state === "locked")
    throw new LockedError("its swarm is locked; expected it to be unlocked after the restart");
  if (state === "inactive") throw new Error("it is in no swarm");
  if (part?.ControlAvailable !== true)
    throw new Error(
      state === "active" ? "it is a worker of the swarm" : `its part in the swarm is ${state}`,
    );
}

/** Whether another manager may answer what this one could not. */
function isForAnother(error: unknown): boolean {
  return error instanceof HostUnreachableError || isNotManager(error) || isNoQuorum(error);
}
