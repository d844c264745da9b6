import type { Engine } from "../../hosts/engine";
import { Machines } from "../../hosts/machines";
import { Lab } from "../../lab/lab";
import type { Clone } from "./clone";

/** Docker on one machine of a clone's lab, asked past the program. */
export class LabEngine {
  private readonly machines: Machines;
  private readonly lab: Lab;
  private readonly host: string;

  constructor(clone: Clone, host: string, hosts: readonly string[]) {
    const directory = `${clone.directory}/.swarm/lab`;
    this.lab = new Lab({ directory, image: "debian", hosts: [...hosts] });
    this.machines = new Machines(new Map([[host, async () => this.lab.target(host)]]));
    this.host = host;
  }

  /** One call of the Engine API. */
  async ask<T>(method: string, path: string, content: Parameters<Engine["request"]>[2] = {}) {
    return this.machines.get(this.host).engine().request<T>(method, path, content);
  }

  /** Address of a machine; known before it exists. */
  addressOf(host: string): string {
    return this.lab.plan.addressOf(host);
  }

  /** Addresses of the gateway, where the lab's registry is, and of this machine, as the lab's machines see it. */
  get plan(): Lab["plan"] {
    return this.lab.plan;
  }

  async close(): Promise<void> {
    await this.machines.close();
  }
}
