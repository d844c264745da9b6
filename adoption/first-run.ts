import { preflight } from "../hosts/preflight";
import { plan, restartsEngine } from "../hosts/preparation";
import { firewallSteps } from "../hosts/steps/firewall";
import { readFacts, type Facts } from "../hosts/facts";
import type { FirewallSpec, HostSpec } from "../hosts/host-spec";
import { inputsOf } from "../inspection/check";
import { toRequest, toSpec } from "../provider/host/spec";
import type { Settings } from "../settings/schema";
import type { Looked } from "./machines";

/** How the firewall of a machine is to be declared so that nothing of it changes; undefined: as by default. */
export function firewallAsFound(
  settings: Settings,
  host: string,
  facts: Facts,
): { readonly source: "any" } | false | undefined {
  const spec = toSpec(inputsOf(settings, { lab: undefined }, host).inputs);
  const changes = (firewall: FirewallSpec): boolean =>
    firewallSteps(facts, { ...spec, firewall }).length > 0;
  if (spec.firewall === false || !changes(spec.firewall)) return undefined;
  return changes({ ...spec.firewall, source: "any" }) ? false : { source: "any" };
}

/** What the first `up` does on a machine, a line each; the machine is only read. */
export async function firstRun(
  settings: Settings,
  host: string,
  { machine }: Looked,
): Promise<string[]> {
  const { inputs, failures } = inputsOf(settings, { lab: undefined }, host);
  const facts = await readFacts(machine, toRequest(inputs));
  const spec: HostSpec = toSpec(inputs);
  const problems = [...failures, ...preflight(facts, spec)];
  if (problems.length > 0)
    return problems.map(({ path, reason }) => `${host}: up refuses it: ${path}: ${reason}`);
  const steps = plan(facts, spec);
  if (steps.length === 0) return [];
  const tasks = restartsEngine(facts, steps)
    ? "the engine restarts, and the tasks of this node with it"
    : "no task restarts";
  return [
    `${host}: the first up does there: ${steps.map(({ title }) => title).join("; ")}; ${tasks}`,
  ];
}
