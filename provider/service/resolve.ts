import type { Slot } from "../../cluster/run";
import type { Context } from "../context";
import { declaredVersions } from "../host/versions";
import { ifReachable } from "../reading";
import type { CheckRequest, CheckResult } from "../resource";
import { isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";
import { judgeInCluster } from "./cluster-guards";
import type { Judgement, Surroundings } from "./cluster-guards";
import { pinnedInputs } from "./pinning";
import { needsReleases, tooNewFor } from "./releases";
import { announceTakeover, isToTake, namesake } from "./takeover";

/** What a run has declared so far, by name in Docker. */
const declarations: Slot<Map<string, ServiceInputs>> = {
  make: () => new Map<string, ServiceInputs>(),
};

/** The services that this run has declared so far, by name in Docker. */
export function declaredServices({ run }: Context): ReadonlyMap<string, ServiceInputs> {
  return run.get(declarations);
}

/**
 * What only the cluster can say: the digest of the image's tag, whether the service fits in there, and what becomes of
 * a service that is there already.
 */
export async function resolveService(
  request: CheckRequest<ServiceInputs>,
  context: Context,
): Promise<CheckResult<ServiceInputs>> {
  const { news, olds, replaced, isUnfinished = false } = request;
  // Who declares no port has nothing to do with those before, which may be many.
  const hasPorts = (news.ports ?? []).length > 0;
  const before = new Map(hasPorts ? declaredServices(context) : []);
  const { name } = news;
  if (name !== undefined && !isUnknown(name)) context.run.get(declarations).set(name, news);
  const found = await namesake(context, request);
  const taken = found !== undefined && isToTake(found, news) ? found : undefined;
  // A tag that means what runs goes on meaning it, as for `docker stack deploy --resolve-image=changed`.
  const was = olds?.image ?? taken?.Spec?.TaskTemplate?.ContainerSpec?.Image;
  const [pinned, judged] = await Promise.all([
    pinnedInputs(context, news, was, isUnfinished),
    judge(context, news, before, olds?.name ?? replaced?.name),
  ]);
  const refused = found === undefined ? [] : await announceTakeover(context, found, pinned.inputs);
  return {
    inputs: pinned.inputs,
    failures: [...pinned.failures, ...judged.failures, ...refused],
    warnings: judged.warnings,
  };
}

async function judge(
  context: Context,
  news: ServiceInputs,
  declared: ReadonlyMap<string, ServiceInputs>,
  formerName: string | undefined,
): Promise<Judgement> {
  const known = { hosts: context.machines.names, declared, formerName };
  const found = await inPlace(context, news);
  const { failures, warnings } = judgeInCluster(news, { ...known, ...found });
  const tooNew = tooNewFor(news, found.nodes, declaredVersions(context));
  return { failures: [...failures, ...tooNew], warnings };
}

/** What runs already, as far as it matters to the service; nothing while no manager answers. */
async function inPlace(
  { managers }: Context,
  news: ServiceInputs,
): Promise<Pick<Surroundings, "services" | "nodes">> {
  const asksServices = (news.ports ?? []).length > 0;
  const asksNodes = asksServices || (news.mounts ?? []).length > 0 || needsReleases(news);
  return ifReachable(
    async () => {
      const [services, nodes] = await Promise.all([
        asksServices ? managers.services() : [],
        asksNodes ? managers.nodes() : [],
      ]);
      return { services, nodes };
    },
    { services: [], nodes: [] },
  );
}
