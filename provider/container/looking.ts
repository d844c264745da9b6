import type { ContainerInspectResponse, ImageInspect } from "@docker/node-sdk";
import { isNotFound } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import { inspectContainer, inspectImage, listContainers } from "../../hosts/engine-api";
import type { Context } from "../context";
import type { ContainerInputs } from "./arguments";
import type { Sight } from "./definition";

/** `container "proxy" on manager-1`, for messages. */
export function nounOf({ name = "", host = "" }: Pick<ContainerInputs, "name" | "host">): string {
  return `container "${name}" on ${host}`;
}

/** The engine of the container's host. */
export function engineOf({ machines }: Pick<Context, "machines">, host = ""): Engine {
  return machines.get(host).engine();
}

/** The id of a container in Pulumi: `manager-1/4f2a…`; on import also `manager-1/proxy`. @throws Error for any other */
export function partsOf(id: string): { readonly host: string; readonly container: string } {
  const slash = id.indexOf("/");
  if (slash < 1 || slash === id.length - 1)
    throw new Error(`container id: got "${id}"; expected host/id or host/name.`);
  return { host: id.slice(0, slash), container: id.slice(slash + 1) };
}

/** A container by id or name and its image, as they are now; undefined when there is none. */
export async function lookAt(
  engine: Engine,
  id: string,
  signal: AbortSignal,
): Promise<Sight | undefined> {
  const container = await found(inspectContainer(engine, id, { signal }));
  if (container === undefined) return undefined;
  return { container, image: await imageOf(engine, container, signal) };
}

async function imageOf(
  engine: Engine,
  { Image: id = "" }: ContainerInspectResponse,
  signal: AbortSignal,
): Promise<ImageInspect | undefined> {
  return found(inspectImage(engine, id, { signal }));
}

async function found<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The container that has a name; an id that begins like it is none. */
export async function lookFor(
  engine: Engine,
  name: string,
  signal: AbortSignal,
): Promise<Sight | undefined> {
  const pattern = `^/?${name.replace(/[.]/g, "\\.")}$`;
  const list = await listContainers(engine, { name: [pattern] }, { signal });
  const id = list.find(({ Names: names = [] }) => names.includes(`/${name}`))?.Id;
  return id === undefined ? undefined : lookAt(engine, id, signal);
}
