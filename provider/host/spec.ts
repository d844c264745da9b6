import { declaredDaemonConfig } from "../../hosts/daemon-json";
import type { FormerSpec, HostSpec } from "../../hosts/host-spec";
import { memberAddresses, ownAddress, unitOf } from "../../hosts/host-spec";
import type { FactsRequest } from "../../hosts/facts";
import { USER_GROUPS } from "../../host-settings/table";
import type { HostInputs, HostState } from "./arguments";

/** One spelling of a repository's URL: down to `/linux`, without a slash at its end. */
export function canonicalRepository(url: string): string {
  const trimmed = url.replace(/\/+$/, "");
  return trimmed.endsWith("/linux") ? trimmed : `${trimmed}/linux`;
}

/**
 * The arguments as the preparation wants them.
 *
 * @param old - how the host was left by the last run; what is in it and not in the arguments is taken back
 */
export function toSpec(inputs: HostInputs, old?: HostState): HostSpec {
  const { engine } = inputs;
  return {
    host: inputs.host,
    hostname: inputs.hostname,
    addresses: inputs.addresses,
    members: inputs.members,
    memberSources: inputs.memberSources,
    engine: { ...engine, repository: canonicalRepository(engine.repository) },
    firewall: inputs.firewall,
    packages: inputs.packages,
    users: usersOf(inputs.users),
    modules: inputs.modules,
    sysctls: inputs.sysctls,
    services: inputs.services,
    timeService: inputs.timeService,
    swap: inputs.swap,
    dockerCompose: inputs.dockerCompose,
    update: inputs.update && old?.update !== true,
    ...(old === undefined ? {} : { former: formerOf(inputs, old) }),
  };
}

/**
 * What to look for on the machine.
 *
 * @param old - how the host was left by the last run
 */
export function toRequest(inputs: HostInputs, old?: HostState): FactsRequest {
  const users = usersOf(inputs.users);
  return {
    address: ownAddress(inputs),
    modules: inputs.modules,
    packages: inputs.packages,
    users: [...Object.keys(users), ...Object.keys(usersOf(old?.users))],
    uids: Object.values(users).flatMap(({ uid }) => uid ?? []),
    sysctls: Object.keys(inputs.sysctls),
    units: (inputs.services ?? []).map(unitOf),
  };
}

/** All that may be there of a preparation: as it was found last, and what was taken away in part by hand since. */
export function toTakeBack(old: HostState, declared: HostInputs | undefined): HostInputs {
  const found = { ...old, engine: { ...old.engine, repository: old.engine.repository ?? "" } };
  if (declared === undefined) return found;
  const { firewall } = found;
  const former = declared.firewall;
  return {
    ...found,
    addresses: { ...declared.addresses, ...found.addresses },
    firewall:
      firewall === false || former === false
        ? firewall
        : { ...firewall, ports: [...new Set([...former.ports, ...firewall.ports])] },
  };
}

/** Users by name. A state that was written before they had anything of their own has a list of names. */
export function usersOf(users: unknown): HostInputs["users"] {
  if (!Array.isArray(users)) return (users ?? {}) as HostInputs["users"];
  return Object.fromEntries(users.map((name) => [String(name), { groups: USER_GROUPS }]));
}

function formerOf(inputs: HostInputs, old: HostState): FormerSpec {
  const keys = (engine: HostState["engine"]): string[] =>
    Object.keys(declaredDaemonConfig({ ...engine, repository: "" }));
  const declared = keys(inputs.engine);
  return {
    daemonKeys: keys(old.engine).filter((key) => !declared.includes(key)),
    users: usersOf(old.users),
    ...(inputs.firewall === false || old.firewall === false
      ? {}
      : {
          firewall: {
            spec: old.firewall,
            members: memberAddresses({ ...old, hostname: inputs.hostname }),
          },
        }),
  };
}
