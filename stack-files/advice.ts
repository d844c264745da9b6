import { suggest } from "../words/suggest";
import type { Report } from "./finding";

/** Longer names, or names among more than so many, are not compared letter by letter. */
const longestGuess = 64;
const mostGuesses = 500;
const mostNames = 20;

/** Advice for an unknown name: the close one, else those that are known; nothing when nobody will read it. */
export function advise(got: string, known: readonly string[], report: Report): string {
  if (report.full) return "";
  const comparable = got.length <= longestGuess && known.length <= mostGuesses;
  const close = comparable ? suggest(got, known) : undefined;
  if (close !== undefined) return `Did you mean "${close}"?`;
  const names = [...known].sort();
  const rest = names.length > mostNames ? `, and ${names.length - mostNames} more` : "";
  return `Known: ${names.slice(0, mostNames).join(", ")}${rest}.`;
}
