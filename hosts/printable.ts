/** Characters of one message; a longer one is cut. A report with the last lines of a container has its room in there. */
const LONGEST = 20_000;

/**
 * What a terminal obeys, or what changes how the text around it looks: control characters (C0, DEL, C1), format
 * characters (zero width, bidirectional overrides, tags), the two separators that start a line, and halves of a
 * surrogate pair; of the blocks of format characters also those that have no meaning yet. Newlines and tabs are left.
 */
const OBEYED = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\u2060-\u206f\u{e0000}-\u{e007f}]/gu;

/**
 * Text of a host, a container or a registry as it may be shown to a person: whatever is no text is written out
 * (`\u001b[31m`), so that nobody far away moves the cursor, sets a title or hides a word. JSON stays the same JSON.
 * Takes time in proportion to `longest`.
 *
 * @param longest - characters of `text` that are shown
 */
export function printable(text: string, longest = LONGEST): string {
  const isWhole = text.length <= longest;
  // Not between the two halves of one character.
  const end = !isWhole && isHighSurrogate(text, longest - 1) ? longest - 1 : longest;
  const shown = isWhole ? text : text.slice(0, end);
  const clean = shown.replaceAll("\r\n", "\n").replace(OBEYED, writtenOut);
  return isWhole ? clean : `${clean}… (${text.length - end} more characters)`;
}

/** The same on one line: for a progress line, or a cell of a table. */
export function printableLine(text: string, longest = LONGEST): string {
  return printable(text.replace(/[\r\n\t]+/g, " "), longest);
}

/** The same for every text in a value; keys are left. */
export function printableIn<T>(value: T): T {
  if (typeof value === "string") return printableLine(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => printableIn(item)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, printableIn<unknown>(item)]);
  return Object.fromEntries(entries) as T;
}

function isHighSurrogate(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit <= 0xdbff;
}

function writtenOut(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
    .join("");
}
