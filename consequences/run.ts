import type { Node, Service, ServiceSpec } from "@docker/node-sdk";
import { nameOf } from "../cluster/members";
import { countOf, tasksOf } from "./demand";
import type { World } from "./demand";
import type { Finding, ServiceFinding } from "./finding";
import { lineOf } from "./lines";
import { nodeFinding } from "./node";
import { planOf } from "./plan";
import type { Entry } from "./record";
import { rolloutOf } from "./rollout";
import { summaryLines, summaryOf } from "./summary";
import type { Summary } from "./summary";

/** A resource that goes, which no preview asks its provider about: a service or a node, by its name in Docker. */
export interface Removal {
  readonly kind: "service" | "node";
  readonly name: string;
}

/** What a preview says at its end. */
export interface Consequences {
  readonly findings: readonly Finding[];
  readonly summary: Summary;
  /** Of what goes: its own lines were said by nobody yet. */
  readonly removed: readonly string[];
  readonly lines: readonly string[];
}

/** Adds everything up; undefined where a preview touched nothing that runs, or could ask nobody. */
export function consequencesOf(
  entries: readonly Entry[],
  removals: readonly Removal[],
): Consequences | undefined {
  const world = entries.flatMap((entry) => ("world" in entry ? [entry.world] : []))[0];
  if (world === undefined) return undefined;
  const told = entries.flatMap((entry) => ("finding" in entry ? [entry] : []));
  const known = new Set(told.map(({ effect }) => effect.service?.name));
  const gone = removals
    .filter(({ kind, name }) => kind === "node" || !known.has(name))
    .flatMap((removal) => removalIn(world, removal));
  const findings = [...told, ...gone]
    .map(({ finding }) => finding)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  if (findings.length === 0) return undefined;
  const services = new Map<string, ServiceSpec | undefined>();
  const nodes = new Map<string, Node | undefined>();
  for (const { effect } of [...told, ...gone]) {
    if (effect.service) services.set(effect.service.name, effect.service.spec ?? undefined);
    if (effect.node) nodes.set(effect.node.id, effect.node.node ?? undefined);
  }
  const summary = summaryOf(findings, planOf(world, { services, nodes }));
  const removed = gone
    .map(({ finding }) => lineOf(finding))
    .filter((line) => line !== undefined)
    .sort();
  const isAllNew = findings.every((one) => one.kind === "service" && one.act === "made");
  const isQuiet = isAllNew && summary.unplaceable.length + summary.loads.length === 0;
  return { findings, summary, removed, lines: isQuiet ? [] : summaryLines(summary) };
}

/** Resources are asked about at the same time, so they are found in any order. */
function keyOf(finding: Finding): string {
  if (finding.kind === "service") return `service ${finding.service}`;
  if (finding.kind === "container") return `container ${finding.host}/${finding.container}`;
  return finding.kind === "node" ? `node ${finding.node}` : `${finding.kind} ${finding.name}`;
}

function removalIn(world: World, { kind, name }: Removal): Extract<Entry, { finding: Finding }>[] {
  if (kind === "service") {
    const service = world.services.find(({ Spec: spec }) => spec?.Name === name);
    if (service === undefined) return [];
    const finding = wholeFinding(world, service, "removed");
    return [{ finding, effect: { service: { name, spec: null } } }];
  }
  const node = world.nodes.find((one) => nameOf(one) === name);
  if (node === undefined) return [];
  const finding = nodeFinding(world, { node, after: undefined });
  return [{ finding, effect: { node: { id: node.ID ?? "", node: null } } }];
}

/** What happens to a service that goes, comes, or is made anew as a whole. */
export function wholeFinding(
  world: World,
  service: Service,
  act: "made" | "removed" | "replaced",
): ServiceFinding {
  const { Spec: spec = {} } = service;
  const { order, health } = rolloutOf(spec);
  const tasks = {
    before: act === "made" ? 0 : tasksOf(world, service).length,
    after: act === "removed" ? 0 : countOf(spec, world.nodes),
  };
  return {
    kind: "service",
    service: spec.Name ?? "",
    act,
    tasks,
    restarted: 0,
    atOnce: 0,
    seconds: 0,
    order,
    health,
    gap: act === "replaced" && tasks.before > 0 ? "gap" : "none",
    others: [],
    ports: [],
  };
}
