import type { Service } from "@docker/node-sdk";
import type { Context } from "../context";
import type { Changes, References } from "../fields/form";
import { compareTable } from "../fields/table";
import { isOfSameStack, takeoverLine } from "../fields/takeover";
import { ifReachable } from "../reading";
import type { CheckRequest, Failure } from "../resource";
import type { ServiceInputs } from "./arguments";
import { networkNames } from "./references";
import { inputsOf } from "./state";
import { serviceTable } from "./table";

/** Everything that differs between a live service and what is declared. */
export function changesOf(service: Service, news: ServiceInputs, references: References): Changes {
  return compareTable(serviceTable, inputsOf(service, news, references), news);
}

/**
 * What stands in the way of taking a live service over. One of the same stack, and one that is to be adopted, may
 * differ in all that Docker can change in place.
 */
export function obstaclesIn(
  service: Service,
  news: ServiceInputs,
  references: References,
): string[] {
  const mayChange = news.adopt === true || isOfStack(service, news);
  return Object.entries(changesOf(service, news, references))
    .filter(([, kind]) => !mayChange || kind.endsWith("-replace"))
    .map(([path]) => path);
}

function isOfStack({ Spec: spec }: Service, news: ServiceInputs): boolean {
  return isOfSameStack(news.labels, spec?.Labels);
}

/** The live service that a new resource takes over and may change; none where nobody answers. */
export async function serviceToTake(
  context: Context,
  { news, olds, replaced }: CheckRequest<ServiceInputs>,
): Promise<Service | undefined> {
  // What a replacement takes the place of is its own.
  if (olds !== undefined || replaced?.name === news.name) return undefined;
  if (news.adopt !== true && news.labels === undefined) return undefined;
  const services = await ifReachable(() => context.managers.services(), []);
  const found = services.find((service) => service.Spec?.Name === news.name);
  return found !== undefined && (news.adopt === true || isOfStack(found, news)) ? found : undefined;
}

/** Says what is taken over and what changes in it, and refuses what Docker cannot change. */
export async function announceTakeover(
  context: Context,
  service: Service,
  news: ServiceInputs,
): Promise<Failure[]> {
  const references = await ifReachable(() => networkNames(context), undefined);
  if (references === undefined) return [];
  const name = news.name ?? "";
  const fixed = obstaclesIn(service, news, references);
  if (fixed.length > 0) {
    return fixed.map((path) => ({
      path,
      reason:
        `differs from service "${name}", which is there already, and Docker cannot change it in place. ` +
        `Declare it as it is, or remove the service first (docker service rm ${name}).`,
    }));
  }
  const paths = Object.keys(changesOf(service, news, references));
  const noun = `service "${name}"`;
  context.info(takeoverLine({ noun, isOfStack: isOfStack(service, news), paths, news: news }));
  return [];
}
