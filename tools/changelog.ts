/** A version's part of a changelog. */
interface Entry {
  /** `Unreleased`, or a version. */
  readonly title: string;
  /** `2026-11-21`; undefined where none is given. */
  readonly date: string | undefined;
  /** What stands below the heading. */
  readonly text: string;
}

/** The entries of a changelog in the form of Keep a Changelog, the newest first. Pure. */
function entriesOf(changelog: string): Entry[] {
  const [, ...parts] = changelog.split(/^(?=## )/m);
  return parts.map((part) => {
    const [heading = "", ...lines] = part.split("\n");
    const [, title = "", date] =
      /^## \[([^\]]+)\](?: - (\d{4}-\d{2}-\d{2}))?\s*$/.exec(heading) ?? [];
    return { title, date, text: lines.join("\n").trim() };
  });
}

/** What of a version was written down, or why it is not ready to be released. */
export interface Notes {
  readonly text: string;
  readonly problems: readonly string[];
}

/**
 * A version's entry of CHANGELOG.md. Pure.
 *
 * @param version - as package.json has it
 */
export function notesOf(changelog: string, version: string): Notes {
  const entries = entriesOf(changelog);
  const entry = entries.find(({ title }) => title === version);
  const open = entries.find(({ title }) => title === "Unreleased");
  const heading = `## [${version}] - YYYY-MM-DD`;
  const problems: string[] = [];
  if (entry === undefined)
    problems.push(
      `CHANGELOG.md: got no entry for version ${version} of package.json; expected "${heading}". Give the changes under [Unreleased] that heading.`,
    );
  else if (entry.date === undefined)
    problems.push(`CHANGELOG.md: [${version}]: got no date; expected "${heading}".`);
  else if (entry.text === "")
    problems.push(`CHANGELOG.md: [${version}]: got nothing; expected what changes for users.`);
  if (open !== undefined && open.text !== "")
    problems.push(
      `CHANGELOG.md: got changes under [Unreleased]; expected them under a version of their own. Raise the version in package.json, run \`npm run schema\`, and give them its heading.`,
    );
  return { text: entry?.text ?? "", problems };
}
