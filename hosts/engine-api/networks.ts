import type { NetworkSummary } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf } from "./call";
import type { CallOptions, Filters } from "./call";

/** Networks that this engine knows. */
export async function listNetworks(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<NetworkSummary[]> {
  return listOf(
    await engine.request<NetworkSummary[]>("GET", "/networks", { ...options, query: { filters } }),
  );
}
