import { isLeftOut, labelsOf, NAMED_KEYS, parseDaemonJson } from "../../hosts/daemon-json";
import type { DaemonConfig } from "../../hosts/daemon-json";
import { COMPOSE_PACKAGE } from "../../hosts/facts";
import type { Facts } from "../../hosts/facts";
import { readHostsBlock } from "../../hosts/hosts-block";
import { memberAddresses, unitOf } from "../../hosts/host-spec";
import { preflight } from "../../hosts/preflight";
import { plan } from "../../hosts/preparation";
import { isTrusted } from "../../hosts/repository-key";
import { KEEP } from "../../host-settings/table";
import { isClockKept } from "../../hosts/steps/clock";
import { openPorts } from "../../hosts/steps/firewall";
import { hasSwap, isOn } from "../../hosts/steps/system";
import { presentUser } from "../../hosts/steps/users";
import { parsePath } from "../adapter/path";
import type { HostInputs, HostState } from "./arguments";
import { hostInputs } from "./arguments";
import { checkHost } from "./check";
import { differences } from "./diff";
import { canonicalRepository, toSpec, usersOf } from "./spec";

/**
 * The arguments as they really are on the machine. What is not declared is left out, since nobody manages it; lists
 * hold what is declared and there.
 *
 * @param updated - whether `update` has been done
 */
export function stateOf(facts: Facts, inputs: HostInputs, updated: boolean): HostState {
  const state = given<HostState>({
    ...inputs,
    hostname: inputs.hostname === KEEP ? KEEP : facts.hostname,
    addresses: readHostsBlock(facts.hostsFile) ?? {},
    engine: engineState(facts, inputs),
    firewall:
      inputs.firewall === false
        ? false
        : {
            ...inputs.firewall,
            ports: openPorts(facts.firewall, inputs.firewall, memberAddresses(inputs)),
          },
    packages: inputs.packages.filter((name) => facts.packages[name] !== undefined),
    users: presentUsers(facts, inputs),
    modules: inputs.modules.filter((name) => facts.modules[name] === "loaded"),
    sysctls: picked(inputs.sysctls, facts.sysctls),
    ...machineState(facts, inputs),
    update: updated,
    facts: {
      os: facts.os.name,
      kernel: facts.kernel,
      architecture: facts.architecture,
      engineVersion: facts.engine.version ?? "",
    },
    pending: [],
  });
  return { ...state, pending: pendingOf(facts, inputs, state) };
}

/** The declared users that are there, with what they have of what is declared. */
function presentUsers(facts: Facts, { users }: HostInputs): HostState["users"] {
  return Object.fromEntries(
    Object.entries(usersOf(users)).flatMap(([name, wanted]) => {
      const present = presentUser(facts.users[name], wanted);
      return present === undefined ? [] : [[name, present]];
    }),
  );
}

/** What is declared of the machine itself, as it is there; what is not declared is left out. */
function machineState(
  facts: Facts,
  { services, timeService, swap, dockerCompose }: HostInputs,
): Partial<HostState> {
  return {
    services: services?.filter((name) => isOn(facts, unitOf(name))),
    timeService:
      timeService !== undefined && isClockKept(facts, timeService) ? timeService : undefined,
    swap: swap === undefined ? undefined : hasSwap(facts, swap),
    dockerCompose: dockerCompose && facts.packages[COMPOSE_PACKAGE] !== undefined,
  };
}

/** Without what is undefined. */
function given<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}

/** Steps that no property shows: a service that does not run, a file for the next boot that was changed by hand. */
function pendingOf(facts: Facts, inputs: HostInputs, state: HostState): string[] {
  const spec = toSpec(inputs, { ...state, update: true });
  const unreadable = preflight(facts, spec).filter(({ path }) => path.startsWith("engine.daemon"));
  if (unreadable.length > 0) {
    return unreadable.map(({ path, reason }) => `${path}: ${reason}`);
  }
  const topOf = (path: string): string | number | undefined => parsePath(path)[0];
  const shown = new Set(Object.keys(differences(state, inputs)).map(topOf));
  return (
    plan(facts, spec)
      // What another program did to a machine's firewall shows beside a change of the engine's own.
      .filter(
        ({ id, path }) => !shown.has(topOf(path)) || (id === "service" && facts.engine.rulesLost),
      )
      .map((step) => step.title)
  );
}

