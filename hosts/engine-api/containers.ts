import type { IncomingMessage } from "node:http";
import type {
  ContainerInspectResponse,
  ContainerSummary,
  ContainerUpdateRequest,
  EndpointSettings,
} from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
import type { CallOptions, Filters } from "./call";
import { logs } from "./logs";
import type { LogQuery } from "./logs";

/** Containers of this engine's own machine, stopped ones too. */
export async function listContainers(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<ContainerSummary[]> {
  const query = { all: true, filters };
  return listOf(
    await engine.request<ContainerSummary[]>("GET", "/containers/json", { ...options, query }),
  );
}

/** One container by id or name. */
export async function inspectContainer(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<ContainerInspectResponse> {
  return engine.request("GET", `/containers/${segment(id)}/json`, options);
}

/** Makes a container, which is not started yet. Its image has to be there. */
export async function createContainer(
  engine: Engine,
  name: string,
  body: object,
  options: CallOptions = {},
): Promise<{ readonly Id: string; readonly Warnings?: string[] | null }> {
  return engine.request("POST", "/containers/create", { ...options, query: { name }, body });
}

/** Starts a container; one that runs stays as it is. */
export async function startContainer(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/containers/${segment(id)}/start`, options);
}

/** Lets a paused container go on. */
export async function unpauseContainer(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/containers/${segment(id)}/unpause`, options);
}

/** Stops a container: its stop signal, then after its own grace period SIGKILL. One that is stopped stays so. */
export async function stopContainer(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/containers/${segment(id)}/stop`, options);
}

/** Removes a stopped container. Volumes stay, those without a name too. */
export async function removeContainer(
  engine: Engine,
  id: string,
  options: CallOptions = {},
): Promise<void> {
  const query = { v: false, force: false };
  await engine.request("DELETE", `/containers/${segment(id)}`, { ...options, query });
}

/** Gives a container another name, while it runs. */
export async function renameContainer(
  engine: Engine,
  id: string,
  name: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("POST", `/containers/${segment(id)}/rename`, {
    ...options,
    query: { name },
  });
}

/** Changes limits and restart policy of a container while it runs; what is left out, or zero, stays. */
export async function updateContainer(
  engine: Engine,
  id: string,
  body: ContainerUpdateRequest,
  options: CallOptions = {},
): Promise<{ readonly Warnings?: string[] | null }> {
  return engine.request("POST", `/containers/${segment(id)}/update`, { ...options, body });
}

/** What a container has written, in frames unless it has a terminal. */
export async function containerLogs(
  engine: Engine,
  id: string,
  query: LogQuery,
  options: CallOptions = {},
): Promise<IncomingMessage> {
  return logs(engine, `/containers/${segment(id)}/logs`, query, options);
}

/** Puts a container on a network of this engine, or on an attachable one of the swarm. @param network - name or id */
export async function connectToNetwork(
  engine: Engine,
  network: string,
  container: string,
  settings: EndpointSettings,
  options: CallOptions = {},
): Promise<void> {
  const body = { Container: container, EndpointConfig: settings };
  await engine.request("POST", `/networks/${segment(network)}/connect`, { ...options, body });
}

/** Takes a container off a network, running or not. */
export async function disconnectFromNetwork(
  engine: Engine,
  network: string,
  container: string,
  options: CallOptions = {},
): Promise<void> {
  const body = { Container: container, Force: false };
  await engine.request("POST", `/networks/${segment(network)}/disconnect`, { ...options, body });
}
