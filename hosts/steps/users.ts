import type { Facts, UserFacts } from "../facts";
import type { HostSpec, UserSpec } from "../host-spec";
import type { Step } from "../step";
import authorizedKeys from "../scripts/authorized-keys.sh";
import sudoRule from "../scripts/sudo-rule.sh";
import userOut from "../scripts/user-out.sh";
import user from "../scripts/user.sh";

/** Users as declared: they exist, with their groups, keys and rights. What was declared before and is not now is taken back. */
export function userSteps(facts: Facts, spec: HostSpec): Step[] {
  const former = spec.former?.users ?? {};
  const names = [...new Set([...Object.keys(spec.users), ...Object.keys(former)])].sort();
  return names.flatMap((name) => [
    ...wantedSteps(name, facts.users[name], spec.users[name]),
    ...leavingSteps(name, facts.users[name], spec.users[name], former[name]),
  ]);
}

/** The part of a declared user that is there; undefined where there is no such user. */
export function presentUser(
  present: UserFacts | undefined,
  wanted: UserSpec,
): UserSpec | undefined {
  if (present === undefined) return undefined;
  const { authorizedKeys: keys, groups, sudo, uid } = wanted;
  return {
    groups: groups.filter((group) => present.groups.includes(group)),
    ...(uid === undefined ? {} : { uid: present.uid }),
    ...(keys === undefined
      ? {}
      : { authorizedKeys: keys.filter((key) => present.authorizedKeys.includes(key.trim())) }),
    ...(sudo === undefined || present.sudo === undefined ? {} : { sudo: present.sudo }),
  };
}

function wantedSteps(name: string, present: UserFacts | undefined, wanted?: UserSpec): Step[] {
  if (wanted === undefined) return [];
  const { authorizedKeys: keys = [], groups, sudo, uid } = wanted;
  const steps: Step[] = [];
  const missing = groups.filter((group) => present?.groups.includes(group) !== true).sort();
  if (present === undefined || missing.length > 0) {
    steps.push({
      id: "user",
      title:
        present === undefined
          ? `making the user ${name}`
          : `putting ${name} into ${missing.join(", ")}`,
      path: "users",
      script: user,
      args: [name, uid === undefined ? "" : String(uid), ...missing],
    });
  }
  const unknown = keys.filter((key) => present?.authorizedKeys.includes(key.trim()) !== true);
  if (unknown.length > 0) steps.push(keyStep(name, "letting", unknown));
  if (sudo !== undefined && present?.sudo !== sudo)
    steps.push({
      id: "sudo",
      title: `giving ${name} its rights with sudo`,
      path: "users",
      // A name with a dot in it is none of sudo's files.
      files: [
        { path: `/etc/sudoers.d/swarm-${name}.new`, content: `${name} ${sudo}\n`, mode: "0440" },
      ],
      script: sudoRule,
      args: [name],
    });
  return steps;
}

function leavingSteps(
  name: string,
  present: UserFacts | undefined,
  wanted: UserSpec | undefined,
  former: UserSpec | undefined,
): Step[] {
  if (present === undefined || former === undefined) return [];
  const steps: Step[] = [];
  const groups = former.groups.filter(
    (group) => wanted?.groups.includes(group) !== true && present.groups.includes(group),
  );
  const takesSudo = former.sudo !== undefined && wanted?.sudo === undefined;
  if (groups.length > 0 || (takesSudo && present.sudo !== undefined)) {
    const from = [...groups, ...(takesSudo ? ["sudo"] : [])].sort().join(", ");
    steps.push({
      id: "user-out",
      title: `taking ${name} out of ${from}`,
      path: "users",
      script: userOut,
      args: [name, takesSudo ? "sudo" : "", ...groups.sort()],
    });
  }
  const keys = (former.authorizedKeys ?? []).filter(
    (key) =>
      wanted?.authorizedKeys?.includes(key) !== true && present.authorizedKeys.includes(key.trim()),
  );
  if (keys.length > 0) steps.push(keyStep(name, "no longer letting", keys));
  return steps;
}

function keyStep(
  name: string,
  verb: "letting" | "no longer letting",
  keys: readonly string[],
): Step {
  const count = keys.length === 1 ? "a key" : `${keys.length} keys`;
  return {
    id: verb === "letting" ? "keys" : "keys-out",
    title: `${verb} ${count} log in as ${name}`,
    path: "users",
    script: authorizedKeys,
    args: [name, verb === "letting" ? "add" : "remove", ...keys.map((key) => key.trim())],
  };
}
