import type {
  Service,
  ServiceCreateResponse,
  ServiceSpec,
  ServiceUpdateResponse,
} from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
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

/** One service by id or name. @param insertDefaults - fill in what Docker leaves out of the spec */
export async function inspectService(
  engine: Engine,
  id: string,
  insertDefaults = false,
  options: CallOptions = {},
): Promise<Service> {
  return engine.request("GET", `/services/${segment(id)}`, {
    ...options,
    query: { insertDefaults },
  });
}

/** Makes a service. @param registryAuth - Base64 of the JSON that logs in to its registry, handed to the nodes */
export async function createService(
  engine: Engine,
  body: ServiceSpec,
  registryAuth?: string,
  options: CallOptions = {},
): Promise<ServiceCreateResponse> {
  return engine.request("POST", "/services/create", {
    ...options,
    body,
    headers: authHeader(registryAuth),
  });
}

/** How a service is updated. */
export interface ServiceUpdate {
  /** As read; another one is refused as "out of sequence". */
  readonly version: number;
  /** `previous` goes back to the spec before the last update. */
  readonly rollback?: "previous";
  /** Where the login for the registry comes from without `registryAuth`: the spec that was, or the one before. */
  readonly registryAuthFrom?: "spec" | "previous-spec";
  readonly registryAuth?: string;
}

/** Replaces a service's spec as a whole. */
export async function updateService(
  engine: Engine,
  id: string,
  body: ServiceSpec,
  update: ServiceUpdate,
  options: CallOptions = {},
): Promise<ServiceUpdateResponse> {
  const { version, rollback, registryAuthFrom, registryAuth } = update;
  return engine.request("POST", `/services/${segment(id)}/update`, {
    ...options,
    query: { version, rollback, registryAuthFrom },
    body,
    headers: authHeader(registryAuth),
  });
}

/** Removes a service; its tasks end a moment later. */
export async function removeService(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/services/${segment(id)}`, options);
}

/** Header with a registry login; none without one. */
export function authHeader(registryAuth: string | undefined): Record<string, string> {
  return registryAuth === undefined ? {} : { "X-Registry-Auth": registryAuth };
}
