import {
  Composer,
  isScalar,
  LineCounter,
  Parser,
  type CST,
  type Document,
  type ErrorCode,
  type ParsedNode,
} from "yaml";

/** One document of YAML, with what is wrong with it. */
interface Yaml {
  readonly contents: ParsedNode | null;
  readonly problems: readonly { readonly message: string; readonly offset: number }[];
  /** Line and column of an offset, both from 1. */
  readonly place: (offset: number) => { readonly line: number; readonly column: number };
}

export const deepest = 64;
export const tooDeep = `got values more than ${deepest} levels deep; expected a stack file.`;
const secondDocument =
  "a second document begins here; expected one. Docker reads the first alone: put the second into a file of its own.";

const quoting = ' A text that begins with {, [, * or &, or has ": " in it, needs quotes.';
const indenting =
  " Look at the indentation: what belongs together begins in one column, and the next line may stand too far in.";

/** What people have most often done where YAML says this. */
const advice: Readonly<Partial<Record<ErrorCode, string>>> = {
  BLOCK_AS_IMPLICIT_KEY: indenting,
  MULTILINE_IMPLICIT_KEY: indenting,
  BAD_INDENT: indenting,
  TAB_AS_INDENT: " Write spaces.",
  UNEXPECTED_TOKEN: quoting,
};

/** Signs that no document of YAML has but in escapes. */
const controls = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const unseen =
  "got a control character; expected text. Write it as an escape between double quotes.";

/** Takes a text apart without giving its scalars a meaning. Any text may come in: what is too deep is left early. */
export function parseYaml(text: string): Yaml {
  const lines = new LineCounter();
  const place: Yaml["place"] = (offset) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const control = text.search(controls);
  if (control >= 0)
    return { contents: null, problems: [{ message: unseen, offset: control }], place };
  const deep = findDeep(tokens);
  if (deep !== undefined)
    return { contents: null, problems: [{ message: tooDeep, offset: deep }], place };
  const [document, ...others] = compose(tokens, text.length);
  const second = others.find(({ contents }) => !isNothing(contents));
  if (second !== undefined)
    return {
      contents: null,
      problems: [{ message: secondDocument, offset: second.range[0] }],
      place,
    };
  // One slip is often said in two ways: the first stays.
  const first = new Map(
    (document?.errors ?? []).toReversed().map((error) => [error.pos[0], error]),
  );
  const problems = [...first.values()].toReversed().map(({ message, code, pos }) => ({
    message: `this is no YAML: ${message.replace(/\.?$/, ".")}${advice[code] ?? ""}`,
    offset: pos[0],
  }));
  return { contents: document?.contents ?? null, problems, place };
}

function isNothing(contents: ParsedNode | null): boolean {
  return contents === null || (isScalar(contents) && contents.source === "");
}

/** The offset of a token that is nested too deeply. The composer calls itself for each level; this does not. */
function findDeep(tokens: readonly CST.Token[]): number | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of tokens)
    if (token.type === "document" && token.value) open.push({ token: token.value, depth: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > deepest) return token.offset;
    if (!("items" in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

function compose(tokens: readonly CST.Token[], end: number): readonly Document.Parsed[] {
  const composer = new Composer({
    schema: "failsafe",
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  // A file can be wrong at each of its signs, and most of the time would go into traces that nobody reads.
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return [...composer.compose(tokens, true, end)];
  } finally {
    Error.stackTraceLimit = limit;
  }
}
