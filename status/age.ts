/** Milliseconds, and how many of them are told in this unit before the next one is taken. */
const UNITS: readonly (readonly [string, number, number])[] = [
  ["min", 60_000, 60],
  ["h", 3_600_000, 48],
  ["d", 86_400_000, Infinity],
];

/** How long ago a moment was, in words that do not change every second: `< 1 min`, `5 min`, `3 h`, `12 d`; empty for none. */
export function ageOf(moment: string, now: number): string {
  const age = now - Date.parse(moment);
  if (!Number.isFinite(age)) return "";
  const [unit, size] = UNITS.find(([, each, most]) => age < each * most) ?? ["d", 86_400_000];
  const count = Math.floor(age / size);
  return count < 1 ? `< 1 ${unit}` : `${count} ${unit}`;
}
