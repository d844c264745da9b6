import { inspectSwarm } from "../hosts/engine-api";
import { DeadlineError } from "../hosts/errors";
import type { Machines } from "../hosts/machines";
import { infoWithin } from "./info";
import {
  ForeignSwarmError,
  isLeaderless,
  NoManagerError,
  QuorumError,
  refuseOther,
  WorkerError,
} from "./manager-errors";
import { Refusals } from "./refusals";
import { swarmOfMost } from "./swarm-vote";
import { within } from "./within";

/** Who may be a manager of the swarm, by the configuration. */
export interface ManagerHosts {
  /** Hosts with the role manager. */
  readonly declared: readonly string[];
  /** Hosts that had it and leave the configuration: they may serve another swarm by now. @default - none */
  readonly leaving?: readonly string[];
  /** Declared hosts of any role: whose swarm they are in is this one. @default - `declared` */
  readonly members?: readonly string[];
}

/** A machine that is busy answers late, and whatever was to be done goes on. */
const ANSWER_SECONDS = 30;
/** A manager that is there has a leader to ask by then, or there is none. */
const LEADER_SECONDS = 10;
/** The first choice is alone for this long; then all others are asked at once, so that a dead one costs little. */
const HEAD_START_SECONDS = 3;
/** A member that does not say in this time which managers it knows is not waited for. */
const MEMBER_SECONDS = 8;

/**
 * Finds a manager that can be used, and never one of another swarm.
 *
 * Which swarm is meant is known from the state, or else is the one that most declared managers are in. A host that
 * leaves the configuration has no say in that.
 */
export class ManagerSearch {
  private readonly machines: Machines;
  private readonly declared: readonly string[];
  private readonly leaving: readonly string[];
  private readonly members: readonly string[];
  private readonly patience: number;
  /** Managers that answered, with the id of their swarm. */
  private readonly answered = new Map<string, string>();
  /** What each of them calls itself in its swarm. */
  private readonly nodeIds = new Map<string, string>();
  private readonly refusals = new Refusals();
  /** Managers that are declared workers, found while no declared manager was one yet. */
  private movers: readonly string[] = [];
  private preferred: string | undefined;
  private search: Promise<unknown> | undefined;
  /** Counts how often all was forgotten: what was asked before then says nothing now. */
  private round = 0;
  private expected: string | undefined;

  constructor(
    machines: Machines,
    { declared, leaving = [], members = declared }: ManagerHosts,
    patience = ANSWER_SECONDS,
  ) {
    this.machines = machines;
    this.declared = [...declared].sort();
    this.leaving = [...leaving].sort();
    this.members = members;
    this.patience = patience;
  }

  /** Sorted. */
  get names(): readonly string[] {
    return [...this.declared, ...this.leaving].sort();
  }

  /** Managers that waited for the unlock key when they were asked last. */
  get locked(): readonly string[] {
    return this.refusals.locked(this.names);
  }

  /** A sentence for each manager that was found in another swarm. */
  get strangers(): readonly string[] {
    return this.refusals.strangers(this.names);
  }

  /** Id of the swarm that is asked; undefined while nobody knows it. */
  get clusterId(): string | undefined {
    return this.expected;
  }

  /** Whether it is being found out which swarm is meant: nobody was asked anything else yet. */
  get isUndecided(): boolean {
    return this.expected === undefined && this.search !== undefined;
  }

  /** A search that is under way goes on, and finds none but managers of that swarm. */
  expect(clusterId: string | undefined): void {
    this.expected = clusterId;
  }

  /** The one to be asked first from now on. */
  prefer(host: string): void {
    this.preferred = host;
  }

  /** Every manager is looked at anew. The swarm stays the same. */
  forget(): void {
    this.round += 1;
    this.search = undefined;
    this.answered.clear();
    this.refusals.clear();
    this.movers = [];
  }

  /** A manager of the swarm that has a leader. @throws NoManagerError, QuorumError */
  async find(): Promise<string> {
    for (;;) {
      const { expected, round } = this;
      const known = this.order().find(
        (host) => expected !== undefined && this.answered.get(host) === expected,
      );
      if (known !== undefined) return known;
      this.search ??= this.begin();
      try {
        await this.search;
      } catch (error) {
        if (round !== this.round) continue;
        if (expected === this.expected) throw error;
        // It began without knowing the swarm: what was refused then may be of use.
        this.forget();
      }
    }
  }

  /** Takes note that a manager cannot be used, and why. */
  refuse(host: string, error: unknown): void {
    this.answered.delete(host);
    this.refusals.add(host, error);
  }

  /** Why none can be used. */
  explain(): NoManagerError {
    return this.refusals.explain(this.names);
  }

  private order(): readonly string[] {
    const { declared, leaving, movers, preferred } = this;
    const names = [...declared, ...leaving, ...movers];
    if (preferred === undefined) return names;
    return [preferred, ...names.filter((name) => name !== preferred)];
  }

  private async begin(): Promise<void> {
    const { round } = this;
    return this.look().finally(() => {
      if (round === this.round) this.search = undefined;
    });
  }

  private async look(): Promise<void> {
    const askable = this.refusals.askable(this.order());
    if (askable.length === 0) throw this.explain();
    try {
      if (this.expected === undefined) await this.lookForTheSwarm(askable);
      else await this.lookForAny(askable);
    } catch (error) {
      if (!isLeaderless(error) && (await this.lookAmongMovers())) return;
      throw error instanceof NoManagerError && !(error instanceof QuorumError)
        ? error
        : this.explain();
    }
  }

