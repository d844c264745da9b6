import { setTimeout as delay } from "node:timers/promises";
import type { ContainerInspectResponse } from "@docker/node-sdk";
import { isEngineError, isNotFound } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import * as api from "../../hosts/engine-api";
import { parseDuration } from "../../units/units";
import type { Context } from "../context";
import { belongsToAnother } from "../fields/adoption";
import type { ContainerState } from "./arguments";
import { engineOf, lookAt, nounOf, partsOf } from "./looking";

/** Seconds beyond the grace period that a container has to end, and Docker to clean up behind it. */
const spareSeconds = 60;

/** Removes a container after its stop signal and grace period. Volumes stay, those without a name too, and are named. */
export async function deleteContainer(
  context: Context,
  id: string,
  old: ContainerState,
): Promise<void> {
  if (belongsToAnother(context, nounOf(old), id)) return;
  const { host, container } = partsOf(id);
  const engine = engineOf(context, host);
  const found = await lookAt(engine, container, context.signal);
  if (found === undefined) return;
  await remove(context, engine, container, old);
  const left = anonymousVolumes(found.container);
  if (left.length > 0)
    context.info(
      `${nounOf(old)} is removed; volumes without a name stay on ${host}: ${left.join(", ")} (docker volume rm removes them).`,
    );
}

/** Stops a container, removes it and waits until its name and its ports are free. */
export async function remove(
  context: Context,
  engine: Engine,
  id: string,
  { stopGracePeriod = "10s" }: Pick<ContainerState, "stopGracePeriod">,
): Promise<void> {
  const { signal } = context;
  const seconds = Math.ceil((parseDuration(stopGracePeriod) ?? 0) / 1e9) + spareSeconds;
  try {
    context.progress("stopping");
    await api.stopContainer(engine, id, { signal, deadlineSeconds: seconds });
    context.progress("removing");
    await api.removeContainer(engine, id, { signal, deadlineSeconds: spareSeconds });
  } catch (error) {
    if (isNotFound(error)) return;
    // A run that was killed, or `--rm`, has it removed already.
    if (!isEngineError(error, "conflict") || !error.reason.includes("in progress")) throw error;
    await awaitGone(context, engine, id);
  }
}

async function awaitGone(context: Context, engine: Engine, id: string): Promise<void> {
  const deadline = Date.now() + spareSeconds * 1000;
  while ((await lookAt(engine, id, context.signal)) !== undefined) {
    if (Date.now() > deadline)
      throw new Error(
        `container ${id} on ${engine.host} is still being removed after ${spareSeconds}s. Look there (docker ps --all), then run again.`,
      );
    await delay(500, undefined, { signal: context.signal });
  }
}

function anonymousVolumes({ Mounts: mounts = [] }: ContainerInspectResponse): string[] {
  return mounts
    .filter(({ Type: type, Name: name = "" }) => type === "volume" && /^[0-9a-f]{64}$/.test(name))
    .map(({ Name: name = "" }) => name)
    .sort();
}
