import { isDeepStrictEqual } from "node:util";
import { Connection } from "./connection";
import { Machine } from "./machine";
import type { TargetSource } from "./machine";
import type { Target } from "./target";
import { Traffic } from "./traffic";

/** Every configured machine by name. Nothing is connected before it is used. */
export class Machines {
  /** What was asked of all of them. */
  readonly traffic = new Traffic();
  private readonly machines: ReadonlyMap<string, Machine>;
  /**
   * Machines to go through, shared: a jump host sees one connection and one login, however many machines are behind
   * it. sshd drops logins at random when many come at once (MaxStartups).
   */
  private readonly jumps: Connection[] = [];

  constructor(targets: ReadonlyMap<string, TargetSource>) {
    this.machines = new Map(
      [...targets].map(([name, source]) => [
        name,
        new Machine(name, source, (target) => this.jumpTo(target), this.traffic),
      ]),
    );
  }

  /** Names in alphabetical order. */
  get names(): readonly string[] {
    return [...this.machines.keys()].sort();
  }

  /** Whether a machine of that name is configured. */
  has(name: string): boolean {
    return this.machines.has(name);
  }

  /** @throws Error naming the machines there are */
  get(name: string): Machine {
    const machine = this.machines.get(name);
    if (machine === undefined) {
      throw new Error(
        `host: got "${name}"; expected one of swarm:hosts (${this.names.join(", ")}). Add it there`,
      );
    }
    return machine;
  }

  /** Ends every connection, for good: nothing that is still under way keeps the process alive. */
  async close(): Promise<void> {
    await Promise.all([...this.machines.values()].map(async (machine) => machine.end()));
    await Promise.all(this.jumps.map(async (jump) => jump.drop()));
  }

  private jumpTo(target: Target): Connection {
    const known = this.jumps.find((jump) => isSameLogin(jump.target, target));
    if (known !== undefined) return known;
    const through = target.jump === undefined ? undefined : this.jumpTo(target.jump);
    const connection = new Connection(target, through, this.traffic);
    this.jumps.push(connection);
    return connection;
  }
}

/** Whether two targets are one machine and one account, whatever they are called. */
function isSameLogin(a: Target, b: Target): boolean {
  return isDeepStrictEqual(unnamed(a), unnamed(b));
}

function unnamed({ jump, ...target }: Target): object {
  return { ...target, name: "", jump: jump === undefined ? undefined : unnamed(jump) };
}
