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

/** One service by id or name. */
export async function inspectService(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<Service> {
  return engine.request("GET", `/services/${segment(id)}`, options);
}

/** What a call that writes a service may be given. */
export interface ServiceCallOptions extends CallOptions {
  /** The account for the image's registry (`X-Registry-Auth`). @default - none; an update keeps the one that is there */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes a service. */
export async function createService(
  engine: Engine,
  body: ServiceSpec,
  options: ServiceCallOptions = {},
): Promise<ServiceCreateResponse> {
  return engine.request("POST", "/services/create", { ...options, body });
}

/**
 * Replaces a service's spec; without an account in the headers the log-in for its image stays the one that it has.
 *
 * @param version - as read; another one is refused as "out of sequence"
 */
export async function updateService(
  engine: Engine,
  id: string,
  version: number,
  body: ServiceSpec,
  options: ServiceCallOptions = {},
): Promise<ServiceUpdateResponse> {
  const query = { version, registryAuthFrom: "spec" };
  return engine.request("POST", `/services/${segment(id)}/update`, { ...options, query, body });
}

/** Removes a service; its tasks end afterwards. */
export async function removeService(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/services/${segment(id)}`, options);
}
