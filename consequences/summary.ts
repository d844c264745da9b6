import type { Finding, Leaving, ServiceFinding } from "./finding";
import type { Load, Plan } from "./plan";
import { cpusText, memoryText, named, refusalText, counted } from "./words";

/** What a whole run does to what runs. Lists are sorted. */
export interface Summary {
  /** Tasks that are replaced by new ones, on their node or on another. */
  readonly restarted: number;
  /** Tasks that leave a node. */
  readonly moved: number;
  /** Tasks that stop and do not come back. */
  readonly stopped: number;
  /** Services and plain containers that answer nothing for a while. */
  readonly gaps: readonly string[];
  /** Services with tasks that find no node afterwards, and why. */
  readonly unplaceable: readonly { service: string; tasks: number; why: string }[];
  /** Published ports that are found elsewhere, or no more. */
  readonly ports: readonly { service: string; from: string; to: string | undefined }[];
  /** What is reserved on nodes where that changes. */
  readonly loads: readonly Load[];
}

const byName = <Item extends { readonly service: string }>(items: readonly Item[]): Item[] =>
  [...items].sort((a, b) => (a.service < b.service ? -1 : 1));

/** Adds up what is found about each noun; `plan` is of all changes together. */
export function summaryOf(findings: readonly Finding[], plan: Plan): Summary {
  const services = findings.filter((one): one is ServiceFinding => one.kind === "service");
  const leaving = findings.flatMap((one) => (one.kind === "node" ? one.leaving : []));
  const local = leaving.filter(({ isGlobal }) => !isGlobal);
  const inPlace = services.filter(({ act }) => act === "changed");
  const anew = services.filter(({ act }) => act === "replaced");
  const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
  return {
    restarted:
      total(services.map(({ restarted }) => restarted)) +
      total(anew.map(({ tasks }) => tasks.before)) +
      total(local.map(settling)),
    moved:
      total(
        services.map(({ move }) => (move === undefined || move.to.length === 0 ? 0 : move.tasks)),
      ) + total(local.map(settling)),
    stopped:
      total(inPlace.map(({ tasks: { before, after } }) => Math.max(0, before - after))) +
      total(services.filter(({ act }) => act === "removed").map(({ tasks }) => tasks.before)) +
      total(leaving.filter(({ isGlobal }) => isGlobal).map(({ tasks }) => tasks)),
    gaps: [
      ...new Set([
        ...services.filter(({ gap }) => gap === "gap").map(({ service }) => service),
        ...anew.filter(({ tasks }) => tasks.before > 0).map(({ service }) => service),
        ...local.filter(({ gap }) => gap === "gap").map(({ service }) => service),
        ...findings.flatMap((one) =>
          one.kind === "container" && one.act === "replaced" ? [one.container] : [],
        ),
      ]),
    ].sort(),
    unplaceable: byName(
      plan.homeless.map((one) => ({
        service: one.service,
        tasks: one.tasks,
        why: refusalText(one),
      })),
    ),
    ports: byName(
      services.flatMap(({ service, ports }) => ports.map((port) => ({ service, ...port }))),
    ),
    loads: plan.loads.filter(({ before, after }) => isOther(before, after)),
  };
}

/** Tasks that leave their node and find another. */
function settling({ tasks, lack }: Leaving): number {
  return tasks - (lack?.tasks ?? 0);
}

function isOther(before: Load["before"], after: Load["after"]): boolean {
  return before.cpus !== after.cpus || before.memory !== after.memory;
}

/** The summary for the terminal; empty when nothing of what runs is touched. */
export function summaryLines(summary: Summary): string[] {
  const { restarted, moved, stopped, gaps, unplaceable, ports, loads } = summary;
  const restarts = `${counted(restarted, "task")} ${restarted === 1 ? "restarts" : "restart"}`;
  const tasks = [
    restarted === 0 ? "no task restarts" : `${restarts}${elsewhere(restarted, moved)}`,
    ...(stopped > 0 ? [`${stopped} ${stopped === 1 ? "stops" : "stop"}`] : []),
  ].join(", ");
  return [
    tasks,
    gaps.length === 0 ? "no gap is expected" : `a gap is expected: ${named(gaps, 8)}`,
    ...unplaceable.map(
      ({ service, tasks: count, why }) =>
        `${service}: ${counted(count, "task")} will find no node: ${why}`,
    ),
    ...ports.map(({ service, from, to }) =>
      to === undefined
        ? `${service}: port ${from} is published no more`
        : `${service}: port ${from} moves to ${to}`,
    ),
    ...loads.map(loadLine),
  ];
}

function elsewhere(restarted: number, moved: number): string {
  if (moved === 0) return "";
  return moved === restarted ? " on another node" : ` (${moved} of them on another node)`;
}

function loadLine({ node, before, after, has }: Load): string {
  const change = (
    text: (amount: number) => string,
    [was, is, most]: readonly [number, number, number | undefined],
  ): string[] => {
    if (was === is) return [];
    return [`${text(was)} → ${text(is)}${most === undefined ? "" : ` of ${text(most)}`}`];
  };
  const parts = [
    ...change(memoryText, [before.memory, after.memory, has?.memory]),
    ...change(cpusText, [before.cpus, after.cpus, has?.cpus]),
  ];
  return `${node}: reserved ${parts.join(", ")}`;
}
