import type { Task } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf } from "./call";
import type { CallOptions, Filters } from "./call";

/** Tasks of the swarm, also those that ended as far as the swarm remembers them. */
export async function listTasks(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<Task[]> {
  return listOf(await engine.request<Task[]>("GET", "/tasks", { ...options, query: { filters } }));
}
