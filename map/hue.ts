/** Degrees that a person tells apart: further apart among the greens, which look alike. */
const HUES = [206, 28, 140, 286, 352, 184, 48, 318, 248, 88, 12, 164];

/** More services than that have colours in between, and after those share some. */
const BETWEEN = 11;

/**
 * Degrees on the colour wheel for each name. A name has the colour that its letters stand for, or the next one that is
 * free, so that one service more or less changes the colours of few others. Deterministic.
 */
export function huesOf(names: readonly string[]): ReadonlyMap<string, number> {
  const taken = new Set<number>();
  const hues = new Map<string, number>();
  for (const [at, name] of [...new Set(names)].sort().entries()) {
    if (at % HUES.length === 0) taken.clear();
    let colour = hashOf(name) % HUES.length;
    while (taken.has(colour)) colour = (colour + 1) % HUES.length;
    taken.add(colour);
    const between = Math.floor(at / HUES.length) % 2 === 0 ? 0 : BETWEEN;
    hues.set(name, ((HUES[colour] ?? 0) + between) % 360);
  }
  return hues;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text))
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
