import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clonePaths } from "../../../tools/paths";
import { checksums, readiness, reproducible, runReleaseTask } from "../../../tools/release-task";

let root: string;
let said: string[];

const git = (...words: string[]) => execFileSync("git", words, { cwd: root, encoding: "utf8" });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "swarm-release-"));
  const dependencies = { "@pulumi/pulumi": "3.0.0", "@pulumi/random": "4.0.0" };
  writeFileSync(
    join(root, "package.json"),
    JSON.stringify({ version: "0.2.0", dependencies: { ...dependencies, pulumi: "3.0.0" } }),
  );
  writeFileSync(
    join(root, "CHANGELOG.md"),
    "# Changelog\n\n## [0.2.0] - 2026-12-01\n\n- A thing\n",
  );
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "--quiet", "-m", "x");
  said = [];
  const note = (text: string) => {
    said.push(text);
  };
  jest.spyOn(console, "log").mockImplementation(note);
  jest.spyOn(console, "error").mockImplementation(note);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true, force: true });
});

describe("npm run release", () => {
  it("is ready with a tree that a commit has and an entry for its version", async () => {
    expect(await readiness(root, "0.2.0")).toEqual({ notes: "- A thing", problems: [] });
  });

  it("refuses a dirty tree and a version without an entry, both at once, and makes nothing", async () => {
    writeFileSync(join(root, "new.txt"), "");
    writeFileSync(join(root, "package.json"), '{"version":"0.3.0"}');
    const { problems } = await readiness(root, "0.3.0");
    expect(problems).toHaveLength(2);
    expect(problems[0]).toContain("not committed (package.json, new.txt); expected");
    expect(problems[1]).toContain("no entry for version 0.3.0");
    git("checkout", "--quiet", "package.json");
    expect(await runReleaseTask(clonePaths(root), ["--dry-run"])).toBe(1);
    expect(said.join("\n")).toContain("version 0.2.0 is not ready; nothing was made.");
  });

  it("names ten changed files at most", async () => {
    for (let number = 10; number < 22; number += 1) writeFileSync(join(root, `${number}`), "");
    const { problems } = await readiness(root, "0.2.0");
    expect(problems[0]).toContain("18, 19, and 2 more)");
  });

  it("publishes nothing without --dry-run, and says what is left to do", async () => {
    expect(await runReleaseTask(clonePaths(root), [])).toBe(1);
    expect(said.join("\n")).toContain("npm publish dist/release/pulumi-swarm-0.2.0.tgz");
    expect(git("status", "--porcelain")).toBe("");
  });

  it("takes no flag that it does not know", async () => {
    await expect(runReleaseTask(clonePaths(root), ["--publish"])).rejects.toThrow("--publish");
  });
});

describe("checksums", () => {
  it("are as sha256sum reads them", async () => {
    const folder = join(root, ".git", "info");
    writeFileSync(join(folder, "b"), "two");
    writeFileSync(join(folder, "SHA256SUMS"), await checksums(folder));
    const checked = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: folder });
    expect(checked.toString()).toBe("b: OK\nexclude: OK\n");
  });
});

describe("reproducible", () => {
  it("loses what differs each time and in each folder, and nothing else", () => {
    const bill =
      '{"serialNumber":"urn:1","version":1,"metadata":{"timestamp":"now","tools":[],"component":{"name":"clone","version":"1.2.3"}}}';
    expect(JSON.parse(reproducible(bill, "swarm"))).toEqual({
      version: 1,
      metadata: { tools: [], component: { name: "swarm", version: "1.2.3" } },
    });
  });
});
