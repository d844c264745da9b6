/** Head of the file with all results. */
const HEAD = `# Benchmarks

Written by \`npm run bench\`; \`npm run bench -- NAME\` writes the section of that name anew. What the figures mean is in
[docs/performance.md](docs/performance.md). Seconds depend on the machine and on what else it does: compare ratios.
`;

/**
 * The file with all results, one benchmark's section written anew; sections are in the order of their names.
 *
 * @param text - the file as it is; empty where there is none
 * @param body - of the section, Markdown
 */
export function withSection(text: string, name: string, body: string): string {
  const sections = new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf("\n");
        return [section.slice(0, end).trim(), section.slice(end).trim()] as const;
      }),
  );
  sections.set(name, body.trim());
  const written = [...sections]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, own]) => `## ${title}\n\n${own}\n`);
  return [HEAD, ...written].join("\n");
}
