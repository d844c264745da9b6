import type { DistributionInspect } from "@docker/node-sdk";
import { isUnreachable } from "../../cluster/manager-errors";
import type { Slot } from "../../cluster/run";
import { EngineError, isEngineError } from "../../hosts/engine";
import type { Engine } from "../../hosts/engine";
import { inspectDistribution } from "../../hosts/engine-api";
import { messageOf } from "../../hosts/errors";
import type { Context } from "../context";
import { parseImage, registryOf } from "./image";

/** A platform that an image runs on, as Docker writes it into a service. */
export interface ImagePlatform {
  readonly OS: string;
  readonly Architecture: string;
}

/** What a registry says of an image's tag. */
export type RegistryAnswer =
  | {
      readonly kind: "found";
      readonly digest: string;
      readonly platforms: readonly ImagePlatform[];
    }
  /** It has no such image. */
  | { readonly kind: "missing"; readonly reason: string }
  /** It wants a log-in, or another one. Some say so of images that do not exist. */
  | { readonly kind: "refused"; readonly reason: string }
  /** It does not answer. */
  | { readonly kind: "silent"; readonly reason: string }
  /** There is no engine (yet) that could ask. */
  | { readonly kind: "unasked" };

/** A registry may be slow. */
const registrySeconds = 30;

/** How long a bad answer is believed; a good one is for the whole run, so that all services get the same. */
const failureMilliseconds = 10_000;

interface Asked {
  readonly answer: Promise<RegistryAnswer>;
  until: number;
}

/** What was asked in a run, by machine and image. */
const asked: Slot<Map<string, Asked>> = { make: () => new Map<string, Asked>() };

/**
 * Which digest an image's tag stands for now. A machine asks the registry, because that is who reaches it; all that
 * share an image share the answer. Never throws for what a registry says.
 *
 * @param host - the machine that asks. Default: a manager
 */
export async function askRegistry(
  context: Context,
  image: string,
  host?: string,
): Promise<RegistryAnswer> {
  const known = context.run.get(asked);
  const key = `${host ?? ""} ${image}`;
  const before = known.get(key);
  if (before !== undefined && Date.now() < before.until) return before.answer;
  const entry: Asked = { answer: ask(context, image, host), until: Infinity };
  known.set(key, entry);
  const answer = await entry.answer.catch((error: unknown) => {
    known.delete(key);
    throw error;
  });
  if (answer.kind === "unasked") known.delete(key);
  else if (answer.kind !== "found") entry.until = Date.now() + failureMilliseconds;
  return answer;
}

async function ask(
  context: Context,
  image: string,
  host: string | undefined,
): Promise<RegistryAnswer> {
  // Some images of a lab's registry are made when they are first asked for.
  await context.lab?.services.provide(image, context.progress, context.signal);
  const headers = context.registries.headers(registryOf(image));
  const options = { deadlineSeconds: registrySeconds, signal: context.signal, headers };
  try {
    const look = async (engine: Engine): Promise<DistributionInspect> =>
      inspectDistribution(engine, nameOf(image), options);
    const answer = await (host === undefined
      ? context.managers.use(look)
      : look(context.machines.get(host).engine()));
    return {
      kind: "found",
      digest: answer.Descriptor.digest ?? "",
      platforms: platformsOf(answer),
    };
  } catch (error) {
    if (context.signal.aborted) throw error;
    if (isUnreachable(error)) return { kind: "unasked" };
    return judge(error);
  }
}

/** Docker takes a name without a tag for all of its tags. */
function nameOf(image: string): string {
  return parseImage(image).tag === undefined ? `${image}:latest` : image;
}

function judge(error: unknown): RegistryAnswer {
  const reason = error instanceof EngineError ? error.reason : messageOf(error);
  if (isEngineError(error, "registryRefused")) return { kind: "refused", reason };
  if (isEngineError(error, "registryMissing")) return { kind: "missing", reason };
  return { kind: "silent", reason };
}

function platformsOf(answer: DistributionInspect): ImagePlatform[] {
  // Go says null for an empty list.
  const listed = answer.Platforms as DistributionInspect["Platforms"] | null;
  return (listed ?? [])
    .filter(({ os }) => os !== undefined && os !== "" && os !== "unknown")
    .map(({ os = "", architecture = "" }) => ({ OS: os, Architecture: architecture }));
}
