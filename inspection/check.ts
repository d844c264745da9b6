import { isIP } from "node:net";
import type { Sources } from "../components/cluster-args";
import { hostDeclaration, membersOf, namesOf } from "../components/host-declaration";
import { messageOf } from "../hosts/errors";
import { readFacts } from "../hosts/facts";
import type { Facts } from "../hosts/facts";
import { advice, clusterProblems, preflight } from "../hosts/preflight";
import type { Identity, Problem } from "../hosts/preflight";
import { ownAddress } from "../hosts/host-spec";
import { DATA_PATH_PORT, tryNetwork } from "../hosts/network-trial";
import type { Peer, Trial } from "../hosts/network-trial";
import type { Machine } from "../hosts/machine";
import { addressesOf } from "../hosts/peer";
import { plan } from "../hosts/preparation";
import { KEEP } from "../host-settings/table";
import { clockService } from "../hosts/steps/clock";
import { firewallSteps } from "../hosts/steps/firewall";
import { hasEncryptedNetwork } from "../cluster/encryption";
import type { Environment } from "../cluster/environment";
import { hostInputs } from "../provider/host/arguments";
import { checkHost } from "../provider/host/check";
import { withSources } from "../provider/host/sources";
import { toRequest, toSpec } from "../provider/host/spec";
import type { Settings } from "../settings/schema";
import { declaresEncryption } from "../settings/stack-files";

/** An engine that does not answer by then counts as one that is in no swarm. */
const ENGINE_SECONDS = 8;

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
  /** Takes part in the trial of the network: it lets in what the others say. */
  readonly peer?: Peer;
}

/** All machines, and what was tried between them. */
export interface Checked {
  readonly hosts: readonly HostRow[];
  /** Undefined where there are no two machines that let each other in. */
  readonly network?: NetworkRow;
}

/** How the trial of the network went. */
export interface NetworkRow {
  /** From one machine to another: two for a pair. */
  readonly ways: number;
  /** Ways on which something is in the way. */
  readonly blocked: number;
  readonly seconds: number;
}

/** Looks at all machines at once and changes nothing. One that does not answer is a row like any other. */
export async function checkHosts(settings: Settings, environment: Environment): Promise<Checked> {
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
  const trial = await tried(settings, environment, looked);
  const hostRows = looked.map(({ row, identity }) => {
    const ways = (trial?.findings ?? []).filter(({ host }) => host === row.host);
    const common = identity === undefined ? [] : shared;
    return {
      ...row,
      problems: [
        ...row.problems,
        ...common.filter(({ reason }) => namesOfReason(reason).includes(row.host)).map(said),
        ...ways.filter(({ isBlocked }) => isBlocked).map(({ reason }) => reason),
      ],
      advice: [
        ...row.advice,
        ...ways.filter(({ isBlocked }) => !isBlocked).map(({ reason }) => reason),
      ],
    };
  });
  return { hosts: hostRows, ...(trial === undefined ? {} : { network: networkRow(trial) }) };
}

function networkRow({ findings, ways, seconds }: Trial): NetworkRow {
  const closed = findings.filter(({ isBlocked }) => isBlocked);
  const blocked = new Set(closed.map(({ hosts }) => hosts.join(" "))).size;
  return { ways, blocked, seconds };
}

/** Between which machines something is in the way; undefined where there are no two to try it between. */
async function tried(
  { settings, stacks }: Settings,
  environment: Environment,
  looked: readonly Looked[],
): Promise<Trial | undefined> {
  const peers = looked.flatMap(({ peer }) => peer ?? []);
  if (peers.length < 2) return undefined;
  // Before there is a swarm nobody answers.
  const isNeeded =
    declaresEncryption(stacks) || (await hasEncryptedNetwork(environment).catch(() => false));
  return tryNetwork(peers, {
    dataPathPort: settings?.dataPathPort ?? DATA_PATH_PORT,
    esp: isNeeded ? "needed" : "worth knowing",
  });
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
  const { inputs: declared, failures, warnings = [] } = inputsOf(settings, environment, host);
  const machine = machines.get(host);
  const [facts, inputs, isNode] = await Promise.all([
    readFacts(machine, toRequest(declared)),
    withSources(environment, declared, undefined),
    isInSwarm(machine),
  ]);
  const spec = toSpec(inputs);
  const problems = [...failures, ...preflight(facts, spec)];
  // What stands in the way of a step is said once, not as a step that fails.
  const steps = problems.length > 0 ? [] : plan(facts, spec);
  const hostname = inputs.hostname === KEEP ? facts.hostname : inputs.hostname;
  const isOpen = firewallSteps(facts, spec).every(({ id }) => id !== "firewall");
  const closed = `network: nobody tried to reach it, because ${facts.firewall.kind} there is closed for the other nodes; \`up\` opens it`;
  const declaredNode = settings.hosts[host] ?? {};
  const own = addressesOf(declaredNode, facts.addresses, ownAddress(spec) ?? "");
  const peer = { host, ...own, machine, isNode };
  return {
    identity: { machineId: facts.machineId, hostname },
    ...(isOpen ? { peer } : {}),
    row: {
      host,
      role: roleOf(settings, host),
      machine: machineRow(facts),
      problems: problems.map(said),
      advice: [...warnings, ...advice(facts, spec), ...(isOpen ? [] : [closed])],
      todo: steps.map(({ title }) => title),
    },
  };
}

/** Whether an engine is there that is in a swarm, or about to be. */
async function isInSwarm(machine: Machine): Promise<boolean> {
  const info = await machine
    .engine()
    .info({ deadlineSeconds: ENGINE_SECONDS })
    .catch(() => undefined);
  return ["active", "pending"].includes(info?.Swarm?.LocalNodeState ?? "");
}

/** The arguments that the host's resource gets from the same configuration. */
export function inputsOf(settings: Settings, { lab }: Pick<Environment, "lab">, host: string) {
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
  const news = hostInputs.parse({ ...declared, addresses, ...membersOf(settings) });
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
