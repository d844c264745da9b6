import type { Secret } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf } from "./call";
import type { CallOptions, Filters } from "./call";

/** Every secret of the swarm, without its value. */
export async function listSecrets(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<Secret[]> {
  return listOf(
    await engine.request<Secret[]>("GET", "/secrets", { ...options, query: { filters } }),
  );
}
