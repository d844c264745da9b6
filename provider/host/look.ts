import { identities, isThere, meetOthers } from "../../cluster/identity";
import { readFacts } from "../../hosts/facts";
import type { Facts } from "../../hosts/facts";
import { isDowngrade, satisfies } from "../../hosts/host-spec";
import type { HostSpec } from "../../hosts/host-spec";
import { HostUnreachableError } from "../../hosts/errors";
import { advice, clusterProblems, downgradeProblem, preflight } from "../../hosts/preflight";
import type { Problem } from "../../hosts/preflight";
import { KEEP } from "../../host-settings/table";
import { settingProblems } from "../../hosts/setting-problems";
import { plan } from "../../hosts/preparation";
import { RESTARTING } from "../../hosts/steps/engine";
import type { Context } from "../context";
import { previewRestart } from "../node/maintenance";
import { containsUnknown, UNKNOWN } from "../value";
import type { HostInputs, HostState } from "./arguments";
import { differences } from "./diff";
import { toRequest, toSpec } from "./spec";

/**
 * What a preview knows of a machine. One that is to be prepared is looked at now: a wrong host key, a refused login or
 * a machine that cannot become a node shows before anything is changed anywhere.
 *
 * @throws Error when the declared engine is older than the one that is there, or the machine cannot be prepared;
 * HostKeyError, AuthenticationError
 */
export async function previewHost(
  news: HostInputs,
  old: HostState | undefined,
  context: Context,
): Promise<Partial<HostState>> {
  if (old === undefined) await lookAhead(context, news);
  else await lookAtChange(context, news, old);
  const wanted = news.engine.version;
  const present = old?.facts.engineVersion;
  if (present === undefined || present === "") return { pending: [] };
  if (wanted !== undefined && !containsUnknown(wanted) && isDowngrade(present, wanted)) {
    throw new Error(textOf([downgradeProblem(present, wanted)]));
  }
  if (old !== undefined && restarts(old, news)) await previewRestart(context, news.host);
  const facts = satisfies(present, wanted) ? old?.facts : UNKNOWN;
  return { pending: [], facts: facts as HostState["facts"] };
}

/** Users, services and a name that are new to a machine may be what it cannot have: better said before anything is done. */
async function lookAtChange(context: Context, news: HostInputs, old: HostState): Promise<void> {
  const isAsked = Object.entries(differences(old, news)).some(
    ([path, kind]) => kind !== "delete" && /^(hostname|services|users)\b/.test(path),
  );
  if (!isAsked || containsUnknown(news) || !(await isThere(context, news.host))) return;
  const machine = context.machines.get(news.host);
  const facts = await readFacts(machine, toRequest(news, old)).catch((error: unknown) => {
    // `up` says so, and goes no further on that machine.
    if (error instanceof HostUnreachableError) return undefined;
    throw error;
  });
  const problems = facts === undefined ? [] : settingProblems(facts, toSpec(news, old));
  if (problems.length > 0)
    throw new Error(
      `${news.host} cannot be as declared; nothing was changed on it.\n${textOf(problems)}`,
    );
}

/** Everything about an engine but where it comes from makes it restart, and so may what was found on the machine. */
function restarts(old: HostState, news: HostInputs): boolean {
  if (old.pending.some((title) => title.startsWith(RESTARTING))) return true;
  return Object.keys(differences(old, news)).some(
    (path) => path.startsWith("engine.") && !path.startsWith("engine.repository"),
  );
}

async function lookAhead(context: Context, news: HostInputs): Promise<void> {
  if (containsUnknown(news) || !(await isThere(context, news.host))) return;
  try {
    const facts = await readFacts(context.machines.get(news.host), toRequest(news));
    const spec = toSpec(news);
    await meetOthers(context);
    examine(context, facts, spec);
    const steps = plan(facts, spec).map(({ title }) => title);
    context.info(steps.length === 0 ? "ready as it is" : `to do: ${steps.join("; ")}`);
  } catch (error) {
    // It may be about to be made. `up` waits for it, and gives up with the same reason.
    if (!(error instanceof HostUnreachableError)) throw error;
    context.warn(
      `cannot be looked at now, so what is to be done there is not known.\n${error.message}`,
    );
  }
}

/**
 * Compares a machine with what a node needs, and with the other machines of the run.
 *
 * @throws Error that names every problem
 */
export function examine(context: Context, facts: Facts, spec: HostSpec): void {
  const hostname = spec.hostname === KEEP ? facts.hostname : spec.hostname;
  const problems = [
    ...preflight(facts, spec),
    ...clusterProblems(identities(context, { host: spec.host, hostname }, facts.machineId)),
  ];
  if (problems.length > 0) {
    throw new Error(
      `${spec.host} cannot be prepared as it is; nothing was changed on it.\n${textOf(problems)}`,
    );
  }
  for (const line of advice(facts, spec)) context.warn(line);
}

function textOf(problems: readonly Problem[]): string {
  return problems.map(({ path, reason }) => `${path}: ${reason}`).join("\n");
}