  /**
   * When managers and workers change places, those that are managers still are declared workers: until the first of the
   * others is promoted, only they can be asked. Answers whether one was found.
   */
  private async lookAmongMovers(): Promise<boolean> {
    const isTurned = this.declared.some(
      (host) => this.refusals.errorOf(host) instanceof WorkerError,
    );
    if (!isTurned) return false;
    const others = this.members.filter((host) => !this.declared.includes(host));
    await Promise.allSettled(others.map(async (host) => this.probe(host, 0)));
    this.movers = others.filter((host) => this.answered.has(host)).sort();
    if (this.movers.length > 0 && this.expected === undefined) this.settle(this.movers);
    return this.movers.some((host) => this.answered.get(host) === this.expected);
  }

  /** @throws what the managers said, when none can be used */
  private async lookForAny([first = "", ...others]: readonly string[]): Promise<void> {
    const head = this.probe(first, 0);
    const answer = head.catch(() => undefined);
    if ((await within(HEAD_START_SECONDS, answer)) !== undefined) return;
    const rest = others.map(async (host) => this.probe(host, HEAD_START_SECONDS));
    await anyOf([head, ...rest]);
  }

  /** Asks every declared manager, because the first may be one of another swarm, and sets which one it is. */
  private async lookForTheSwarm(askable: readonly string[]): Promise<void> {
    const probes = askable
      .filter((host) => this.declared.includes(host))
      .map(async (host) => this.probe(host, 0));
    try {
      await anyOf(probes);
    } catch (error) {
      if (isLeaderless(error)) throw error;
      await this.lookAmongLeaving(askable.filter((host) => this.leaving.includes(host)));
      return;
    }
    await within(HEAD_START_SECONDS, Promise.allSettled(probes));
    const { declared } = this;
    this.settle(declared.filter((host) => this.answered.has(host)));
  }

  /** Sets the swarm that most of these managers are in. @throws NoManagerError when as many are in another one */
  private settle(hosts: readonly string[]): void {
    if (this.expected !== undefined) return;
    const swarms = new Map(hosts.map((host) => [host, this.answered.get(host) ?? ""]));
    const most = swarmOfMost(swarms);
    if (most === undefined) return;
    this.expected = most;
    for (const [host, clusterId] of swarms)
      if (clusterId !== most) this.refuse(host, new ForeignSwarmError(clusterId, most));
  }

  /** A manager that leaves is of this swarm when a declared host knows it as a manager of its own. */
  private async lookAmongLeaving(askable: readonly string[]): Promise<void> {
    if (askable.length === 0) throw this.explain();
    const [known] = await Promise.all([
      this.managersOfMembers(),
      Promise.allSettled(askable.map(async (host) => this.probe(host, 0))),
    ]);
    const ours = askable.filter((host) => {
      if (!this.answered.has(host)) return false;
      if (known.has(this.nodeIds.get(host) ?? "")) return true;
      this.refuse(
        host,
        new Error(
          "it leaves the configuration, and no other host says that it is in the same swarm: not asked",
        ),
      );
      return false;
    });
    if (ours.length === 0) throw this.explain();
    this.settle(ours);
  }

  /** Node ids of the managers that the declared hosts are connected to. */
  private async managersOfMembers(): Promise<ReadonlySet<string>> {
    const asked = this.members.map(async (host) => {
      const info = await infoWithin(this.machines, host, MEMBER_SECONDS);
      return info?.Swarm?.RemoteManagers ?? [];
    });
    const found = (await Promise.all(asked)).flat();
    return new Set(found.flatMap(({ NodeID: id = "" }) => (id === "" ? [] : id)));
  }

  /** @param late - seconds after the first one was asked: nobody waits longer than for that one alone */
  private async probe(host: string, late: number): Promise<string> {
    const { round } = this;
    const engine = this.machines.get(host).engine();
    const seconds = this.patience - late;
    try {
      const info = await within(seconds, engine.info());
      if (info === undefined) throw new DeadlineError(host, "Docker's answer", seconds);
      refuseOther(info);
      // `/info` answers without a leader; this does not.
      const swarm = await within(LEADER_SECONDS - late, inspectSwarm(engine));
      if (swarm === undefined) throw new QuorumError("it has no leader to ask");
      const { ID: clusterId = "" } = swarm;
      if (this.expected !== undefined && clusterId !== this.expected)
        throw new ForeignSwarmError(clusterId, this.expected);
      if (round !== this.round) return host;
      this.answered.set(host, clusterId);
      this.nodeIds.set(host, info.Swarm?.NodeID ?? "");
    } catch (error) {
      if (round === this.round) this.refuse(host, error);
      throw error;
    }
    this.refusals.remove(host);
    return host;
  }
}

/** The first that succeeds. Rejects when none can, or as soon as one finds that there is no leader. */
async function anyOf(probes: readonly Promise<string>[]): Promise<void> {
  const leaderless = new Promise<never>((_resolve, reject) => {
    for (const probe of probes)
      probe.catch((error: unknown) => {
        // Those that have not answered by then are not waited for.
        if (error instanceof QuorumError) reject(error);
      });
  });
  await Promise.race([Promise.any(probes), leaderless]);
}
