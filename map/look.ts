import type { NetworkSummary, Node, Service, Swarm, Task } from "@docker/node-sdk";

/** What a manager said of the swarm in one look, as Docker's API has it. */
export interface Look {
  /** The manager that answered. */
  readonly asked: string;
  /** When, in milliseconds. */
  readonly at: number;
  /** Its tokens for nodes that join are among it: no part of it goes on as a whole. */
  readonly swarm: Swarm;
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  /** Those that ended among them, as far as the swarm remembers. */
  readonly tasks: readonly Task[];
  readonly networks: readonly NetworkSummary[];
  /** Hosts whose manager waits for the unlock key. */
  readonly locked: readonly string[];
}

/** What the configuration says. */
export interface Declared {
  /** Name of the environment, `prod`. */
  readonly environment: string;
  readonly hosts: Readonly<Record<string, { readonly role: "manager" | "worker" }>>;
}

/** Where looks come from; it asks and changes nothing. */
export interface Source {
  readonly declared: Declared;
  /** @throws Error with the reason when no manager can be asked */
  look(): Promise<Look>;
  /** The last lines that a task has written, oldest first; none when its node cannot hand them out. */
  log(taskId: string): Promise<readonly string[]>;
  /** Calls `listener` when something may have happened. @returns what ends that */
  onEvent(listener: () => void): () => void;
}
