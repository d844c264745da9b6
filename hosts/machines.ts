import { Connection } from "./connection";
import { Machine } from "./machine";
import type { TargetSource } from "./machine";
import { describeTarget } from "./target";
import type { Target } from "./target";

/** Every configured machine by name. Nothing is connected before it is used. */
export class Machines {
  private readonly machines: ReadonlyMap<string, Machine>;
  /** Machines to go through, shared: a jump host sees one connection, however many machines are behind it. */
  private readonly jumps = new Map<string, Connection>();

  constructor(targets: ReadonlyMap<string, TargetSource>) {
    this.machines = new Map(
      [...targets].map(([name, source]) => [
        name,
        new Machine(name, source, (target) => this.jumpTo(target)),
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
    await Promise.all([...this.jumps.values()].map(async (jump) => jump.drop()));
  }

  private jumpTo(target: Target): Connection {
    const key = `${describeTarget(target)} ${target.hostKey}`;
    const known = this.jumps.get(key);
    if (known !== undefined) return known;
    const through = target.jump === undefined ? undefined : this.jumpTo(target.jump);
    const connection = new Connection(target, through);
    this.jumps.set(key, connection);
    return connection;
  }
}
