import type { Config, ConfigSpec, Secret, SecretSpec } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { segment } from "./call";
import type { CallOptions } from "./call";

/** Secrets and configs are alike in all calls but their path. */
export type PayloadPath = "secrets" | "configs";

/** Makes a secret or a config and answers its id. The value travels in the body. */
export async function createPayload(
  engine: Engine,
  path: PayloadPath,
  body: SecretSpec | ConfigSpec,
  options: CallOptions = {},
): Promise<string> {
  return (await engine.request<{ ID: string }>("POST", `/${path}/create`, { ...options, body })).ID;
}

/** One secret or config by id. */
export async function inspectPayload(
  engine: Engine,
  path: PayloadPath,
  id: string,
  options: CallOptions = {},
): Promise<Secret | Config> {
  return engine.request("GET", `/${path}/${segment(id)}`, options);
}

/**
 * Replaces the labels of a secret or a config; Docker refuses to change anything else.
 *
 * @param version - as read; another one is refused as "out of sequence"
 */
export async function updatePayload(
  engine: Engine,
  path: PayloadPath,
  id: string,
  version: number,
  body: SecretSpec | ConfigSpec,
  options: CallOptions = {},
): Promise<void> {
  const query = { version };
  await engine.request("POST", `/${path}/${segment(id)}/update`, { ...options, query, body });
}

/** Removes a secret or a config; refused while a service uses it. */
export async function removePayload(
  engine: Engine,
  path: PayloadPath,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/${path}/${segment(id)}`, options);
}
