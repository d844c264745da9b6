/** A manager, and whether the others hear from it. */
export interface Member {
  readonly name: string;
  readonly reachable: boolean;
}

/** What a run makes of the managers. */
export interface ManagerPlan {
  readonly now: readonly Member[];
  /** Names that become managers. */
  readonly joins: readonly string[];
  /** Names that stop being managers. */
  readonly leaves: readonly string[];
  /** Those among `joins` that are in the swarm already. @default [] */
  readonly promoted?: readonly string[];
  /** Those among `leaves` that stay in the swarm as workers. @default [] */
  readonly demoted?: readonly string[];
}

/** How a plan goes: one change after the other, or why it cannot be. */
export interface Course {
  /** `manager-4 joins`, `worker-1 is promoted`, in the order in which they happen. */
  readonly steps: readonly string[];
  readonly after: readonly Member[];
  /** The change that would leave too few managers; undefined when all can be made. */
  readonly stopsAt: string | undefined;
}

/**
 * Managers that must hear one another for anything to be changed.
 *
 * @see https://docs.docker.com/engine/swarm/admin_guide/#maintain-the-quorum-of-managers
 */
export function neededOf(managers: number): number {
  return Math.floor(managers / 2) + 1;
}

/** Managers that may still fail; negative when that many must come back. */
export function toleranceOf(members: readonly Member[]): number {
  return reachableOf(members).length - neededOf(members.length);
}

function reachableOf(members: readonly Member[]): readonly Member[] {
  return members.filter(({ reachable }) => reachable);
}

/**
 * Whether a manager may join before the dead ones among those that leave are taken out: the quorum must hold even
 * if the new one never answers.
 */
export function bearsAnother(members: readonly Member[]): boolean {
  return reachableOf(members).length >= neededOf(members.length + 1);
}

/**
 * What the changes do one by one, in the order in which a run makes them: joins, then the dead, then the living; the
 * dead first where the quorum would not bear a manager that is not up yet. No other order comes further.
 */
export function courseOf(plan: ManagerPlan): Course {
  const { now, joins, leaves, promoted = [], demoted = [] } = plan;
  const steps: string[] = [];
  let members = [...now];
  const leaving = members.filter(({ name }) => leaves.includes(name));
  const byName = (a: Member, b: Member): number => (a.name < b.name ? -1 : 1);
  let dead = leaving.filter(({ reachable }) => !reachable).sort(byName);
  const alive = leaving.filter(({ reachable }) => reachable).sort(byName);
  const drop = ({ name }: Member): void => {
    steps.push(demoted.includes(name) ? `${name} becomes a worker` : `${name} goes`);
    members = members.filter((one) => one.name !== name);
  };
  const bury = (): void => {
    for (const one of dead) drop(one);
    dead = [];
  };
  if (toleranceOf(members) < 0) return { steps, after: members, stopsAt: "" };
  for (const name of [...joins].sort()) {
    if (!bearsAnother(members)) bury();
    steps.push(promoted.includes(name) ? `${name} is promoted` : `${name} joins`);
    members = [...members, { name, reachable: true }];
  }
  bury();
  for (const one of alive) {
    const rest = members.filter(({ name }) => name !== one.name);
    if (rest.length === 0 || toleranceOf(rest) < 0) {
      return { steps, after: finalOf({ now, joins, leaves }), stopsAt: one.name };
    }
    drop(one);
  }
  return { steps, after: members, stopsAt: undefined };
}

function finalOf({ now, joins, leaves }: ManagerPlan): Member[] {
  const stay = now.filter(({ name }) => !leaves.includes(name));
  return [...stay, ...joins.map((name) => ({ name, reachable: true }))];
}

/** `3 managers, 2 reachable (manager-3 is not): the loss of 0 is survived`. */
export function describeMembers(members: readonly Member[]): string {
  const lost = members
    .filter(({ reachable }) => !reachable)
    .map(({ name }) => name)
    .sort();
  const who =
    lost.length === 0 ? "" : ` (${lost.join(", ")} ${lost.length === 1 ? "is" : "are"} not)`;
  const count = members.length === 1 ? "1 manager" : `${members.length} managers`;
  const tolerance = toleranceOf(members);
  const end =
    tolerance < 0
      ? `${neededOf(members.length)} are needed`
      : `the loss of ${tolerance} is survived`;
  return `${count}, ${reachableOf(members).length} reachable${who}: ${end}`;
}

/** What a plan does to the quorum, as a whole text. */
export function describePlan(plan: ManagerPlan): string {
  const { steps, after } = courseOf(plan);
  return [
    "what this does to the quorum:",
    `  now:   ${describeMembers(plan.now)}`,
    ...steps.map((step, i) => `  ${i + 1}. ${step}`),
    `  after: ${describeMembers(after)}`,
  ].join("\n");
}

/** Why a plan cannot be carried out, with the order that would work; undefined when it can. */
export function refusalOf(plan: ManagerPlan): string | undefined {
  const { after, stopsAt } = courseOf(plan);
  if (stopsAt === undefined) return undefined;
  const { now, leaves } = plan;
  const lost = now.filter(({ reachable }) => !reachable).map(({ name }) => name);
  if (toleranceOf(now) < 0) {
    return [
      "the swarm has no quorum, so no manager can join or go; nothing was changed.",
      `  now:   ${describeMembers(now)}`,
      `Bring ${listOf(lost, "or")} back first; the swarm then goes on by itself.`,
    ].join("\n");
  }
  if (after.length === 0) {
    return [
      `${stopsAt} is the last manager: without it there is no swarm; nothing was changed.`,
      `  now:   ${describeMembers(now)}`,
      "Make another host a manager in the same run, or take the whole swarm down with destroy.",
    ].join("\n");
  }
  const staying = lost.filter((name) => !leaves.includes(name)).sort();
  const alive = leaves.filter((name) => !lost.includes(name)).sort();
  return [
    "this plan would leave the swarm without a quorum; nothing was changed.",
    `  now:   ${describeMembers(now)}`,
    `  after: ${describeMembers(after)}`,
    "The order that works:",
    `  1. bring ${listOf(staying, "and")} back, or take ${staying.length === 1 ? "it" : "them"} out, and run up`,
    `  2. then let ${listOf(alive, "and")} go`,
  ].join("\n");
}

function listOf(names: readonly string[], word: string): string {
  const sorted = [...names].sort();
  if (sorted.length < 2) return sorted.join("");
  return `${sorted.slice(0, -1).join(", ")} ${word} ${sorted.at(-1) ?? ""}`;
}
