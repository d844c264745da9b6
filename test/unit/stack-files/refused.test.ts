import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { renderFinding } from "../../../stack-files/finding";
import { readStackFiles } from "../../../stack-files/read";
import { outcomes } from "./refused-table";

const folder = join(__dirname, "../../stack-cases/refused");
const names = readdirSync(folder).map((file) => file.replace(".yml", ""));

function readCase(name: string) {
  const file = `${folder}/${name}.yml`;
  const result = readStackFiles({
    files: [file],
    disk: {
      home: "/home/me",
      read: (path) => (existsSync(path) ? readFileSync(path) : undefined),
    },
    variables: {},
    environment: {},
    profiles: [],
  });
  const findings = result.findings.map((finding) => ({
    severity: finding.severity,
    line: renderFinding(finding).replace(`${file}:`, ""),
  }));
  return { ...result, findings };
}

describe("files that Docker refuses, or takes although they are wrong", () => {
  it("are all in the table", () => {
    expect(Object.keys(outcomes).sort()).toEqual([...names].sort());
    expect(names).toHaveLength(155);
  });

  it.each(names)("%s", (name) => {
    const outcome = outcomes[name];
    const { model, findings } = readCase(name);
    if (outcome === undefined) throw new Error(`${name} is not in the table`);
    if ("line" in outcome) {
      const begins = expect.stringContaining(outcome.line) as string;
      expect(findings).toContainEqual({ severity: outcome.kind, line: begins });
      const failed = findings.some(({ severity }) => severity === "error");
      expect(failed).toBe(outcome.kind === "error");
    } else {
      expect(findings).toEqual([]);
      expect(model && outcome.pick(model)).toEqual(outcome.expected);
    }
  });

  it("are taken in silence only where Docker takes them too, or Compose means it", () => {
    const docker = readFileSync(join(folder, "../refused-29.7.2.txt"), "utf8");
    const taken = docker
      .trim()
      .split("\n")
      .map((line) => line.split(" | "))
      .filter(([, answer]) => answer === "taken")
      .map(([name]) => name);
    for (const [name, { kind }] of Object.entries(outcomes)) {
      if (kind === "asDocker") expect(taken).toContain(name);
      if (kind === "newer") expect(taken).not.toContain(name);
    }
  });
});
