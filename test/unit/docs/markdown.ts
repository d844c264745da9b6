import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import MarkdownIt from "markdown-it";
import type { Token } from "markdown-it";

/** What a Markdown text consists of, with what stands within lines as tokens of their own. */
function tokensOf(text: string): Token[] {
  const blocks = new MarkdownIt({ html: true }).parse(text, {});
  return blocks.flatMap((token) => [token, ...(token.children ?? [])]);
}

/** Places in a Markdown file that a link may lead to, as GitHub names them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const tokens = tokensOf(text);
  for (const [index, { type, content }] of tokens.entries()) {
    const [, id] = type.startsWith("html") ? (/<a id="([^"]+)">/.exec(content) ?? []) : [];
    if (id !== undefined) anchors.add(id);
    if (tokens[index - 1]?.type !== "heading_open") continue;
    const title = (tokens[index]?.children ?? []).map((part) => part.content).join("");
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let free = slug;
    for (let number = 1; anchors.has(free); number += 1) free = `${slug}-${number}`;
    anchors.add(free);
  }
  return anchors;
}

/** Links and pictures of a Markdown file that lead nowhere in this project, with the reason. */
export function brokenLinks(root: string, file: string): string[] {
  const tokens = tokensOf(readFileSync(join(root, file), "utf8"));
  const links = tokens.flatMap((token) => token.attrGet("href") ?? token.attrGet("src") ?? []);
  return links.flatMap((link) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? join(root, file) : join(root, dirname(file), decodeURI(path));
    if (relative(root, target).startsWith(".."))
      return [`${file}: ${link} leads out of the project`];
    if (!existsSync(target)) return [`${file}: ${link} is not there`];
    if (anchor === undefined || statSync(target).isDirectory()) return [];
    return anchorsOf(readFileSync(target, "utf8")).has(decodeURI(anchor))
      ? []
      : [`${file}: ${link} has no such heading`];
  });
}
