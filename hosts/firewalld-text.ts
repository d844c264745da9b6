const RULE_END = "</rule>";

/**
 * Takes the rich rules, `<rule …>…</rule>`, out of a zone's file. In one go: it may be long, and made to be slow to read.
 */
export function withoutRules(xml: string): { readonly plain: string; readonly rules: string[] } {
  const rules: string[] = [];
  const between: string[] = [];
  let from = 0;
  for (const { index } of xml.matchAll(/<rule\b/g)) {
    if (index < from) continue;
    const end = xml.indexOf(RULE_END, index);
    if (end < 0) break;
    between.push(xml.slice(from, index));
    from = end + RULE_END.length;
    rules.push(xml.slice(index, from));
  }
  return { plain: [...between, xml.slice(from)].join(""), rules };
}

/** The strings of busctl's answer: `as 2 "esp" "rule family=\"ipv4\" accept"`. */
export function quoted(answer: string): string[] {
  const strings: string[] = [];
  for (let at = answer.indexOf('"'); at >= 0;) {
    const end = closingQuote(answer, at + 1);
    if (end < 0) break;
    strings.push(answer.slice(at + 1, end).replace(/\\(.)/g, "$1"));
    at = answer.indexOf('"', end + 1);
  }
  return strings;
}

/** The next quote that no backslash stands before; -1 when there is none. */
function closingQuote(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}
