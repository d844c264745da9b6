type State = "between" | "word" | "comment" | "'" | '"';

/** A command line in words, or what is wrong with it. */
export type Words =
  | { readonly words: readonly string[]; /** What a `#` cut off. */ readonly cut: string }
  | { readonly problem: string };

/**
 * The words of a command line as Docker's stacks split it: spaces, `'…'` as it is, `"…"` where a backslash takes the next
 * sign whatever it is, a backslash outside of quotes likewise, and `#` at the start of a word cuts off the rest of the
 * line. No variables, no globs, no operators.
 *
 * @see https://github.com/google/shlex/blob/e7afc7fbc510/shlex.go
 */
export function splitWords(line: string): Words {
  const words: string[] = [];
  let word = "";
  let cut = "";
  let state: State = "between";
  const signs = Array.from(line);
  for (let index = 0; index < signs.length; index += 1) {
    const sign = signs[index] ?? "";
    if (state === "comment") {
      if (sign === "\n") state = "between";
      else cut += sign;
    } else if (state === "'" || state === '"') {
      if (sign === state) state = "word";
      else if (sign === "\\" && state === '"') {
        index += 1;
        if (index >= signs.length) return { problem: "a backslash with nothing after it" };
        word += signs[index] ?? "";
      } else word += sign;
    } else if (/[ \t\r\n]/.test(sign)) {
      if (state === "word") words.push(word);
      [word, state] = ["", "between"];
    } else if (sign === "'" || sign === '"') state = sign;
    else if (sign === "\\") {
      index += 1;
      if (index >= signs.length) return { problem: "a backslash with nothing after it" };
      [word, state] = [word + (signs[index] ?? ""), "word"];
    } else if (sign === "#" && state === "between") state = "comment";
    else [word, state] = [word + sign, "word"];
  }
  if (state === "'" || state === '"') return { problem: `${state} that is not closed` };
  if (state === "word") words.push(word);
  return { words, cut };
}
