import { distance } from "fastest-levenshtein";

/** The known name that a mistyped one is close to; undefined when none is. */
export function suggest(got: string, known: readonly string[]): string | undefined {
  const near = known
    .map((name) => ({ name, far: distance(got.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, far }) => far <= Math.floor((name.length + 1) / 3))
    .sort((a, b) => a.far - b.far || a.name.localeCompare(b.name));
  return near[0]?.name;
}

/** Advice for an unknown name: the close one, else all that are known. */
export function advise(got: string, known: readonly string[]): string {
  const close = suggest(got, known);
  if (close !== undefined) return `Did you mean "${close}"?`;
  return `Known: ${[...known].sort().join(", ")}.`;
}
