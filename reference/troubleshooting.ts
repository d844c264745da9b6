import {
  type ErrorClass,
  errorClassesOf,
  type Message,
  messagesOf,
  shellMessagesOf,
} from "./messages";
import { sectionOf, sections } from "./sections";

/** A file of this project: its path from the root, and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/**
 * docs/troubleshooting.md out of the sources. Pure.
 *
 * @param head - what the page begins with
 * @throws Error for a source whose messages no section has
 */
export function troubleshooting(head: string, sources: readonly Source[]): string {
  const said = new Map(sections.map(({ title }) => [title, new Map<string, Message>()]));
  for (const { file, text } of sources) {
    const messages = file.endsWith(".sh") ? shellMessagesOf(text) : messagesOf(file, text);
    if (messages.length === 0) continue;
    const list = said.get(sectionOf(file).title);
    for (const message of messages) list?.set(`${message.fact}\n${message.wayOut}`, message);
  }
  const classes = sources.flatMap(({ file, text }) => errorClassesOf(file, text));
  const parts = sections.map(({ title, text }) => {
    const messages = [...(said.get(title)?.values() ?? [])];
    return `## ${title}\n\n${text}\n\n${messages.map(item).join("\n")}\n`;
  });
  return [head, kinds(classes), ...parts].join("\n");
}

function kinds(classes: readonly ErrorClass[]): string {
  const rows = [...classes]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, meaning }) => `| \`${name}\` | ${meaning.replaceAll("|", "\\|")} |`);
  const about =
    "How the sources tell them apart; the names show with `--debug`, and in code that catches them.";
  return `## Kinds of errors\n\n${about}\n\n| class | means |\n| --- | --- |\n${rows.join("\n")}\n`;
}

function item({ fact, wayOut }: Message): string {
  return wayOut === "" ? `- ${code(fact)}` : `- ${code(fact)}  \n  ${prose(wayOut)}`;
}

/** A code span, whatever backticks the text has. */
function code(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

/** Text as it stands: signs that Markdown would take for its own are written out, but code stays code. */
function prose(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith("`") ? part : part.replace(/[\\*<>[\]|]|\b_\B|\B_\b/g, "\\$&")))
    .join("");
}
