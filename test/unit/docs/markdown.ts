import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** A Markdown file without its code: what stands between backticks is no link and no heading. */
function withoutCode(text: string): string {
  return text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, "").replace(/(`+)[^`][\s\S]*?\1/g, "");
}

/** Places in a Markdown file that a link may lead to, as GitHub names them. */
export function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  const prose = text.replace(/^( *)(```|~~~)[\s\S]*?^\1\2/gm, "");
  for (const [, title = ""] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = title
      .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, "")
      .replaceAll(" ", "-");
    let free = slug;
    for (let number = 1; anchors.has(free); number += 1) free = `${slug}-${number}`;
    anchors.add(free);
  }
  for (const [, id = ""] of prose.matchAll(/<a id="([^"]+)">/g)) anchors.add(id);
  return anchors;
}

/** Links of a Markdown file that lead nowhere in this project, with the reason. */
export function brokenLinks(root: string, file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const links = withoutCode(text).matchAll(/\]\(<?([^)\s>]+)>?(?: "[^"]*")?\)/g);
  return [...links].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/.test(link)) return [];
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? join(root, file) : join(root, dirname(file), decodeURI(path));
    if (relative(root, target).startsWith(".."))
      return [`${file}: ${link} leads out of the project`];
    if (!existsSync(target)) return [`${file}: ${link} is not there`];
    if (anchor === undefined || statSync(target).isDirectory()) return [];
    return anchorsOf(readFileSync(target, "utf8")).has(anchor)
      ? []
      : [`${file}: ${link} has no such heading`];
  });
}
