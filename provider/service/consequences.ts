import type { Service, ServiceSpec } from "@docker/node-sdk";
import type { World } from "../../consequences/demand";
import type { ServiceFinding } from "../../consequences/finding";
import { wholeFinding } from "../../consequences/run";
import { lackOf, serviceFinding } from "../../consequences/service";
import { foretell } from "../consequences";
import type { Told } from "../consequences";
import type { Context } from "../context";
import type { Slot } from "../../cluster/run";
import { compareField, readField } from "../fields/field";
import type { References } from "../fields/form";
import { getAt, setAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { withArguments } from "../fields/table";
import { containsUnknown, isUnknown, UNKNOWN } from "../value";
import type { ServiceInputs, ServiceState } from "./arguments";
import { networkNames } from "./references";
import { serviceTable } from "./table";

/** Rows without which nothing can be said about where tasks run and how many. */
const decisive = /^(mode|replicas|maxConcurrent|placement)\b/;

/** Rows that touch no task. */
const harmless = /^(name|labels|updateConfig|rollbackConfig)\b/;

/**
 * Names of services that are in the state. A service that goes with its network and comes back after it looks like a
 * new one: the engine checks it without its old inputs.
 */
const owned: Slot<Set<string>> = { make: () => new Set() };

/** Takes note that a service of this name is a resource's own already: made again, it takes the place of itself. */
export function noteOwned({ run }: Context, name: string | undefined): void {
  if (name !== undefined) run.get(owned).add(name);
}

/** Says what a declaration does to the tasks of a service, in a preview. */
export async function foretellService(
  context: Context,
  news: ServiceInputs,
  old: ServiceState | undefined,
): Promise<void> {
  await foretell(context, async (world) => {
    const name = old?.name ?? news.name;
    const live = world.services.find(({ Spec: spec }) => spec?.Name === name);
    const open = unknownRows(news);
    if (open.some((path) => decisive.test(path))) return undefined;
    const references = lenient(world, await networkNames(context));
    const isAnew = old === undefined && context.run.get(owned).has(name ?? "");
    const isKept = live !== undefined && !isAnew && !context.isReplacement;
    const before = (isKept ? (live.Spec ?? {}) : {}) as Tree;
    const after = foreseen(before, news, open, references);
    const told = (finding: ServiceFinding): Told => ({
      // What each task reserves may be among what is not known.
      finding: open.length > 0 ? { ...finding, lack: undefined } : finding,
      effect: { service: { name: after.Name ?? "", spec: after } },
    });
    if (isKept) {
      const { registryLogin: login } = news;
      const isOtherAccount =
        old !== undefined && login !== undefined && login !== old.registryLogin;
      return told(serviceFinding(world, { service: live, after, isOtherAccount }));
    }
    return told(anew(world, live, after));
  });
}

/** A service that is not there, or goes before it comes back. */
function anew(world: World, live: Service | undefined, after: ServiceSpec): ServiceFinding {
  const service = live === undefined ? { Spec: after } : { ...live, Spec: after };
  const act = live === undefined ? "made" : "replaced";
  return { ...wholeFinding(world, service, act), lack: lackOf(world, after) };
}

/** Property paths of rows whose value is not known yet, or not wholly. */
function unknownRows(news: ServiceInputs): string[] {
  return Object.keys(serviceTable).filter((path) => {
    const [head = path] = path.split(".");
    const value: unknown = getAt(news, path);
    return containsUnknown(value) || isUnknown((news as Tree)[head]);
  });
}

/** The definition that would be sent; in the place of what is not known there is something else than what runs. */
function foreseen(
  live: Tree,
  news: ServiceInputs,
  open: readonly string[],
  references: References,
): ServiceSpec {
  const known = structuredClone(news) as Tree;
  for (const path of open) {
    const [head = path] = path.split(".");
    if (isUnknown(known[head])) Reflect.deleteProperty(known, head);
  }
  for (const path of open) {
    const row = serviceTable[path as keyof typeof serviceTable];
    setAt(known, path, readField<unknown>(row as never, live, references));
  }
  const running = readField(serviceTable.image, live, references);
  if (Object.keys(compareField(serviceTable.image, running, news.image)).length === 0)
    known.image = running;
  const spec = withArguments(serviceTable, live, known, references);
  for (const path of open.filter((one) => !harmless.test(one)))
    setAt(spec, `TaskTemplate.ContainerSpec.${path.replaceAll(".", " ")}`, UNKNOWN);
  return spec;
}

/** Ids of what services use already; what is still to be made has none, and any other than those there are will do. */
function lenient(world: World, networks: References): References {
  const known = new Map<string, string>();
  for (const { Spec: spec } of world.services) {
    const { Secrets: secrets = [], Configs: configs = [] } =
      spec?.TaskTemplate?.ContainerSpec ?? {};
    for (const { SecretName, SecretID } of secrets)
      known.set(`secret ${SecretName ?? ""}`, SecretID ?? "");
    for (const { ConfigName, ConfigID } of configs)
      known.set(`config ${ConfigName ?? ""}`, ConfigID ?? "");
  }
  return {
    id: (kind, name) => {
      if (kind !== "network") return known.get(`${kind} ${name}`) ?? `new ${name}`;
      try {
        return networks.id(kind, name);
      } catch {
        return `new ${name}`;
      }
    },
    name: (kind, id) => networks.name(kind, id),
  };
}
