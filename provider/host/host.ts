import { meetOthers } from "../../cluster/identity";
import { isUnreachable } from "../../cluster/manager-errors";
import { noteWays } from "../../cluster/routes";
import { readFacts, readFactsAndWays } from "../../hosts/facts";
import type { Facts } from "../../hosts/facts";
import type { HostSpec } from "../../hosts/host-spec";
import type { Machine } from "../../hosts/machine";
import { apply, plan, restartsEngine } from "../../hosts/preparation";
import { planRemoval } from "../../hosts/removal";
import type { Context } from "../context";
import { withoutTasks } from "../node/maintenance";
import { readOrKnown } from "../reading";
import { PartialFailure } from "../resource";
import type { Found, ResourceType } from "../resource";
import { hostInputs, hostOutputs } from "./arguments";
import type { HostInputs, HostState } from "./arguments";
import { atWorkOn } from "./at-work";
import { checkHost } from "./check";
import { diffHost } from "./diff";
import { examine, previewHost } from "./look";
import { askedFrom, withSources } from "./sources";
import { toRequest, toSpec, toTakeBack } from "./spec";
import { importedInputs, stateOf } from "./state";
import { isUnknown } from "../value";
import { declareVersion } from "./versions";

/** Seconds an engine that runs gets to say whether it is a manager. */
const ASK_SECONDS = 10;

/** Seconds a machine gets to answer before it is prepared: it may just be booting. */
const BOOT_SECONDS = 60;

/** A machine made ready for the swarm. */
export const hostType: ResourceType<HostInputs, HostState> = {
  token: "swarm:index:Host",
  description:
    "A machine made ready for the swarm: name, hosts file, kernel modules and settings, firewall and the Docker Engine.",
  inputs: hostInputs,
  outputs: hostOutputs,
  computed: ["memberSources"],
  alwaysSet: ["hostname"],
  check: (request, context) => {
    const { host, engine } = request.news;
    if (engine.version !== undefined && !isUnknown(engine.version))
      declareVersion(context, host, engine.version);
    return checkHost(request, { inLab: context.lab !== undefined });
  },
  resolve: async ({ news, olds }, context) => ({
    inputs: await withSources(context, news, olds),
    failures: [],
  }),
  diff: diffHost,
  preview: previewHost,
  create: async (context, inputs) => ({
    id: inputs.host,
    state: await prepare(context, inputs, undefined),
  }),
  read: async (context, id, known) =>
    readOrKnown(context, id, known, async () => read(context, id, known)),
  update: async (context, _id, old, news) => prepare(context, news, old),
  delete: async (context, _id, old, declared) => remove(context, old, declared),
};

async function read(
  context: Context,
  id: string,
  known: { readonly inputs: HostInputs; readonly state: HostState } | undefined,
): Promise<Found<HostInputs, HostState> | undefined> {
  if (context.lab !== undefined && (await context.lab.machine(id).state()) === "absent") {
    return undefined;
  }
  const machine = context.machines.get(id);
  if (known === undefined) {
    const inputs = importedInputs(id, await readFacts(machine));
    const facts = await readFacts(machine, toRequest(inputs));
    return { id, inputs, state: stateOf(facts, inputs, false) };
  }
  // In the same question: a preview of a machine that is as declared asks it nothing else.
  const addresses = askedFrom(known.inputs);
  const { facts, ways } = await readFactsAndWays(machine, toRequest(known.inputs), addresses);
  if (ways.size > 0) noteWays(context, id, addresses, ways);
  return { id, inputs: known.inputs, state: stateOf(facts, known.inputs, known.state.update) };
}

/** Looks first, changes nothing while anything stands in the way, then does what differs. */
async function prepare(
  context: Context,
  inputs: HostInputs,
  old: HostState | undefined,
): Promise<HostState> {
  return atWorkOn(context.run, inputs.host, async () => prepareNow(context, inputs, old));
}

async function prepareNow(
  context: Context,
  inputs: HostInputs,
  old: HostState | undefined,
): Promise<HostState> {
  const { signal, progress } = context;
  const machine = context.machines.get(inputs.host);
  await machine.waitUntilReachable({ deadlineSeconds: BOOT_SECONDS, signal, progress });
  progress("looking at the machine");
  const before = await readFacts(machine, toRequest(inputs, old));
  const spec = { ...toSpec(inputs, old), isManager: await isManager(context, machine, before) };
  if (old === undefined) await meetOthers(context);
  examine(context, before, spec);
  try {
    const steps = plan(before, spec);
    const { lab } = context;
    const carryOut = async () => apply(machine, steps, { signal, progress });
    const act = lab === undefined ? carryOut : async () => lab.explained(carryOut);
    if (restartsEngine(before, steps)) await withoutTasks(context, inputs.host, inputs.drain, act);
    else await act();
  } catch (error) {
    const updated = old?.update ?? false;
    const facts = await factsAfterFailure(machine, inputs, before);
    throw partial(inputs, stateOf(facts, inputs, updated), error);
  }
  const state = await confirm(machine, inputs, spec, old);
  progress(`ready, engine ${state.facts.engineVersion}`);
  return state;
}

/** Whether the machine manages a swarm now. One whose engine does not answer counts as one: a port too many stays open. */
async function isManager({ signal }: Context, machine: Machine, facts: Facts): Promise<boolean> {
  if (!facts.engine.running) return false;
  const asked = machine.engine().info({ signal, deadlineSeconds: ASK_SECONDS });
  const info = await asked.catch(() => undefined);
  signal.throwIfAborted();
  return info === undefined || info.Swarm?.ControlAvailable === true;
}

/** What the machine says after the last step; a step without effect is a failure. */
async function confirm(
  machine: Machine,
  inputs: HostInputs,
  spec: HostSpec,
  old: HostState | undefined,
): Promise<HostState> {
  const facts = await readFacts(machine, toRequest(inputs, old));
  const state = stateOf(facts, inputs, inputs.update);
  const left = plan(facts, { ...spec, update: false });
  if (left.length === 0) {
    return state;
  }
  const steps = left.map(({ title }) => title).join("; ");
  const reason = `${inputs.host}: every step ended well, but the machine is still not as declared: ${steps}. Something else on it may be undoing them.`;
  throw partial(inputs, state, new Error(reason));
}

function partial(inputs: HostInputs, state: HostState, error: unknown): PartialFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return new PartialFailure(inputs.host, state, [reason]);
}

/** The machine may be gone as well: then what was seen before the steps is the best that is known. */
async function factsAfterFailure(
  machine: Machine,
  inputs: HostInputs,
  before: Facts,
): Promise<Facts> {
  try {
    return await readFacts(machine, toRequest(inputs));
  } catch {
    return before;
  }
}

/** A lab machine's disk goes with it, so nothing has to be taken back there; the same holds for a machine that is dead. */
async function remove(
  context: Context,
  old: HostState,
  declared: HostInputs | undefined,
): Promise<void> {
  if (context.lab !== undefined) {
    return;
  }
  const inputs = toTakeBack(old, declared);
  const machine = context.machines.get(old.host);
  try {
    const facts = await readFacts(machine, toRequest(inputs));
    const steps = planRemoval(facts, toSpec(inputs), old.removeEngine);
    await apply(machine, steps, { signal: context.signal, progress: context.progress });
  } catch (error) {
    if (!isUnreachable(error)) {
      throw error;
    }
    context.warn(
      `${old.host} cannot be reached, so its engine, its part of /etc/hosts and the openings of its firewall stay as they are.\n${String(error)}`,
    );
  }
}
