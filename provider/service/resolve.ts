import type { Context } from "../context";
import { declaredVersions } from "../host/versions";
import type { Managers } from "../managers";
import { isUnreachable } from "../reading";
import type { CheckRequest, CheckResult } from "../resource";
import { isUnknown } from "../value";
import type { ServiceInputs } from "./arguments";
import { judgeInCluster } from "./cluster-guards";
import type { Judgement, Surroundings } from "./cluster-guards";
import { pinnedInputs } from "./pinning";
import { needsReleases, tooNewFor } from "./releases";

/** What each run has declared so far, by name in Docker. */
const declarations = new WeakMap<Managers, Map<string, ServiceInputs>>();

/** What only the cluster can say: the digest of the image's tag, and whether the service fits in there. */
export async function resolveService(
  { news, olds }: CheckRequest<ServiceInputs>,
  context: Context,
): Promise<CheckResult<ServiceInputs>> {
  const declared = declarations.get(context.managers) ?? new Map<string, ServiceInputs>();
  declarations.set(context.managers, declared);
  const { name } = news;
  const before = new Map(declared);
  if (name !== undefined && !isUnknown(name)) declared.set(name, news);
  const [pinned, judged] = await Promise.all([
    pinnedInputs(context, news, olds?.image),
    judge(context, news, before, olds?.name),
  ]);
  return {
    inputs: pinned.inputs,
    failures: [...pinned.failures, ...judged.failures],
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
  const tooNew = tooNewFor(news, found.nodes, declaredVersions(context.managers));
  return { failures: [...failures, ...tooNew], warnings };
}

/** What runs already, as far as it matters to the service; nothing while no manager answers. */
async function inPlace(
  { managers }: Context,
  news: ServiceInputs,
): Promise<Pick<Surroundings, "services" | "nodes">> {
  const asksServices = (news.ports ?? []).length > 0;
  const asksNodes = asksServices || (news.mounts ?? []).length > 0 || needsReleases(news);
  try {
    const [services, nodes] = await Promise.all([
      asksServices ? managers.services() : [],
      asksNodes ? managers.nodes() : [],
    ]);
    return { services, nodes };
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return { services: [], nodes: [] };
  }
}
