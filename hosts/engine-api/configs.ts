import type { IDResponse, Config, ConfigCreateRequest, ConfigSpec } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
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

/** One config by id or name. */
export async function inspectConfig(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<Config> {
  return engine.request("GET", `/configs/${segment(id)}`, options);
}

/** Makes a config and answers its id. `Data` is Base64. */
export async function createConfig(
  engine: Engine,
  body: ConfigCreateRequest,
  options: CallOptions = {},
): Promise<string> {
  const answer = await engine.request<IDResponse>("POST", "/configs/create", { ...options, body });
  return answer.Id;
}

/** Changes the labels of a config; the rest of the spec must be as it was. @param version - as read */
export async function updateConfig(
  engine: Engine,
  id: string,
  version: number,
  body: ConfigSpec,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/configs/${segment(id)}/update`, {
    ...options,
    query: { version },
    body,
  });
}

/** Removes a config that no service uses. */
export async function removeConfig(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/configs/${segment(id)}`, options);
}
