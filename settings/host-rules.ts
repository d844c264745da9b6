import { mergeFirewall, mergeHost } from "../host-settings/merge";
import { KEEP } from "../host-settings/table";
import { hostName } from "../host-settings/values";
import { entriesOf, isMap, type Loose } from "./loose";
import { pathOf } from "../words/path";
import { mismatch, type Problem } from "./problem";

/** What the settings of a machine mean for one another. Shapes are the schema's to look at. */
export function hostSettingProblems(
  raw: Loose,
  hosts: readonly (readonly [string, Loose])[],
): Problem[] {
  const common = isMap(raw.host) ? raw.host : {};
  const problems: Problem[] = [];
  if (typeof common.hostname === "string" && common.hostname !== KEEP)
    problems.push(
      mismatch(
        ["host", "hostname"],
        common.hostname,
        `"${KEEP}", because no two machines have one name. Give each its own in hosts.NAME.hostname`,
      ),
    );
  return [
    ...problems,
    ...hosts.flatMap(([name, host]) => hostnameProblems(name, host)),
    ...uidProblems(["host", "users"], common.users),
    ...hosts.flatMap(([name, host]) =>
      isMap(host.users) ? uidProblems(["hosts", name, "users"], usersOf(common, host)) : [],
    ),
  ];
}

/** The firewall of a host, as far as its shape is right. */
export function firewallOf(raw: Loose, host: Loose): Loose | false {
  const [common, own] = [raw.firewall, host.firewall].map(loose);
  return mergeFirewall<Loose>(common, own);
}

function loose(firewall: unknown): Loose | false | undefined {
  if (firewall === false) return false;
  if (!isMap(firewall)) return undefined;
  const lists = ["sources", "ports"].map((key) => firewall[key]);
  return lists.every((list) => list === undefined || Array.isArray(list)) ? firewall : undefined;
}

/** Docker knows a node by its hostname; the first part of it tells which host that is. */
function hostnameProblems(name: string, { hostname }: Loose): Problem[] {
  if (!hostName.safeParse(hostname).success) return [];
  if (hostname === KEEP || String(hostname).split(".")[0] === name) return [];
  return [
    mismatch(
      ["hosts", name, "hostname"],
      hostname,
      `"${KEEP}" or a name whose first part is the host's, such as "${name}.example.org", because Docker ` +
        "knows nodes by their host names. To have another one, rename the host here",
    ),
  ];
}

function usersOf(common: Loose, host: Loose): unknown {
  const users = { users: isMap(common.users) ? common.users : {} };
  return mergeHost<Loose>(users, { users: host.users }).users;
}

function uidProblems(path: readonly string[], users: unknown): Problem[] {
  const first = new Map<unknown, string>();
  return entriesOf(users).flatMap(([name, user]) => {
    if (!isMap(user) || user.uid === undefined) return [];
    const other = first.get(user.uid);
    first.set(user.uid, other ?? name);
    if (other === undefined) return [];
    return [
      {
        path: pathOf([...path, name, "uid"]),
        reason: `got ${JSON.stringify(user.uid)}, the number of ${other} too; expected one of its own`,
      },
    ];
  });
}
