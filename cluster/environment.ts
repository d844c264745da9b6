import { Machines } from "../hosts/machines";
import type { Target } from "../hosts/target";
import { parseBytes } from "../units/units";
import { loginKeys } from "./configuration";
import type { Configuration, HostConfiguration } from "./configuration";
import type { Failure } from "./failure";
import type { LabAccess, OpenLab } from "./lab-access";
import { Managers } from "./managers";
import { Registries } from "./registries";
import { Run } from "./run";

/** What a host is in the swarm. */
type Role = HostConfiguration["role"];

/** The rooms behind a configuration. Opening it touches nothing. */
export interface Environment {
  /** Every configured machine by name, and those that are leaving, connected on first use. */
  readonly machines: Machines;
  /** The machines of this computer, when the configuration has `lab`. */
  readonly lab: LabAccess | undefined;
  /** The swarm through any manager that answers, with shared lists. */
  readonly managers: Managers;
  /** Accounts of the image registries. */
  readonly registries: Registries;
  /** What those who act on the swarm in one run share. */
  readonly run: Run;
  /** Role of every configured host. A machine without one is leaving: the configuration has it no more. */
  readonly roles: ReadonlyMap<string, Role>;
  /** Texts of the configuration that appear in no message. */
  readonly secrets: readonly string[];
  /** Ends every connection. */
  close(): Promise<void>;
}

/**
 * The rooms behind a configuration; connections are made on first use.
 *
 * @param openLab - what opens a lab; undefined where there is none to open
 * @param patience - seconds that a machine has to say whether it is a manager; without it, time enough for a busy one
 */
export function openEnvironment(
  configuration: Configuration,
  openLab: OpenLab | undefined,
  patience?: number,
): Environment {
  const lab = labOf(configuration, openLab);
  const declared = Object.entries(configuration.hosts);
  const hosts = [...declared, ...Object.entries(configuration.leaving)];
  const machines = new Machines(
    new Map(
      hosts.map(([name, host]) => [
        name,
        lab === undefined
          ? targetOf(name, host, configuration)
          : async (): Promise<Target> => lab.target(name),
      ]),
    ),
  );
  const members = declared.map(([name]) => name);
  const leaving = managersIn(configuration.leaving);
  return {
    machines,
    lab,
    roles: new Map(declared.map(([name, { role }]) => [name, role])),
    managers: new Managers(
      machines,
      { declared: managersIn(configuration.hosts), leaving, members },
      patience,
    ),
    run: new Run(),
    registries: new Registries(configuration.registries),
    secrets: [
      ...[configuration.ssh, ...hosts.map(([, host]) => host)].flatMap(secretsOf),
      ...Object.values(configuration.registries ?? {}).map(({ password }) => password),
    ],
    close: async () => machines.close(),
  };
}

function managersIn(hosts: Readonly<Record<string, HostConfiguration>>): string[] {
  return Object.keys(hosts).filter((name) => hosts[name]?.role === "manager");
}

/** What stands against the lab on this computer; empty without one. Touches nothing. */
export async function labProblems(
  configuration: Configuration,
  openLab: OpenLab | undefined,
): Promise<Failure[]> {
  if (configuration.lab !== undefined && openLab === undefined) return [NO_LAB];
  const lab = labOf(configuration, openLab);
  if (lab === undefined) return [];
  const needed = await Promise.all(
    Object.entries(configuration.hosts).map(async ([name, { memory }]) =>
      (await lab.machine(name).state()) === "running"
        ? 0
        : memoryMiB(memory ?? configuration.lab?.memory ?? ""),
    ),
  );
  const problems = await lab.problems(needed.reduce((sum, each) => sum + each, 0));
  return problems.map((reason) => ({ path: "lab", reason }));
}

/** Mebibytes of a size that passed its schema. */
function memoryMiB(size: string): number {
  const bytes = parseBytes(size);
  if (bytes === undefined) throw new Error(`got ${JSON.stringify(size)}; expected a size`);
  return Math.ceil(bytes / 1024 ** 2);
}

const NO_LAB: Failure = {
  path: "lab",
  reason:
    "got a lab, which only the plugin in this project's own folder has; expected machines that exist. " +
    "Remove it, and give each host its address and hostKey",
};

function labOf({ lab, hosts }: Configuration, openLab: OpenLab | undefined): LabAccess | undefined {
  return lab === undefined ? undefined : openLab?.(lab, Object.keys(hosts));
}

function targetOf(name: string, host: HostConfiguration, { ssh }: Configuration): Target {
  const { address = "", hostKey = "", jump = ssh?.jump } = host;
  const target = { ...loginOf({ ...ssh, ...host }), name, address, hostKey };
  if (jump === undefined) return target;
  const { address: through, hostKey: throughKey } = jump;
  const first = {
    ...loginOf(jump),
    name: `jump host ${through}`,
    address: through,
    hostKey: throughKey,
  };
  return { ...target, jump: first };
}

type LoginOptions = Pick<Target, (typeof loginKeys)[number]>;

function loginOf(options: {
  readonly [K in keyof LoginOptions]: LoginOptions[K] | undefined;
}): LoginOptions {
  return Object.fromEntries(
    loginKeys.map((key) => [key, options[key]] as const).filter(([, value]) => value !== undefined),
  );
}

function secretsOf(login: Partial<HostConfiguration> | undefined): string[] {
  const { privateKey, passphrase, password, sudoPassword, jump } = login ?? {};
  const own = [privateKey, passphrase, password, sudoPassword].filter((text) => text !== undefined);
  return jump === undefined ? own : [...own, ...secretsOf(jump)];
}
