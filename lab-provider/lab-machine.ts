import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import type { Lab } from "../lab/lab";
import type { Context } from "../provider/context";
import { parseBytes } from "../units/units";
import { labOf } from "./lab-services";
import type { ChangeKind, ResourceType } from "../provider/resource";

interface Inputs {
  readonly host: string;
  readonly memory: string;
  readonly running: boolean;
}

interface State extends Inputs {
  readonly address: string;
}

const LEAST_MEMORY_MIB = 512;
const SHUTDOWN_SECONDS = 60;

const inputs = z.strictObject({
  host: z.string().min(1).describe("Name of the machine, one of the provider's hosts."),
  memory: z.string().describe('Memory with a unit, "1536MiB". A change restarts the machine.'),
  running: z.literal(true).default(true).describe("What does not run is booted by an update."),
});

const outputs = z.object({ address: z.string().describe("IP address of the machine in the lab.") });

/** A machine with a kernel of its own, on this computer. */
export const labMachineType: ResourceType<Inputs, State> = {
  token: "swarm:index:LabMachine",
  description: "A machine with a kernel of its own, on this computer.",
  inputs,
  outputs,
  computed: ["running"],
  check: ({ news }) => ({
    inputs: news,
    failures:
      mebibytes(news.memory) >= LEAST_MEMORY_MIB
        ? []
        : [
            {
              path: "memory",
              reason: `got "${news.memory}"; expected at least ${LEAST_MEMORY_MIB}MiB, with a unit`,
            },
          ],
  }),
  diff: ({ old, news }) => {
    const changes: Record<string, ChangeKind> = {};
    if (old.host !== news.host) changes.host = "update-replace";
    if (mebibytes(old.memory) !== mebibytes(news.memory)) changes.memory = "update";
    if (!old.running) changes.running = "update";
    return { changes };
  },
  preview: (news, _old, context) => ({
    ...news,
    address: labOf(context).plan.addressOf(news.host),
  }),
  create: async (context, news) => ({ id: news.host, state: await boot(context, news) }),
  read: async (context, id, known) => {
    const lab = labOf(context);
    const state = await lab.machine(id).state();
    if (state === "absent") return undefined;
    const booted = await lab.machine(id).memoryMiB();
    const found: State = {
      host: id,
      memory: inWordsOf(known?.state.memory, booted),
      running: state === "running",
      address: lab.plan.addressOf(id),
    };
    const declared = { host: id, memory: found.memory, running: true };
    return { id, inputs: known?.inputs ?? declared, state: found };
  },
  update: async (context, _id, old, news) => {
    if (mebibytes(old.memory) !== mebibytes(news.memory)) await shutDown(context, news.host);
    return boot(context, news);
  },
  delete: async (context, id) => {
    context.progress("removing");
    await labOf(context).machine(id).remove();
    await forget(context, id);
  },
};

/** Mebibytes of a size; 0 for text that is none. */
function mebibytes(size: string): number {
  return Math.floor((parseBytes(size) ?? 0) / 1024 ** 2);
}

/** What was booted, in the user's notation where it says the same. */
function inWordsOf(known: string | undefined, booted: number | undefined): string {
  if (known !== undefined && (booted === undefined || mebibytes(known) === booted)) return known;
  return `${booted ?? 0}MiB`;
}

async function boot(context: Context, { host, memory }: Inputs): Promise<State> {
  const lab = labOf(context);
  const memoryMiB = mebibytes(memory);
  await lab.machine(host).ensure({ memoryMiB }, context.progress, context.signal);
  await forget(context, host);
  const address = lab.plan.addressOf(host);
  context.progress(`running, ${address}`);
  return { host, memory, running: true, address };
}

/** Connections to the machine as it was, and what was remembered of it. */
async function forget({ machines, managers }: Context, host: string): Promise<void> {
  if (machines.has(host)) await machines.get(host).close();
  managers.forget();
}

/** Ends the machine as its own `poweroff` does; one that does not obey loses its power. */
async function shutDown(context: Context, host: string): Promise<void> {
  const lab = labOf(context);
  context.progress("shutting down");
  if (context.machines.has(host) && (await isRunning(lab, host))) {
    // The connection breaks in the middle of it: there is no answer to wait for.
    await context.machines
      .get(host)
      .run(["systemctl", "poweroff"], { allowFailure: true, deadlineSeconds: 10 })
      .catch(() => undefined);
    for (let waited = 0; waited < SHUTDOWN_SECONDS && (await isRunning(lab, host)); waited++)
      await delay(1000, undefined, { signal: context.signal });
  }
  await lab.machine(host).kill();
}

async function isRunning(lab: Lab, host: string): Promise<boolean> {
  return (await lab.machine(host).state()) === "running";
}
