import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { differences, readSources } from "../../../reference/files";
import { troubleshooting } from "../../../reference/troubleshooting";

const page = (file: string, text: string) => troubleshooting("# Head\n", [{ file, text }]);

describe("troubleshooting", () => {
  it("puts a message into the section of its file, with its way out below", () => {
    const text = page("provider/node/x.ts", 'new Error("a node is down. Boot `web-1` [now].");');
    expect(text).toMatch(
      /## Nodes\n\n.*\n\n- `a node is down` {2}\n {2}Boot `web-1` \\\[now\\\]\.\n\n## Services/,
    );
  });

  it("takes the longest path that fits", () => {
    const text = page("hosts/engine.ts", 'new Error("it says nothing at all");');
    expect(text).toMatch(/## The Docker Engine\n\n.*\n\n- `it says nothing at all`\n/);
  });

  it("keeps a text with backticks whole", () => {
    expect(page("lab/x.ts", 'new Error("run `npm run up` first");')).toContain(
      "- `` run `npm run up` first ``\n",
    );
  });

  it("says what it does not know where to put", () => {
    const make = () => page("attic/x.ts", 'new Error("nobody knows this one");');
    expect(make).toThrow("attic/x.ts: no section of docs/troubleshooting.md has it");
    expect(() => page("attic/x.ts", "export const quiet = 1;")).not.toThrow();
  });

  it("has a message of every room of this project that makes errors, and its error classes", () => {
    const text = troubleshooting("", readSources(join(__dirname, "../../..")));
    for (const part of [
      "offers no ‹what› that is safe",
      "no manager of the swarm can be used",
      "a package manager has been running for 10 minutes",
      "| `HostKeyError` | The machine showed another host key",
    ])
      expect(text).toContain(part);
  });
});

describe("differences", () => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-differences-"));
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("names what only one has, and what differs", () => {
    for (const [file, text] of Object.entries({ "a/same": "1", "b/same": "1", "a/x/other": "1" })) {
      mkdirSync(join(folder, file, ".."), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    writeFileSync(join(folder, "a/changed"), "1");
    writeFileSync(join(folder, "b/changed"), "2");
    writeFileSync(join(folder, "b/new"), "2");
    expect(differences(join(folder, "a"), join(folder, "b"))).toEqual([
      "changed",
      "new",
      "x/other",
    ]);
    expect(differences(join(folder, "a"), join(folder, "none"))).toHaveLength(3);
  });
});
