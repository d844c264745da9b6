import type { Service } from "@docker/node-sdk";
import type { Context } from "../context";
import type { Changes, References } from "../fields/form";
import { compareTable } from "../fields/table";
import { isOfSameStack, isOpen, ownedBy, takeoverLine } from "../fields/takeover";
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

/** Whether a live service is declared to become the resource's own, whatever is to change in it. */
export function isToTake(service: Service, news: ServiceInputs): boolean {
  return news.adopt === true || isOfStack(service, news);
}

/** The live service that has the name of a new resource; none where nobody answers. */
export async function namesake(
  context: Context,
  { news, olds, replaced }: CheckRequest<ServiceInputs>,
): Promise<Service | undefined> {
  // What a replacement takes the place of is its own.
  if (olds !== undefined || replaced?.name === news.name) return undefined;
  const services = await ifReachable(() => context.managers.services(), []);
  return services.find((service) => service.Spec?.Name === news.name);
}

/** Says what becomes of a namesake: what changes in one that is taken over; refused is what cannot be. */
export async function announceTakeover(
  context: Context,
  service: Service,
  news: ServiceInputs,
): Promise<Failure[]> {
  const references = await ifReachable(() => networkNames(context), undefined);
  if (references === undefined) return [];
  const name = news.name ?? "";
  const paths = Object.keys(changesOf(service, news, references));
  const noun = `service "${name}"`;
  const line = takeoverLine({ noun, isOfStack: isOfStack(service, news), paths, news: news });
  if (!isToTake(service, news)) {
    const refused = refuseOthers(service, news, references);
    if (refused.length === 0) context.info(line);
    return refused;
  }
  const fixed = obstaclesIn(service, news, references);
  if (fixed.length > 0) {
    return fixed.map((path) => ({
      path,
      reason:
        `differs from service "${name}", which is there already, and Docker cannot change it in place. ` +
        `Declare it as it is, or remove the service first (docker service rm ${name}).`,
    }));
  }
  context.info(line);
  return [];
}

/** Refuses a service of somebody else's. One that is as declared may be what a run that was killed has left. */
function refuseOthers(service: Service, news: ServiceInputs, references: References): Failure[] {
  const paths = obstaclesIn(service, news, references).filter((path) => !isOpen(path, news));
  if (paths.length === 0) return [];
  const reason =
    `got "${news.name ?? ""}"; expected a name that is free: ${ownedBy("service", service.Spec?.Labels)} has that name and differs in ` +
    `${paths.sort().join(", ")}. ${adviceAbout(news.name ?? "")}`;
  return [{ path: "name", reason }];
}

/** What to do about a service of somebody else's. */
export function adviceAbout(name: string): string {
  return (
    "To change it to what is declared set adopt: true (mode never changes in place); else choose another name, " +
    `or remove it (docker service rm ${name}).`
  );
}
