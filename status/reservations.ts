import type { Node, Task } from "@docker/node-sdk";
import { nameOf } from "../cluster/members";
import { hasEnded } from "../cluster/tasks";

/** What the tasks of a node have reserved of what it has. */
export interface ReservationRow {
  readonly node: string;
  /** Tasks on it that have not ended. */
  readonly tasks: number;
  /** Billionths of a processor. */
  readonly nanoCpus: { readonly reserved: number; readonly has: number };
  /** Bytes. */
  readonly memory: { readonly reserved: number; readonly has: number };
}

/**
 * Adds up what Docker's scheduler adds up: a task keeps its reservation until it has ended, whatever it uses.
 *
 * @see https://docs.docker.com/engine/swarm/services/#reserve-memory-or-cpus-for-a-service
 */
export function reservationRows(nodes: readonly Node[], tasks: readonly Task[]): ReservationRow[] {
  return nodes
    .map((node) => {
      const own = tasks.filter((task) => task.NodeID === node.ID && !hasEnded(task));
      const sum = (key: "NanoCPUs" | "MemoryBytes"): { reserved: number; has: number } => ({
        reserved: own.reduce(
          (total, { Spec: spec }) => total + (spec?.Resources?.Reservations?.[key] ?? 0),
          0,
        ),
        has: node.Description?.Resources?.[key] ?? 0,
      });
      return {
        ...{ node: nameOf(node), tasks: own.length },
        ...{ nanoCpus: sum("NanoCPUs"), memory: sum("MemoryBytes") },
      };
    })
    .sort((a, b) => a.node.localeCompare(b.node, "en", { numeric: true }));
}
