import type { Volume, VolumeCreateOptions, VolumeListResponse } from "@docker/node-sdk";
import type { Engine } from "../engine";
import { listOf, segment } from "./call";
import type { CallOptions, Filters } from "./call";

/** Volumes of this engine. */
export async function listVolumes(
  engine: Engine,
  filters: Filters = {},
  options: CallOptions = {},
): Promise<Volume[]> {
  const answer = await engine.request<VolumeListResponse>("GET", "/volumes", {
    ...options,
    query: { filters },
  });
  return listOf(answer.Volumes);
}

/** One volume by name. */
export async function inspectVolume(
  engine: Engine,
  name: string,
  options: CallOptions = {},
): Promise<Volume> {
  return engine.request("GET", `/volumes/${segment(name)}`, options);
}

/** Makes a volume; one of that name and driver that exists already is answered unchanged. */
export async function createVolume(
  engine: Engine,
  body: VolumeCreateOptions,
  options: CallOptions = {},
): Promise<Volume> {
  return engine.request("POST", "/volumes/create", { ...options, body });
}

/** Removes a volume and what is in it. @param force - also when its driver is gone */
export async function removeVolume(
  engine: Engine,
  name: string,
  force = false,
  options: CallOptions = {},
): Promise<void> {
  await engine.request("DELETE", `/volumes/${segment(name)}`, { ...options, query: { force } });
}
