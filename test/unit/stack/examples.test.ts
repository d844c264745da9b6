import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { rowOf } from "../../../lab/images/extra";
import { decode, parseSettings } from "../../../settings/parse";
import { render } from "../../../settings/problem";
import { stackFileErrors } from "../../../settings/stack-files";
import { loadStack } from "../../../stack-files/load";

// Proves that the committed stack files and what stacks/README.md says of them hold. That they run, drills prove.

const repository = join(__dirname, "../../..");
const files = readdirSync(join(repository, "stacks")).filter((name) => name.endsWith(".yml"));
const readme = readFileSync(join(repository, "stacks/README.md"), "utf8");

let folder: string;
const before = process.cwd();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-examples-"));
  symlinkSync(join(repository, "stacks"), join(folder, "stacks"));
  mkdirSync(join(folder, "certs"));
  for (const name of ["shop.key", "shop.crt"]) writeFileSync(join(folder, "certs", name), name);
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

/** Configurations in the document. */
function configurations(): string[] {
  return [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
}

const hosts = { "manager-1": { role: "manager" }, "worker-1": { role: "worker" } };

describe("stacks/README.md", () => {
  it("lists every file that stands by itself", () => {
    const alone = files.filter((name) => !/\.(dev|prod)\.yml$/.test(name));
    expect(alone.filter((name) => !readme.includes(`(${name})`))).toEqual([]);
  });

  it.each(configurations().map((text) => [/stacks\/[\w.-]+/.exec(text)?.[0] ?? "", text]))(
    "has a configuration for %s that is complete",
    (_, text) => {
      const config = { "swarm:lab": {}, "swarm:hosts": hosts, ...(parse(text) as object) };
      const raw = decode(
        Object.fromEntries(
          Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]),
        ),
      );
      const parsed = parseSettings(raw);
      expect("problems" in parsed ? parsed.problems.map(render) : parsed.warnings).toEqual([]);
      expect(stackFileErrors(raw.stacks)).toEqual([]);
    },
  );
});

describe("stack files", () => {
  const whole = files.filter((name) => !/\.(dev|prod|build)\.yml$/.test(name));

  it.each(whole)("%s has nothing wrong, and the lab has its images", (name) => {
    const { declaration, findings } = loadStack({ name: "story", files: [`stacks/${name}`] });
    expect(findings).toEqual([]);
    const images = Object.values(declaration?.services ?? {}).map(
      ({ args }) => args.image as string,
    );
    expect(images.filter((image) => rowOf(image) === undefined)).toEqual([]);
  });

  it("with build alone is refused, and told what to do", () => {
    const { findings } = loadStack({ name: "story", files: ["stacks/composetest.build.yml"] });
    const errors = findings.filter(({ severity }) => severity === "error");
    expect(errors.map(({ message }) => message)).toEqual([
      "got no image; expected one. A swarm builds nothing: build it, push it to a registry that all nodes reach, and name it with image.",
    ]);
  });
});
