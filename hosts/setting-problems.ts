import type { Facts } from "./facts";
import { unitOf } from "./host-spec";
import type { HostSpec } from "./host-spec";
import type { Problem } from "./preflight";
import { KEEP } from "../host-settings/table";

/** What stands against the settings of a machine: its name, its users, its services. */
export function settingProblems(facts: Facts, spec: HostSpec): Problem[] {
  return [
    ...nameProblems(facts, spec),
    ...userProblems(facts, spec),
    ...sudoProblems(facts, spec),
    ...serviceProblems(facts, spec),
  ];
}

/** Docker knows a node by its host name, whose first part tells which host that is. */
function nameProblems({ hostname }: Facts, spec: HostSpec): Problem[] {
  if (spec.hostname !== KEEP || hostname.split(".")[0] === spec.host) return [];
  return [
    {
      path: "hostname",
      reason: `got ${KEEP}, and the machine is called ${hostname}; expected a name whose first part is ${spec.host}, because Docker knows nodes by their host names. Call the host ${hostname.split(".")[0] ?? ""} here, or leave hostname out to have the machine renamed.`,
    },
  ];
}

/** Files belong to numbers: one that is another user's would give that user's files away. */
function userProblems({ users }: Facts, spec: HostSpec): Problem[] {
  return Object.entries(spec.users).flatMap(([name, { uid }]) => {
    if (uid === undefined) return [];
    const present = users[name];
    if (present !== undefined && present.uid !== uid)
      return [
        {
          path: `users.${name}.uid`,
          reason: `got ${uid}; the machine's ${name} has ${present.uid}, and what belongs to that number would be nobody's. Declare ${present.uid}, or change it on the machine (usermod --uid ${uid} ${name}) with the files that are outside the home.`,
        },
      ];
    const other = Object.keys(users).find((one) => one !== name && users[one]?.uid === uid);
    if (other === undefined) return [];
    return [
      {
        path: `users.${name}.uid`,
        reason: `got ${uid}, which is ${other}'s on this machine; expected one that is free. Take another.`,
      },
    ];
  });
}

function sudoProblems({ hasSudo }: Facts, { packages, users }: HostSpec): Problem[] {
  if (hasSudo || packages.includes("sudo")) return [];
  return Object.keys(users)
    .filter((name) => users[name]?.sudo !== undefined)
    .map((name) => ({
      path: `users.${name}.sudo`,
      reason: "got a rule; the machine has no sudo. Name sudo in the host's packages.",
    }));
}

/** Packages that are still to come may bring them. */
function serviceProblems({ packages: present, units }: Facts, spec: HostSpec): Problem[] {
  const { packages, services = [] } = spec;
  if (packages.some((name) => present[name] === undefined)) return [];
  return services.flatMap((name, index) =>
    units[unitOf(name)]?.present === false
      ? [
          {
            path: `services[${index}]`,
            reason: `got ${name}; the machine has no unit ${unitOf(name)}. Name the package that brings it in the host's packages, or take it out.`,
          },
        ]
      : [],
  );
}
