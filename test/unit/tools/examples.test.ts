import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ArgumentsError } from "../../../tools/arguments";
import { withExamples } from "../../../tools/examples";

describe("withExamples", () => {
  let root = "";
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "swarm-examples-"));
    for (const name of ["kafka", "redis", "notes"])
      mkdirSync(join(root, "examples", name), { recursive: true });
    for (const name of ["kafka", "redis"])
      writeFileSync(join(root, "examples", name, "index.ts"), "");
    writeFileSync(join(root, "examples", "README.md"), "");
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  const own = { own: true };
  const file = (text: string, encrypted = false) => ({
    path: "Pulumi.dev.yaml",
    text,
    lab: {},
    encrypted,
  });

  it("leaves a configuration alone when none is named", async () => {
    const declared = file("config: {}\n");
    expect(await withExamples({ root }, { own: false }, declared, [])).toBe(declared);
  });

  it.each([
    ["beside what is declared", "config:\n  swarm:stacks:\n    shop: { component: WordPress }\n"],
    ["where nothing is declared", "config:\n  swarm:hosts: {}\n"],
    ["where the list is empty", "config:\n  swarm:stacks: {}\n"],
  ])("puts examples %s", async (_, text) => {
    const { text: made } = await withExamples({ root }, own, file(text), ["redis", "kafka"]);
    const before = (parse(text) as { config: Record<string, object> }).config;
    expect(parse(made)).toEqual({
      config: {
        ...before,
        "swarm:stacks": {
          ...before["swarm:stacks"],
          redis: { program: "examples/redis" },
          kafka: { program: "examples/kafka" },
        },
      },
    });
  });

  it("refuses what is no example, and says what there is", async () => {
    const act = withExamples({ root }, own, file("config: {}\n"), ["redsi", "notes"]);
    await expect(act).rejects.toThrow(
      new ArgumentsError("--example: got redsi, notes; expected one of kafka, redis"),
    );
  });

  it.each([
    ["a backend of the user's", { own: false }, false],
    ["an encryption of the user's", { own: true }, true],
  ])("refuses %s and says what to write", async (_, backend, encrypted) => {
    const act = withExamples({ root }, backend, file("config: {}\n", encrypted), ["redis"]);
    await expect(act).rejects.toThrow(
      "Write into it, under swarm:stacks: redis: { program: examples/redis }",
    );
  });
});
