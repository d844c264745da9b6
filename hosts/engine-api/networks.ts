import type {
  Network,
  NetworkCreateRequest,
  NetworkCreateResponse,
  NetworkSummary,
} from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
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

/** One network by id. */
export async function inspectNetwork(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<Network> {
  return engine.request("GET", `/networks/${segment(id)}`, options);
}

/** Makes a network. */
export async function createNetwork(
  engine: Engine,
  body: NetworkCreateRequest,
  options: CallOptions = {},
): Promise<NetworkCreateResponse> {
  return engine.request("POST", "/networks/create", { ...options, body });
}

/** Removes a network; refused while something is on it. */
export async function removeNetwork(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/networks/${segment(id)}`, options);
}
