import { declaredVersions } from "../host/versions";
import type { Context } from "../context";
import { neededBy } from "../fields/table";
import { ifReachable } from "../reading";
import type { CheckRequest, CheckResult, Failure } from "../resource";
import { isUnknown } from "../value";
import { pinImage } from "../workload/pinning";
import type { ContainerInputs } from "./arguments";
import { definitionOf } from "./definition";
import { engineOf } from "./looking";
import { containerTable } from "./table";
import { announceTakeover, namesake } from "./takeover";

/**
 * What only the host can say: the digest of the image's tag, whether its engine knows all that is declared, and what
 * becomes of a container that is there already.
 */
export async function resolveContainer(
  request: CheckRequest<ContainerInputs>,
  context: Context,
): Promise<CheckResult<ContainerInputs>> {
  const { news, olds, isUnfinished = false } = request;
  const { host } = news;
  if (host === undefined || isUnknown(host)) return { inputs: news, failures: [] };
  const found = await namesake(context, request);
  // A tag that means what runs goes on meaning it.
  const was = olds?.image ?? (found && String(definitionOf(found, news).Image));
  const [pinned, tooNew] = await Promise.all([
    pinImage(context, news, { was, isUnproven: isUnfinished, host }),
    tooNewFor(context, news, host),
  ]);
  const inputs = pinned.image === undefined ? news : { ...news, image: pinned.image };
  const taken = found === undefined ? [] : announceTakeover(context, found, inputs);
  return { inputs, failures: [...pinned.failures, ...tooNew, ...taken] };
}

/** Properties that the host's engine would drop without a word, because it is older than they are. */
async function tooNewFor(
  context: Context,
  news: ContainerInputs,
  host: string,
): Promise<Failure[]> {
  const needed = Object.entries(neededBy(containerTable, news));
  if (needed.length === 0) return [];
  const declared = declaredVersions(context).get(host);
  const version =
    declared ??
    (await ifReachable(async () => (await engineOf(context, host).version()).Version ?? "", ""));
  const release = Number.parseInt(version, 10);
  if (Number.isNaN(release)) return [];
  return needed
    .filter(([, since]) => since > release)
    .map(([path, since]) => ({
      path,
      reason:
        `got a value, which Docker ${version} on ${host} does not know; expected Docker ${since} or newer there. ` +
        `Upgrade the engine (engine.version), or leave it out.`,
    }));
}
