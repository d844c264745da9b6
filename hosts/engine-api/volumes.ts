import type { ContainerSummary, Volume, VolumeCreateOptions } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { segment } from "./call";
import type { CallOptions } from "./call";
import { listContainers } from "./containers";

/** One volume of this engine's own machine. */
export async function inspectVolume(
  engine: Engine,
  name: string,
  options: CallOptions = {},
): Promise<Volume> {
  return engine.request("GET", `/volumes/${segment(name)}`, options);
}

/** Makes a volume on this engine's own machine; one of the same name is answered as it is. */
export async function createVolume(
  engine: Engine,
  body: VolumeCreateOptions,
  options: CallOptions = {},
): Promise<Volume> {
  return engine.request("POST", "/volumes/create", { ...options, body });
}

/** Removes a volume and what is in it; one in use is refused. */
export async function removeVolume(
  engine: Engine,
  name: string,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/volumes/${segment(name)}`, options);
}

/** Containers of this engine's own machine, stopped ones too, that a volume belongs to. */
export async function containersWithVolume(
  engine: Engine,
  name: string,
  options: CallOptions = {},
): Promise<ContainerSummary[]> {
  return listContainers(engine, { volume: [name] }, options);
}
