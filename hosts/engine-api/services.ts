import type { Service } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf } from "./call";
import type { CallOptions, Filters } from "./call";

/** Every service of the swarm. @param status - with the counts of running and desired tasks */
export async function listServices(
  engine: Engine,
  filters: Filters = {},
  status = false,
  options: CallOptions = {},
): Promise<Service[]> {
  const query = { filters, status };
  return listOf(await engine.request<Service[]>("GET", "/services", { ...options, query }));
}
