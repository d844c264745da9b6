import { z } from "zod";
import { isSwarmGone } from "../../cluster/gone";
import { lostAddresses } from "../../cluster/ground";
import { NoManagerError, QuorumError } from "../../cluster/managers";
import { declaredMembers, nameOf } from "../../cluster/members";
import { describeMembers, describePlan, neededOf, refusalOf } from "../../cluster/quorum";
import type { ManagerPlan, Member } from "../../cluster/quorum";
import type { Context } from "../context";
import { readOrKnown } from "../reading";
import type { ChangeKind, Found, ResourceType } from "../resource";
import { containsUnknown } from "../value";

interface Inputs {
  readonly managers: readonly string[];
  readonly workers?: readonly string[];
  /** Filled in by `check`, so that it shows in the diff. */
  readonly tolerance?: number;
}

interface State extends Inputs {
  readonly reachable: readonly string[];
  /** Managers as the last run declared them. */
  readonly declared: readonly string[];
  /** What could be found out when it was last read. */
  readonly answer: "yes" | "no quorum" | "none";
}

const inputs = z.strictObject({
  managers: z
    .array(z.string().min(1))
    .min(1)
    .describe("Hosts that are managers once the run is over. All of them, by name."),
  workers: z
    .array(z.string())
    .optional()
    .describe("The other hosts: one of them that is a manager stops being one. Default: none."),
  tolerance: z
    .int()
    .optional()
    .describe("How many managers may fail. Follows from their number; not to be given."),
});

const outputs = z.object({
  reachable: z.array(z.string()).describe("Managers that the others hear from."),
  declared: z.array(z.string()).describe("Managers as the last run declared them."),
  answer: z
    .enum(["yes", "no quorum", "none"])
    .describe("Whether the managers could be asked: yes, without a quorum, or none answered."),
});

/** What the plan makes of the managers as they are. One that was never declared is somebody else's and stays. */
function planOf(now: readonly Member[], declared: readonly string[], news: Inputs): ManagerPlan {
  const present = now.map(({ name }) => name);
  const own = new Set([...declared, ...(news.workers ?? [])]);
  return {
    now,
    joins: news.managers.filter((name) => !present.includes(name)),
    leaves: present.filter((name) => own.has(name) && !news.managers.includes(name)),
    demoted: news.workers ?? [],
  };
}

function membersIn({ managers, reachable }: State): Member[] {
  return managers.map((name) => ({ name, reachable: reachable.includes(name) }));
}

function stateOf(members: readonly Member[], { managers: declared }: Inputs): State {
  const managers = members.map(({ name }) => name).sort();
  const reachable = members.filter((one) => one.reachable).map(({ name }) => name);
  const tolerance = survivedBy(managers.length);
  return { managers, tolerance, reachable: reachable.sort(), declared, answer: "yes" };
}

function survivedBy(managers: number): number {
  return managers - neededOf(managers);
}

async function find(
  context: Context,
  id: string,
  known: { readonly inputs: Inputs; readonly state: State } | undefined,
): Promise<Found<Inputs, State> | undefined> {
  try {
    const nodes = await context.managers.nodes();
    const expected = known?.inputs.managers ?? [];
    const members = await declaredMembers(context.machines, nodes, expected);
    if (members.some(({ reachable }) => !reachable)) {
      const reasons = await lostAddresses(context, nodes);
      for (const text of [describeMembers(members), ...reasons]) context.warnOnce(text);
    }
    const declared = known?.inputs ?? { managers: members.map(({ name }) => name) };
    return { id, inputs: declared, state: stateOf(members, declared) };
  } catch (error) {
    if (!(error instanceof NoManagerError) || known === undefined) throw error;
    if (await isSwarmGone(context)) return undefined;
    const answer = error instanceof QuorumError ? "no quorum" : "none";
    const shown = { inputs: known.inputs, state: { ...known.state, answer } } as const;
    return readOrKnown(context, id, shown, () => Promise.reject(error));
  }
}

/** @throws Error when the plan cannot be carried out */
async function hold(context: Context, plan: ManagerPlan): Promise<void> {
  if (plan.joins.length + plan.leaves.length === 0) return;
  const refusal = refusalOf(plan);
  if (refusal !== undefined) throw new Error(refusal);
  // Only for the words: without an answer a node that is promoted is said to join.
  const nodes = await context.managers.nodes().catch(() => []);
  const promoted = nodes.map(nameOf);
  context.info(describePlan({ ...plan, promoted }));
}

/** The plan held against the managers as they are at this moment. */
async function settle(context: Context, declared: readonly string[], news: Inputs): Promise<State> {
  context.managers.invalidate("nodes");
  const nodes = await context.managers.nodes();
  const now = await declaredMembers(context.machines, nodes, declared);
  const plan = planOf(now, declared, news);
  // At the beginning there is one manager, which makes the swarm: nothing to be weighed yet.
  if (declared.length > 0) await hold(context, plan);
  const stay = now.filter(({ name }) => !plan.leaves.includes(name));
  return stateOf([...stay, ...plan.joins.map((name) => ({ name, reachable: true }))], news);
}

/**
 * The managers of the swarm as a whole. It makes nothing: it says in the preview what a run does to the quorum, and
 * refuses a run that would lose it, before any node is touched.
 *
 * @see https://docs.docker.com/engine/swarm/admin_guide/#maintain-the-quorum-of-managers
 */
export const quorumType: ResourceType<Inputs, State> = {
  token: "swarm:index:Quorum",
  description: "The managers of the swarm as a whole: what a change does to their quorum.",
  inputs,
  outputs,
  computed: ["tolerance"],
  alwaysSet: ["tolerance"],
  internal: ["declared", "answer"],

  check: ({ news }) => ({
    inputs: containsUnknown(news.managers)
      ? news
      : {
          ...news,
          managers: [...news.managers].sort(),
          tolerance: survivedBy(news.managers.length),
        },
    failures: [],
  }),

  diff: ({ old, oldInputs, news }) => {
    const changes: Record<string, ChangeKind> = {};
    const { joins, leaves } = planOf(membersIn(old), oldInputs.managers, news);
    if (joins.length + leaves.length > 0) changes.managers = "update";
    if (changes.managers !== undefined && old.tolerance !== news.tolerance)
      changes.tolerance = "update";
    return { changes };
  },

  preview: async (news, old, context) => {
    const foreseen = { reachable: news.managers, declared: news.managers, answer: "yes" } as const;
    if (old === undefined) return foreseen;
    const plan = planOf(membersIn(old), old.declared, news);
    if (old.answer === "no quorum") {
      throw new Error(
        "the swarm has no quorum, so no manager can join or go; nothing was changed. " +
          "Bring more of its managers back first; the swarm then goes on by itself.",
      );
    }
    // When none answers (machines that are to be booted), the run itself looks again before it acts.
    if (old.answer === "yes") await hold(context, plan);
    return foreseen;
  },

  create: async (context, news) => ({ id: "quorum", state: await settle(context, [], news) }),
  read: find,
  update: (context, _id, old, news) => settle(context, old.declared, news),

  // The nodes are gone by then, each by its own rules.
  delete: () => Promise.resolve(),
};
