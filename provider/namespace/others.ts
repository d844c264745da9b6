import type { Config, NetworkSummary, Secret, Service } from "@docker/node-sdk";
import { containsUnknown } from "../value";
import { usersAmong } from "../fields/release";
import { namespaceOf } from "../fields/takeover";
import { withoutReferences } from "../fields/form";
import { readField } from "../fields/field";
import type { Tree } from "../fields/paths";
import { prefixOf } from "../payload/names";
import { payloadTable } from "../payload/table";
import type { ServiceInputs } from "../service/arguments";

/** What a stack declares, by name in Docker. */
export interface Declared {
  readonly name: string;
  readonly services: readonly string[];
  readonly networks: readonly string[];
  /** First parts of names, as for configs. */
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
  /** What the stack uses and somebody else has made; it may be under the label as well. @default [] */
  readonly externals?: readonly Pick<Other, "kind" | "name">[];
}

/** What is in the swarm, whoever made it. */
export interface Seen {
  readonly services: readonly Service[];
  readonly networks: readonly NetworkSummary[];
  readonly secrets: readonly Secret[];
  readonly configs: readonly Config[];
}

/** An object under the label of the stack that is not the stack's own. */
export interface Other {
  readonly kind: "service" | "network" | "secret" | "config";
  readonly id: string;
  readonly name: string;
  /** A version that a newer one of the stack's own has taken the place of. */
  readonly isOutdated: boolean;
}

/** `service shop_old` */
export function textOf({ kind, name }: Pick<Other, "kind" | "name">): string {
  return `${kind} ${name}`;
}

function byText(one: Other, other: Other): number {
  return textOf(one) < textOf(other) ? -1 : 1;
}

interface Payload {
  readonly ID?: string;
  readonly Spec?: { readonly Name?: string; readonly Labels?: Record<string, string> };
}

/** The names of older versions that objects list as kept. */
function keptBy(items: readonly Payload[]): string[] {
  return items.flatMap(
    ({ Spec: spec = {} }) =>
      readField(payloadTable.previous, spec as Tree, withoutReferences) ?? [],
  );
}

/** Secrets or configs that are no version of a declared one, and versions that have had their time. */
function otherPayloads(
  kind: "secret" | "config",
  items: readonly Payload[],
  prefixes: ReadonlySet<string>,
): Other[] {
  const kept = new Set(keptBy(items));
  const versions = items
    .map(({ Spec: spec }) => spec?.Name ?? "")
    .filter((name) => !prefixes.has(name) && prefixes.has(prefixOf(name)));
  return items.flatMap(({ ID: id = "", Spec: spec }): Other[] => {
    const name = spec?.Name ?? "";
    if (kept.has(name) || versions.includes(name)) return [];
    // Docker's own command has made it; a version of the same name with digits is what the stack uses now.
    const isOutdated = versions.some((version) => prefixOf(version) === name);
    return prefixes.has(name) && !isOutdated ? [] : [{ kind, id, name, isOutdated }];
  });
}

/** Everything under the label of a stack that none of the declarations has, sorted. Volumes are never looked at. */
export function othersIn(seen: Seen, declarations: readonly Declared[]): Other[] {
  const [{ name: stack } = { name: "" }] = declarations;
  const external = new Set(
    declarations.flatMap(({ externals = [] }) => externals.map((one) => textOf(one))),
  );
  const all = (key: Exclude<keyof Declared, "externals" | "name">): Set<string> =>
    new Set(declarations.flatMap((declared) => declared[key]));
  const isUnder = ({ Spec: spec }: Payload): boolean => namespaceOf(spec?.Labels) === stack;
  const services = seen.services
    .filter((service) => isUnder(service) && !all("services").has(service.Spec?.Name ?? ""))
    .map(({ ID: id = "", Spec: spec }): Other => {
      return { kind: "service", id, name: spec?.Name ?? "", isOutdated: false };
    });
  const networks = seen.networks
    .filter((one) => one.Scope === "swarm" && namespaceOf(one.Labels) === stack)
    .filter(({ Name: name = "" }) => !all("networks").has(name))
    .map(({ Id: id = "", Name: name = "" }): Other => {
      return { kind: "network", id, name, isOutdated: false };
    });
  return [
    ...services,
    ...networks,
    ...otherPayloads("secret", seen.secrets.filter(isUnder), all("secrets")),
    ...otherPayloads("config", seen.configs.filter(isUnder), all("configs")),
  ]
    .filter((other) => !external.has(textOf(other)))
    .sort(byText);
}

/** What becomes of an object. */
export interface Fate {
  readonly other: Other;
  readonly goes: boolean;
  /** Names of the services that keep it. */
  readonly users: readonly string[];
}

/** What is known of a run, beside what is in the swarm. */
export interface Plan {
  readonly prune: boolean;
  /** The services that the run declares, as far as they are known: one that leaves an object does not keep it. */
  readonly services: ReadonlyMap<string, ServiceInputs>;
}

/** What goes and what stays. Outdated versions always go, the rest with `prune` alone; nothing goes that is used. */
export function fatesOf(seen: Seen, others: readonly Other[], plan: Plan): Fate[] {
  const goingServices = new Set(
    others.filter(({ kind }) => kind === "service" && plan.prune).map(({ id }) => id),
  );
  const staying = seen.services.filter(({ ID: id = "" }) => !goingServices.has(id));
  return others.map((other) => {
    const users = usersOf(other, staying, plan.services);
    return { other, users, goes: (plan.prune || other.isOutdated) && users.length === 0 };
  });
}

function usersOf(
  { kind, id, name }: Other,
  services: readonly Service[],
  declared: ReadonlyMap<string, ServiceInputs>,
): string[] {
  if (kind === "service") return [];
  return usersAmong(services, kind, id)
    .map(({ Spec: spec }) => spec?.Name ?? "")
    .filter((user) => {
      const inputs = declared.get(user);
      return inputs === undefined || mentions(inputs, kind, name);
    })
    .sort();
}

/** Whether a declared service uses an object of that name. What is not known yet may be anything. */
function mentions(
  { networks = [], secrets = [], configs = [], credentialSpec }: ServiceInputs,
  kind: "network" | "secret" | "config",
  name: string,
): boolean {
  if (containsUnknown([networks, secrets, configs, credentialSpec])) return true;
  const names = {
    network: networks.map(({ target }) => target),
    secret: secrets.map(({ source }) => source),
    config: [...configs.map(({ source }) => source), credentialSpec?.config],
  };
  return names[kind].includes(name);
}
