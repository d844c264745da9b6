import { isIP } from "node:net";
import { hostDeclaration, namesOf, type Sources } from "../components/host-declaration";
import { messageOf } from "../hosts/errors";
import { readFacts } from "../hosts/facts";
import type { Facts } from "../hosts/facts";
import { advice, clusterProblems, preflight } from "../hosts/preflight";
import type { Identity, Problem } from "../hosts/preflight";
import { plan } from "../hosts/preparation";
import { KEEP } from "../hosts/settings/table";
import { clockService } from "../hosts/steps/clock";
import type { Environment } from "../provider/environment";
import { hostInputs } from "../provider/host/arguments";
import type { HostInputs } from "../provider/host/arguments";
import { checkHost } from "../provider/host/check";
import { toRequest, toSpec } from "../provider/host/spec";
import type { Settings } from "../settings/schema";

/** One machine as it is, and what stands against it. */
export interface HostRow {
  readonly host: string;
  readonly role: string;
  /** Undefined where it does not answer. */
  readonly machine?: MachineRow;
  /** What has to be seen to before `up`: `engine.version: …`. */
  readonly problems: readonly string[];
  /** What is worth knowing. */
  readonly advice: readonly string[];
  /** What `up` would do, in order. */
  readonly todo: readonly string[];
}

/** What a machine says of itself. */
interface MachineRow {
  readonly system: string;
  readonly kernel: string;
  readonly architecture: string;
  readonly hostname: string;
  /** `10.0.0.11 (eth1)`; without those that every machine has. */
  readonly addresses: readonly string[];
  /** `26.1.5`, `26.1.5 (stopped)`, `none`. */
  readonly engine: string;
  readonly firewall: string;
  /** Seconds that it is ahead of this machine's. */
  readonly clockSkewSeconds: number;
  /** What keeps the clock: `chronyd`. */
  readonly timeService?: string;
  readonly selinux: string;
  readonly memoryMiB: number;
  readonly swapMiB: number;
}

interface Looked {
  readonly row: HostRow;
  readonly identity?: Identity;
}

/** Looks at all machines at once and changes nothing. One that does not answer is a row like any other. */
export async function checkHosts(settings: Settings, environment: Environment): Promise<HostRow[]> {
  const hosts = Object.keys(settings.hosts).sort();
  const looked = await Promise.all(
    hosts.map(async (host): Promise<Looked> => {
      try {
        return await look(settings, environment, host);
      } catch (error) {
        const problems = [messageOf(error)];
        return { row: { host, role: roleOf(settings, host), problems, advice: [], todo: [] } };
      }
    }),
  );
  const identities = new Map(
    looked.flatMap(({ row, identity }) => (identity === undefined ? [] : [[row.host, identity]])),
  );
  const shared = clusterProblems(identities);
  return looked.map(({ row, identity }) => ({
    ...row,
    problems: [
      ...row.problems,
      ...(identity === undefined ? [] : shared)
        .filter(({ reason }) => namesOfReason(reason).includes(row.host))
        .map(said),
    ],
  }));
}

/** Hosts that a reason names. */
function namesOfReason(reason: string): string[] {
  return reason.split(/[^a-z0-9-]+/);
}

async function look(settings: Settings, environment: Environment, host: string): Promise<Looked> {
  const { lab, machines } = environment;
  if (lab !== undefined) {
    const state: string = await lab.machine(host).state();
    if (state !== "running") throw new Error(`the machine is ${state}. \`npm run up\` boots it`);
  }
  const { inputs, failures = [], warnings = [] } = inputsOf(settings, environment, host);
  const facts = await readFacts(machines.get(host), toRequest(inputs));
  const spec = toSpec(inputs);
  const problems = [...failures, ...preflight(facts, spec)];
  // What stands in the way of a step is said once, not as a step that fails.
  const steps = problems.length > 0 ? [] : plan(facts, spec);
  const hostname = inputs.hostname === KEEP ? facts.hostname : inputs.hostname;
  return {
    identity: { machineId: facts.machineId, hostname },
    row: {
      host,
      role: roleOf(settings, host),
      machine: machineRow(facts),
      problems: problems.map(said),
      advice: [...warnings, ...advice(facts, spec)],
      todo: steps.map(({ title }) => title),
    },
  };
}

/** The arguments that the host's resource gets from the same configuration. */
function inputsOf(settings: Settings, { lab }: Environment, host: string) {
  const sources: Sources | undefined = lab && {
    repository: lab.repository,
    registryMirrors: [lab.registryMirror],
  };
  const declared = hostDeclaration(settings, host, sources);
  const addresses = Object.fromEntries(
    Object.entries(settings.hosts).flatMap(([name, { address = "", advertiseAddr = "" }]) => {
      const own =
        isIP(advertiseAddr) === 0 ? (lab?.plan.addressOf(name) ?? address) : advertiseAddr;
      return namesOf(settings, name).map((known) => [known, own]);
    }),
  );
  const news = hostInputs.parse({ ...declared, addresses });
  return checkHost({ news }, { inLab: lab !== undefined });
}

function machineRow(facts: Facts): MachineRow {
  const { version, running } = facts.engine;
  const service = clockService(facts);
  return {
    system: facts.os.name,
    kernel: facts.kernel,
    architecture: facts.architecture,
    hostname: facts.hostname,
    addresses: facts.addresses
      .filter(({ address, interface: name }) => name !== "lo" && !address.startsWith("fe80:"))
      .filter(({ interface: name }) => !/^(docker|br-|veth)/.test(name))
      .map(({ address, interface: name }) => `${address} (${name})`),
    engine: version === undefined ? "none" : running ? version : `${version} (stopped)`,
    firewall: facts.firewall.kind,
    clockSkewSeconds: facts.clockSkewSeconds,
    ...(service === undefined ? {} : { timeService: service }),
    selinux: facts.selinux,
    memoryMiB: facts.memoryMiB,
    swapMiB: facts.swapMiB,
  };
}

function roleOf(settings: Settings, host: string): string {
  return settings.hosts[host]?.role ?? "";
}

function said({ path, reason }: Problem): string {
  return `${path}: ${reason}`;
}
