import { readFileSync } from "node:fs";
import { join } from "node:path";
import { notesOf } from "../../../tools/changelog";

const changelog = (unreleased: string, entry: string) =>
  `# Changelog\n\n## [Unreleased]\n${unreleased}\n${entry}\n## [0.1.0] - 2026-11-21\n\nThe first.\n`;

describe("notesOf", () => {
  it("gives a version's own part", () => {
    const text = changelog("", "## [0.2.0] - 2026-12-01\n\n### Added\n\n- A thing\n");
    expect(notesOf(text, "0.2.0")).toEqual({ text: "### Added\n\n- A thing", problems: [] });
    expect(notesOf(text, "0.1.0")).toEqual({ text: "The first.", problems: [] });
  });

  it("refuses a version without an entry", () => {
    expect(notesOf(changelog("", ""), "0.2.0").problems).toEqual([
      'CHANGELOG.md: got no entry for version 0.2.0 of package.json; expected "## [0.2.0] - YYYY-MM-DD". Give the changes under [Unreleased] that heading.',
    ]);
  });

  it("refuses an entry without a date, and one that says nothing", () => {
    const undated = changelog("", "## [0.2.0]\n\n- A thing\n");
    expect(notesOf(undated, "0.2.0").problems).toEqual([
      'CHANGELOG.md: [0.2.0]: got no date; expected "## [0.2.0] - YYYY-MM-DD".',
    ]);
    const empty = changelog("", "## [0.2.0] - 2026-12-01\n");
    expect(notesOf(empty, "0.2.0").problems).toEqual([
      "CHANGELOG.md: [0.2.0]: got nothing; expected what changes for users.",
    ]);
  });

  it("refuses changes that no version has", () => {
    const { problems } = notesOf(changelog("\n- A thing\n", ""), "0.1.0");
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^CHANGELOG\.md: got changes under \[Unreleased\]; expected/);
  });

  it("reads this project's own", () => {
    const own = readFileSync(join(__dirname, "../../../CHANGELOG.md"), "utf8");
    expect(notesOf(own, "0.1.0").text).toMatch(/^The first version\./);
  });
});
