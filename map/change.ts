import { byName, type Picture } from "./picture";

/** What is new in one list. */
interface ListChange<T> {
  /** New or other than before. */
  readonly set: readonly T[];
  /** Ids of what is gone. */
  readonly gone: readonly string[];
}

/** The way from one picture to the next; what stayed the same is left out. */
export interface Change {
  readonly head?: Picture["head"];
  readonly nodes?: ListChange<Picture["nodes"][number]>;
  readonly services?: ListChange<Picture["services"][number]>;
  readonly tiles?: ListChange<Picture["tiles"][number]>;
}

/** The way from `before` to `after`; undefined when they are the same. */
export function changeBetween(before: Picture, after: Picture): Change | undefined {
  const nodes = listChange(before.nodes, after.nodes);
  const services = listChange(before.services, after.services);
  const tiles = listChange(before.tiles, after.tiles);
  const change: Change = {
    ...(same(before.head, after.head) ? {} : { head: after.head }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(services === undefined ? {} : { services }),
    ...(tiles === undefined ? {} : { tiles }),
  };
  return Object.keys(change).length === 0 ? undefined : change;
}

/** The picture after a change. A list in which nothing changed stays the same object. */
export function changed(before: Picture, change: Change): Picture {
  return {
    head: change.head ?? before.head,
    nodes: listAfter(before.nodes, change.nodes),
    services: listAfter(before.services, change.services),
    tiles: listAfter(before.tiles, change.tiles),
  };
}

interface Item {
  readonly id: string;
  readonly name: string;
}

function listChange<T extends Item>(
  before: readonly T[],
  after: readonly T[],
): ListChange<T> | undefined {
  const known = new Map(before.map((item) => [item.id, item]));
  const set = after.filter((item) => !same(known.get(item.id), item));
  const left = new Set(after.map(({ id }) => id));
  const gone = before.map(({ id }) => id).filter((id) => !left.has(id));
  return set.length === 0 && gone.length === 0 ? undefined : { set, gone };
}

function listAfter<T extends Item>(
  before: readonly T[],
  change: ListChange<T> | undefined,
): readonly T[] {
  if (change === undefined) return before;
  const items = new Map(before.map((item) => [item.id, item]));
  for (const id of change.gone) items.delete(id);
  for (const item of change.set) items.set(item.id, item);
  return [...items.values()].sort(byName);
}

/** Both were made by the same code, so their keys are in the same order. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