/** Arguments that describe a machine as it is, for an import. */
export function importedInputs(host: string, facts: Facts): HostInputs {
  const config = parseDaemonJson(facts.engine.daemonJson);
  const daemon = Object.fromEntries(Object.entries(config).filter(([key]) => !(key in NAMED_KEYS)));
  const labels = labelsOf(config);
  const raw = hostInputs.parse({
    host,
    hostname: facts.hostname,
    addresses: readHostsBlock(facts.hostsFile) ?? {},
    engine: {
      ...(facts.engine.version === undefined ? {} : { version: facts.engine.version }),
      ...(facts.engine.repository === undefined ? {} : { repository: repositoryOf(facts) }),
      ...keyState(facts, {}),
      ...keyed("registryMirrors", config["registry-mirrors"]),
      ...keyed("insecureRegistries", config["insecure-registries"]),
      ...keyed("labels", labels),
      ...(Object.keys(daemon).length === 0 ? {} : { daemon }),
    },
  });
  return checkHost({ news: raw }).inputs;
}

function keyed(key: string, value: unknown): Record<string, unknown> {
  return value === undefined ? {} : { [key]: value };
}

function repositoryOf({ engine }: Facts): string | undefined {
  return engine.repository === undefined ? undefined : canonicalRepository(engine.repository);
}

function engineState(facts: Facts, { engine }: HostInputs): HostState["engine"] {
  const config = daemonConfigOf(facts);
  const { version, installPending } = facts.engine;
  const repository = repositoryOf(facts);
  const list = (key: string): string[] => {
    const value = config[key];
    return Array.isArray(value) ? value.map(String) : [];
  };
  return {
    ...(version === undefined || installPending ? {} : { version }),
    // Spelt as it is declared where it means the same.
    ...(repository === undefined
      ? {}
      : {
          repository:
            repository === canonicalRepository(engine.repository) ? engine.repository : repository,
        }),
    ...keyState(facts, engine),
    ...(engine.registryMirrors === undefined ? {} : { registryMirrors: list("registry-mirrors") }),
    ...(engine.insecureRegistries === undefined
      ? {}
      : { insecureRegistries: list("insecure-registries") }),
    ...(engine.labels === undefined ? {} : { labels: labelsOf(config) ?? {} }),
    ...(engine.daemon === undefined
      ? {}
      : { daemon: { ...leftOut(engine.daemon), ...picked(engine.daemon, config) } }),
  };
}

/** The keys that are there, where they are not those that may be. */
function keyState(
  facts: Facts,
  engine: Pick<HostInputs["engine"], "repositoryKey">,
): Pick<HostState["engine"], "repositoryKey"> {
  const { repositoryKeys } = facts.engine;
  if (repositoryKeys !== undefined && !isTrusted(facts, engine))
    return { repositoryKey: [...repositoryKeys] };
  return engine.repositoryKey === undefined ? {} : { repositoryKey: engine.repositoryKey };
}

/** A file that is not JSON holds nothing; the preflight says what is wrong with it. */
function daemonConfigOf({ engine }: Facts): DaemonConfig {
  try {
    return parseDaemonJson(engine.daemonJson);
  } catch {
    return {};
  }
}

/** The declared keys that are never written, as declared: whoever leaves them out means the same. */
function leftOut(declared: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(declared).filter(([, value]) => isLeftOut(value)));
}

/** The declared keys that are there, with the values they have. */
function picked<T>(
  declared: Readonly<Record<string, unknown>>,
  present: Readonly<Record<string, T>>,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(present)
      .filter(([key]) => key in declared)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
