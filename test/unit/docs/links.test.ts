import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anchorsOf, brokenLinks } from "./markdown";

const root = join(__dirname, "../../..");
const listed = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
const files = execFileSync("git", listed, { cwd: root, encoding: "utf8" }).trim().split("\n");

describe("links in Markdown files", () => {
  it("lead to files and headings that are there", () => {
    expect(files).toContain("README.md");
    expect(files.flatMap((file) => brokenLinks(root, file))).toEqual([]);
  });

  it("can be told from broken ones", () => {
    const folder = mkdtempSync(join(tmpdir(), "swarm-links-"));
    try {
      writeFileSync(join(folder, "b.md"), "# A `code` title\n## Twice\n## Twice\n");
      writeFileSync(
        join(folder, "a.md"),
        "[1](b.md#a-code-title) [2](b.md#twice-1) [3](#none) [4](c.md) `[5](d.md)`\n[6](../e.md) [7](https://x.org/y)\n",
      );
      expect(brokenLinks(folder, "a.md")).toEqual([
        "a.md: #none has no such heading",
        "a.md: c.md is not there",
        "a.md: ../e.md leads out of the project",
      ]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("know headings by GitHub's names", () => {
    expect([...anchorsOf("# What's `npm run up`?\n```\n# no\n```\n")]).toEqual([
      "whats-npm-run-up",
    ]);
  });
});
