import { readFileSync } from "node:fs";
import { join } from "node:path";
import MarkdownIt from "markdown-it";

/** What stands between fences on a page of Markdown. */
export interface Block {
  /** The word behind the opening fence: `console`, `yaml`, `ts`. */
  readonly language: string;
  readonly text: string;
  /** Line of the opening fence, from 1. */
  readonly line: number;
  /** The heading that it stands under. */
  readonly heading: string;
  /** The file that the paragraph before it names first. @default - that names none */
  readonly file?: string;
}

/** A line that is typed, and what the page shows of its output. */
export interface Command {
  readonly line: string;
  readonly output: readonly string[];
}

/** A page of Markdown, as whoever copies from it sees it. */
export interface Page {
  /** Path from the repository's root. */
  readonly path: string;
  readonly blocks: readonly Block[];
}

const root = join(__dirname, "..", "..");

/** @param path - from the repository's root */
export function readPage(path: string): Page {
  return { path, blocks: blocksOf(readFileSync(join(root, path), "utf8")) };
}

/** The blocks of a page, in order, also those within lists. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let heading = "";
  let file: string | undefined;
  let isHeading = false;
  for (const token of new MarkdownIt().parse(text, {})) {
    if (token.type === "heading_open" || token.type === "heading_close") {
      isHeading = token.type === "heading_open";
      file = undefined;
    } else if (token.type === "inline") {
      const codes = (token.children ?? []).filter(({ type }) => type === "code_inline");
      if (isHeading) heading = (token.children ?? []).map(({ content }) => content).join("");
      else file = codes.map(({ content }) => content).find(isFile);
    } else if (token.type === "fence") {
      const line = (token.map?.[0] ?? 0) + 1;
      const block = { language: token.info.trim(), text: token.content, line, heading };
      blocks.push(file === undefined ? block : { ...block, file });
      file = undefined;
    }
  }
  return blocks;
}

/** A path with an ending, such as `index.ts` or `stacks/shop.yml`. */
function isFile(code: string): boolean {
  return /^[\w./-]+\.[a-z]+$/.test(code);
}

/** What a console block has typed into it: its lines behind `$`. */
export function commandsOf({ language, text }: Block): Command[] {
  if (language !== "console") return [];
  const commands: { line: string; output: string[] }[] = [];
  for (const line of text.trimEnd().split("\n"))
    if (line.startsWith("$ ")) commands.push({ line: line.slice(2), output: [] });
    else commands.at(-1)?.output.push(line);
  return commands;
}

/**
 * The first line of a page's output that is not in what was really said, after those before it. `…` stands for any
 * text, and alone on a line for any lines; without one lines follow each other.
 *
 * @returns undefined when all of it is there
 */
export function missingOf(output: readonly string[], said: string): string | undefined {
  const lines = said.split("\n").map((line) => line.trim());
  let starts = lines.map((_, index) => index);
  let isFree = true;
  for (const expected of output.map((line) => line.trim())) {
    if (expected === "…") {
      isFree = true;
      continue;
    }
    const pattern = patternOf(expected);
    const first = Math.min(...starts);
    const open = isFree ? lines.map((_, index) => index).filter((at) => at >= first) : starts;
    const found = open.filter((at) => pattern.test(lines[at] ?? ""));
    if (found.length === 0) return expected;
    starts = found.map((at) => at + 1);
    isFree = false;
  }
  return undefined;
}

/** Columns of a table are as wide as what is in them, so any run of blanks is like any other. */
function patternOf(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*").replace(/\s+/g, String.raw`\s+`)}$`);
}
