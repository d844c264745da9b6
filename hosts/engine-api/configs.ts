import type { Config } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf } from "./call";
import type { CallOptions, Filters } from "./call";

/** Every config of the swarm. */
export async function listConfigs(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<Config[]> {
  return listOf(
    await engine.request<Config[]>("GET", "/configs", { ...options, query: { filters } }),
  );
}
