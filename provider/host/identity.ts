import { setTimeout as delay } from "node:timers/promises";
import type { HostSpec } from "../../hosts/host-spec";
import type { Machines } from "../../hosts/machines";
import type { Identity } from "../../hosts/preflight";
import type { Context } from "../context";

/** A machine that does not say in this time who it is counts as one that is down. */
const ASK_SECONDS = 8;

/** Who the machines of one run are, to find two that are one. */
const seen = new WeakMap<Machines, Map<string, Identity>>();

/** Runs whose other machines were asked already. */
const asked = new WeakMap<Machines, Promise<void>>();

/** Whether a machine can be asked in a preview: a lab's may still have to be made by the same run. */
export async function isThere({ lab }: Pick<Context, "lab">, host: string): Promise<boolean> {
  return lab === undefined || (await lab.machine(host).state()) === "running";
}

/** Who the machines are that were seen in this run, this one among them. */
export function identities(
  { machines }: Pick<Context, "machines">,
  { host, hostname }: Pick<HostSpec, "host" | "hostname">,
  machineId: string,
): ReadonlyMap<string, Identity> {
  return seenIn(machines).set(host, { machineId, hostname });
}

/**
 * Asks every declared machine who it is, once in a run: a new host may be a clone of one that is as it shall be and is
 * looked at by nobody else. Machines that do not answer are left out.
 */
export async function meetOthers(
  context: Pick<Context, "lab" | "machines" | "roles">,
): Promise<void> {
  const { machines, roles } = context;
  const known = asked.get(machines);
  if (known !== undefined) return known;
  const asking = Promise.all([...roles.keys()].map(async (host) => meet(context, host)));
  const all = asking.then(() => undefined);
  asked.set(machines, all);
  return all;
}

async function meet(context: Pick<Context, "lab" | "machines">, host: string): Promise<void> {
  const limit = new AbortController();
  const late = delay(ASK_SECONDS * 1000, undefined, { signal: limit.signal });
  try {
    if (!(await isThere(context, host))) return;
    const options = { deadlineSeconds: ASK_SECONDS };
    const answer = context.machines.get(host).run(["cat", "/etc/machine-id"], options);
    const machineId = (await Promise.race([answer, late]))?.stdout.trim() ?? "";
    const others = seenIn(context.machines);
    if (machineId !== "" && !others.has(host)) others.set(host, { machineId });
  } catch {
    // Whoever needs it says why it does not answer.
  } finally {
    limit.abort();
    late.catch(() => undefined);
  }
}

function seenIn(machines: Machines): Map<string, Identity> {
  const hosts = seen.get(machines) ?? new Map<string, Identity>();
  seen.set(machines, hosts);
  return hosts;
}
