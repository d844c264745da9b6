import type { IDResponse, Secret, SecretCreateRequest, SecretSpec } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
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

/** One secret by id or name. */
export async function inspectSecret(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<Secret> {
  return engine.request("GET", `/secrets/${segment(id)}`, options);
}

/** Makes a secret and answers its id. `Data` is Base64. */
export async function createSecret(
  engine: Engine,
  body: SecretCreateRequest,
  options: CallOptions = {},
): Promise<string> {
  const answer = await engine.request<IDResponse>("POST", "/secrets/create", { ...options, body });
  return answer.Id;
}

/** Changes the labels of a secret; the rest of the spec must be as it was. @param version - as read */
export async function updateSecret(
  engine: Engine,
  id: string,
  version: number,
  body: SecretSpec,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/secrets/${segment(id)}/update`, {
    ...options,
    query: { version },
    body,
  });
}

/** Removes a secret that no service uses. */
export async function removeSecret(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/secrets/${segment(id)}`, options);
}
