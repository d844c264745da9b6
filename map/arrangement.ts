import type { NodeColumn, Picture, Tile } from "./picture";

/** A node with the tasks on it. */
export interface Column {
  readonly node: NodeColumn;
  readonly tiles: readonly Tile[];
}

/** Where each task is to be seen. */
export interface Arrangement {
  readonly columns: readonly Column[];
  /** Tasks without a node, and those of nodes that are gone. */
  readonly homeless: readonly Tile[];
}

/** Puts tasks under their nodes: managers first, then by name. */
export function arrange(
  nodes: Picture["nodes"],
  tiles: Picture["tiles"],
  before?: Arrangement,
): Arrangement {
  const byNode = new Map<string, Tile[]>(nodes.map(({ id }) => [id, []]));
  const homeless: Tile[] = [];
  for (const tile of tiles) (byNode.get(tile.node) ?? homeless).push(tile);
  const known = new Map(before?.columns.map((column) => [column.node.id, column]));
  const columns = [...nodes]
    .sort((a, b) => rank(a) - rank(b))
    .map((node) => kept({ node, tiles: byNode.get(node.id) ?? [] }, known.get(node.id)));
  return { columns, homeless };
}

/** The column of before where nothing in it has changed: what draws it may leave it as it is. */
function kept(column: Column, before: Column | undefined): Column {
  const isSame =
    before?.node === column.node &&
    before.tiles.length === column.tiles.length &&
    column.tiles.every((tile, at) => tile === before.tiles[at]);
  return isSame ? before : column;
}

function rank({ role }: NodeColumn): number {
  return role === "manager" ? 0 : 1;
}
