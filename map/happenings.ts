import type { Picture, Tile } from "./picture";
import { nodeText } from "./words";

/**
 * What a person would say has happened between two pictures: tasks that moved, came, failed or went, nodes that changed.
 * Sorted as the lists are; nothing for what only went on its way (preparing, starting).
 */
export function happenings(before: Picture, after: Picture): string[] {
  return [...nodeHappenings(before, after), ...tileHappenings(before, after)];
}

function nodeHappenings(before: Picture, after: Picture): string[] {
  const known = new Map(before.nodes.map((node) => [node.id, node]));
  const left = new Set(after.nodes.map(({ id }) => id));
  const news = after.nodes.flatMap((node) => {
    const old = known.get(node.id);
    const text = nodeText(node);
    if (old === undefined) return [`node ${node.name} joined: ${text}`];
    return nodeText(old) === text ? [] : [`node ${node.name} is now ${text}`];
  });
  const gone = before.nodes.filter(({ id }) => !left.has(id));
  return [...news, ...gone.map(({ name }) => `node ${name} left`)];
}

function tileHappenings(before: Picture, after: Picture): string[] {
  const names = new Map([...before.nodes, ...after.nodes].map(({ id, name }) => [id, name]));
  const nameOf = (id: string): string => (id === "" ? "no node" : (names.get(id) ?? id));
  const old = new Map(before.tiles.map((tile) => [tile.id, tile]));
  const placed = lastBySlot(before.tiles);
  const slots = lastBySlot(after.tiles);
  const news = after.tiles.flatMap((tile) => {
    const same = old.get(tile.id);
    const where = nameOf(tile.node);
    const why = tile.error === "" ? "" : `: ${tile.error}`;
    if (same !== undefined) {
      if (same.condition === tile.condition) {
        return same.node === tile.node ? [] : [`${tile.name} goes to ${where}`];
      }
      if (tile.condition === "running") return [`${tile.name} runs on ${where}`];
      const isNews = ["failed", "lost", "done"].includes(tile.condition);
      return isNews ? [`${tile.name} on ${where}: ${tile.condition}${why}`] : [];
    }
    const former = placed.get(tile.slot);
    if (former === undefined) return [`${tile.name} is new on ${where}`];
    if (former.node === tile.node) return [`${tile.name} begins again on ${where}`];
    return [`${tile.name} moves from ${nameOf(former.node)} to ${where}`];
  });
  const gone = [...placed.values()].filter(({ slot }) => !slots.has(slot));
  return [...news, ...gone.map(({ name, node }) => `${name} is gone from ${nameOf(node)}`)];
}

function lastBySlot(tiles: readonly Tile[]): ReadonlyMap<string, Tile> {
  return new Map(tiles.map((tile) => [tile.slot, tile]));
}
