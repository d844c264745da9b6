import { setTimeout as delay } from "node:timers/promises";
import type { HostSpec } from "../hosts/host-spec";
import type { Identity } from "../hosts/preflight";
import type { ClusterContext } from "./context";
import type { Slot } from "./run";

/** A machine that does not say in this time who it is counts as one that is down. */
const ASK_SECONDS = 8;

/** Who the machines are, to find two that are one. */
const seen: Slot<Map<string, Identity>> = { make: () => new Map<string, Identity>() };

/** That all machines are asked, once in a run. */
const asked: Slot<{ all?: Promise<void> }> = { make: () => ({}) };

/** Whether a machine can be asked in a preview: a lab's may still have to be made by the same run. */
export async function isThere(
  { lab }: Pick<ClusterContext, "lab">,
  host: string,
): Promise<boolean> {
  return lab === undefined || (await lab.machine(host).state()) === "running";
}

/** Who the machines are that were seen in this run, this one among them. */
export function identities(
  { run }: Pick<ClusterContext, "run">,
  { host, hostname }: Pick<HostSpec, "host" | "hostname">,
  machineId: string,
): ReadonlyMap<string, Identity> {
  return run.get(seen).set(host, { machineId, hostname });
}

/**
 * Asks every declared machine who it is, once in a run: a new host may be a clone of one that is as it shall be and is
 * looked at by nobody else. Machines that do not answer are left out.
 */
export async function meetOthers(
  context: Pick<ClusterContext, "lab" | "machines" | "roles" | "run">,
): Promise<void> {
  const { roles, run } = context;
  const asking = run.get(asked);
  asking.all ??= Promise.all([...roles.keys()].map(async (host) => meet(context, host))).then(
    () => undefined,
  );
  return asking.all;
}

async function meet(
  context: Pick<ClusterContext, "lab" | "machines" | "run">,
  host: string,
): Promise<void> {
  const limit = new AbortController();
  const late = delay(ASK_SECONDS * 1000, undefined, { signal: limit.signal });
  try {
    if (!(await isThere(context, host))) return;
    const options = { deadlineSeconds: ASK_SECONDS };
    const answer = context.machines.get(host).run(["cat", "/etc/machine-id"], options);
    const machineId = (await Promise.race([answer, late]))?.stdout.trim() ?? "";
    const others = context.run.get(seen);
    if (machineId !== "" && !others.has(host)) others.set(host, { machineId });
  } catch {
    // Whoever needs it says why it does not answer.
  } finally {
    limit.abort();
    late.catch(() => undefined);
  }
}
