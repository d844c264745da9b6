import { EngineError, isNotFound } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import { inspectImage, pullImage } from "../../hosts/engine-api";
import type { Context } from "../context";
import { parseImage, registryOf } from "../workload/image";

/** Seconds until the engine says the first word of a pull: it asks the registry before that. */
const firstWordSeconds = 120;

/**
 * Has the host fetch an image that it does not have.
 *
 * @param signal - ends it: of the run, and of the container's own time
 * @throws Error with the registry's words
 */
export async function ensureImage(
  context: Context,
  engine: Engine,
  image: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await inspectImage(engine, image, { signal });
    return;
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  // Some images of a lab's registry are made when they are first asked for.
  await context.lab?.services.provide(image, context.progress, signal);
  const { tag, digest } = parseImage(image);
  const name = tag === undefined && digest === undefined ? `${image}:latest` : image;
  const headers = context.registries.headers(registryOf(image));
  context.progress(`pulling ${image}`);
  try {
    await pullImage(engine, name, {
      signal,
      headers,
      deadlineSeconds: firstWordSeconds,
      onLayers: (done, all) => {
        context.progress(`pulling ${image}: ${done} of ${all} layers`);
      },
    });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const registry = registryOf(image);
    throw new Error(
      `image "${image}" cannot be pulled to ${engine.host}. Docker says: ${error.reason}. ` +
        `Correct the name, push it, or give an account that may read it: swarm:registries, key "${registry}".`,
      { cause: error },
    );
  }
}
