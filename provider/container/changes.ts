import { getAt } from "../fields/paths";
import type { Tree } from "../fields/paths";
import { forReplacement } from "../fields/replacement";
import { compareTable } from "../fields/table";
import type { ChangeKind } from "../resource";
import { containsUnknown, isUnknown } from "../value";
import type { ContainerInputs } from "./arguments";
import { conduct } from "./arguments";
import { isFixedNetwork } from "./network-row";
import { containerTable } from "./table";

/** A container as declared, or as it is. */
type Side = Omit<ContainerInputs, "state">;

/** Rows that `docker update` takes in both directions. */
const alwaysInPlace = /^(name|restartPolicy|limits\.pids|limits\.memorySwap)\b/;

/** Rows that `docker update` sets, and cannot take away again: it reads zero as "leave it". */
const setInPlace = /^(limits\.(cpus|memory|cpuShares|cpuset)|reservations\.memory)$/;

/**
 * Whether Docker makes a change while the container runs.
 *
 * @see https://github.com/moby/moby/blob/v26.1.5/container/container_unix.go (`UpdateContainer`)
 */
function isInPlace(path: string, old: Side, news: Side): boolean {
  if (path.startsWith("networks")) return canJoin(old) && canJoin(news);
  if (alwaysInPlace.test(path)) return true;
  if (!setInPlace.test(path)) return path === "limits" || path === "reservations";
  const value = getAt(news, path);
  return value !== undefined && value !== 0 && value !== "" && value !== "0";
}

/** Whether a container can be put on networks and taken off. */
function canJoin({ networks }: Side): boolean {
  // Unknown: the engine asks what happens when a network goes and comes back, which it cannot while somebody is on it.
  if (isUnknown(networks)) return false;
  return !(networks ?? []).some(({ target }) => isFixedNetwork(target));
}

/** Every change between two containers by property path, in place or by a new container; where it stands is another matter. */
export function changesBetween(old: Side, news: Side): Record<string, ChangeKind> {
  const all = Object.entries(compareTable(containerTable, old, news));
  const host = Object.entries(compareTable({ host: conduct.host }, old, news));
  return Object.fromEntries([
    ...all.map(([path, kind]): [string, ChangeKind] => [
      path,
      isInPlace(path, old, news) ? kind : forReplacement(kind),
    ]),
    ...host.map(([path, kind]): [string, ChangeKind] => [path, forReplacement(kind)]),
  ]);
}

/** Whether a change makes a new container. */
export function needsNew(changes: Readonly<Record<string, ChangeKind>>): boolean {
  return Object.values(changes).some((kind) => kind.endsWith("-replace"));
}

/** Networks that a container leaves, and that it is put on; one whose settings change is in both. */
export function networkMoves(
  old: Side,
  news: Side,
): { readonly leaves: readonly string[]; readonly joins: readonly string[] } {
  if (containsUnknown(news.networks)) return { leaves: [], joins: [] };
  const [before, after] = [targetsOf(old), targetsOf(news)];
  const isOther = (name: string): boolean => {
    const only = ({ networks }: Side): Tree => ({
      networks: networks?.filter(({ target }) => target === name) ?? [{ target: name }],
    });
    const row = { networks: containerTable.networks };
    return Object.keys(compareTable(row, only(old), only(news))).length > 0;
  };
  return {
    leaves: before.filter((name) => !after.includes(name) || isOther(name)).sort(),
    joins: after.filter((name) => !before.includes(name) || isOther(name)).sort(),
  };
}

function targetsOf({ networks }: Side): string[] {
  if (networks === undefined || networks.length === 0) return ["bridge"];
  return networks.map(({ target }) => target ?? "");
}
