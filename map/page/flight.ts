import type { Arrangement } from "../arrangement";
import type { Tile } from "../picture";

/** Tasks that are seen to move at the same time: more are a blur, and cost time. */
const MOST = 80;
const MILLISECONDS = 700;

/** Where a task comes from: its own tile, or that of the task whose place it takes. */
export type Place = DOMRect | undefined;

/** New and moved tasks by id, and where their tiles come from; none when there are too many. */
export function placesOf(
  root: HTMLElement | null,
  before: Arrangement,
  after: Arrangement,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  if (root === null || matchMedia("(prefers-reduced-motion: reduce)").matches) return places;
  const old = new Map(tilesOf(before).map((tile) => [tile.id, tile]));
  const moved = tilesOf(after).filter(({ id, node }) => old.get(id)?.node !== node);
  if (moved.length > MOST) return places;
  for (const { id, slot } of moved) {
    const from =
      root.querySelector(`[data-task="${CSS.escape(id)}"]`) ??
      root.querySelector(`[data-slot="${CSS.escape(slot)}"]`);
    places.set(id, from?.getBoundingClientRect());
  }
  return places;
}

/** Lets each tile come from where it was, or appear. */
export function fly(root: HTMLElement | null, places: ReadonlyMap<string, Place>): void {
  for (const [id, from] of places) {
    const tile = root?.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`);
    if (!tile) continue;
    const to = tile.getBoundingClientRect();
    const start =
      from === undefined
        ? { transform: "scale(0.6)", opacity: 0 }
        : { transform: `translate(${from.left - to.left}px, ${from.top - to.top}px)`, zIndex: 5 };
    const end =
      from === undefined ? { transform: "none", opacity: 1 } : { transform: "none", zIndex: 5 };
    tile.animate([start, end], { duration: MILLISECONDS, easing: "cubic-bezier(0.3, 0, 0.1, 1)" });
  }
}

function tilesOf({ columns, homeless }: Arrangement): readonly Tile[] {
  return [...homeless, ...columns.flatMap(({ tiles }) => tiles)];
}
