/** Pixels by which tiles of one row may differ in height. */
const SLACK = 4;

/** The tile that an arrow key, Home or End leads to, by where it is to be seen; undefined for other keys. */
export function nextTile(
  root: HTMLElement | null,
  from: HTMLElement,
  key: string,
): HTMLElement | undefined {
  const tiles = [...(root?.querySelectorAll<HTMLElement>("[data-task]") ?? [])];
  const at = tiles.indexOf(from);
  if (key === "Home") return tiles[0];
  if (key === "End") return tiles.at(-1);
  if (key === "ArrowRight") return tiles[at + 1];
  if (key === "ArrowLeft") return at > 0 ? tiles[at - 1] : undefined;
  if (key === "ArrowDown") return nearest(tiles, from, 1);
  if (key === "ArrowUp") return nearest(tiles, from, -1);
  return undefined;
}

/** The nearest tile below (1) or above (-1): first the one in the same column, then whatever comes. */
function nearest(
  tiles: readonly HTMLElement[],
  from: HTMLElement,
  direction: 1 | -1,
): HTMLElement | undefined {
  const start = from.getBoundingClientRect();
  let best: { readonly tile: HTMLElement; readonly far: number } | undefined;
  for (const tile of tiles) {
    const place = tile.getBoundingClientRect();
    const down = (place.top - start.top) * direction;
    if (down <= SLACK) continue;
    // Sideways counts more: the key should not leave its column for a tile that is a little nearer.
    const far = down + 4 * Math.abs(place.left - start.left);
    if (best === undefined || far < best.far) best = { tile, far };
  }
  return best?.tile;
}
