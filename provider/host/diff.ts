import { isDeepStrictEqual } from "node:util";
import { satisfies } from "../../hosts/host-spec";
import { childPath, isTree } from "../fields/paths";
import type { ChangeKind, Diff } from "../resource";
import type { HostInputs, HostState } from "./arguments";
import { usersOf } from "./spec";

type Changes = Record<string, ChangeKind>;

/** Lists whose order means nothing: a member is there or it is not. */
const SETS = new Set([
  "packages",
  "modules",
  "members",
  "services",
  "engine.repositoryKey",
  "firewall.ports",
  "firewall.sources",
]);

/** Groups and keys of a user. */
function isOfUser(path: string): boolean {
  return path.startsWith("users.") || path.startsWith("users[");
}

/** What an update would change. */
export function diffHost({ old, news }: { old: HostState; news: HostInputs }): Diff {
  const changes: Changes = { ...differences(old, news) };
  if (old.host !== news.host) {
    changes.host = "update-replace";
  }
  if (old.pending.length > 0) {
    changes.pending = "update";
  }
  return { changes };
}

/** How a machine differs from its arguments, per property. */
export function differences(old: HostState, news: HostInputs): Changes {
  const changes: Changes = {};
  for (const key of COMPARED) {
    const [before, after] =
      key === "users" ? [usersOf(old.users), news.users] : [old[key], news[key]];
    compare(key, before, after, changes);
  }
  if (satisfiesVersion(old, news)) {
    Reflect.deleteProperty(changes, "engine.version");
  }
  return changes;
}

const COMPARED = [
  "hostname",
  "addresses",
  "members",
  "memberSources",
  "engine",
  "firewall",
  "packages",
  "users",
  "modules",
  "sysctls",
  "services",
  "timeService",
  "swap",
  "update",
  "dockerCompose",
  "removeEngine",
] as const;

/** No version declared means whatever is there, as long as something is. */
function satisfiesVersion(old: HostState, news: HostInputs): boolean {
  const { version } = news.engine;
  return version === undefined || satisfies(old.engine.version, version);
}

function compare(path: string, old: unknown, news: unknown, changes: Changes): void {
  if (isDeepStrictEqual(old, news)) {
    return;
  }
  if (old === undefined || news === undefined) {
    changes[path] = old === undefined ? "add" : "delete";
  } else if (Array.isArray(old) && Array.isArray(news)) {
    (SETS.has(path) || isOfUser(path) ? compareSets : compareLists)(path, old, news, changes);
  } else if (isTree(old) && isTree(news)) {
    for (const key of [...new Set([...Object.keys(old), ...Object.keys(news)])].sort()) {
      compare(childPath(path, key), old[key], news[key], changes);
    }
  } else {
    changes[path] = "update";
  }
}

function compareLists(
  path: string,
  old: readonly unknown[],
  news: readonly unknown[],
  changes: Changes,
): void {
  for (let index = 0; index < Math.max(old.length, news.length); index += 1) {
    compare(childPath(path, index), old[index], news[index], changes);
  }
}

function compareSets(
  path: string,
  old: readonly unknown[],
  news: readonly unknown[],
  changes: Changes,
): void {
  for (const [index, member] of old.entries()) {
    if (!news.includes(member)) {
      changes[childPath(path, index)] = "delete";
    }
  }
  for (const [index, member] of news.entries()) {
    if (!old.includes(member)) {
      const at = childPath(path, index);
      changes[at] = at in changes ? "update" : "add";
    }
  }
}
