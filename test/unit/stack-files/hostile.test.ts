import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { declare } from "../../../stack-files/convert";
import { renderFinding } from "../../../stack-files/finding";
import { readStackFiles } from "../../../stack-files/read";
import { lines, read } from "./sample";

const folder = join(__dirname, "../../stack-cases");

function textsOf(path: string): readonly string[] {
  return readdirSync(path)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => readFileSync(join(path, name), "utf8"));
}

const whole = textsOf(folder);
const seeds = fc.oneof(
  fc.constantFrom(...whole),
  fc.constantFrom(...textsOf(join(folder, "refused"))),
);
const more = Object.fromEntries(
  readdirSync(join(folder, "files")).map((name) => [
    `stacks/files/${name}`,
    readFileSync(join(folder, "files", name)),
  ]),
);

const tokens = [
  ...[
    "{",
    "}",
    "[",
    "]",
    ": ",
    "- ",
    "\n",
    "  ",
    "\t",
    ",",
    "? ",
    "#",
    "~",
    "'",
    '"',
    "|\n",
    ">\n",
  ],
  ...[
    "&a ",
    "*a",
    "<<: *a",
    "!!str ",
    "!reset ",
    "%YAML 1.1\n",
    "---\n",
    "...\n",
    "\ufeff",
    "\u0000",
  ],
  ...[
    "$",
    "${",
    "${A:-",
    "${A:?",
    "0x",
    "1e999",
    "-1",
    "null",
    "true",
    "1-65535",
    "1-65535:1-65535",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "services",
    "networks",
    "ports",
    "x-",
    "a".repeat(300),
  ],
];

const words = [
  ...["0", "-1", "5s", "64M", "1.50", "080", "true", "no", "null", "[]", "{}", "a", "80:80", "one"],
  ...[
    "volume",
    "external",
    "data",
    "host",
    "/x",
    "./x",
    "CMD",
    "2001-12-14",
    "1e3",
    "'x'",
    '"${A:-1}"',
  ],
];

/** One change to a text: something put in, cut out, doubled, or a word put in another one's place. */
const change = fc.tuple(
  fc.constantFrom("put", "cut", "double", "word", "word", "word"),
  fc.nat(),
  fc.nat(40),
  fc.constantFrom(...tokens),
  fc.constantFrom(...words),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function mutate(text: string, changes: readonly Change[]): string {
  return changes.reduce((before, [how, where, length, token, word]) => {
    const at = where % (before.length + 1);
    const [head, tail] = [before.slice(0, at), before.slice(at)];
    if (how === "put") return head + token + tail;
    if (how === "word") return head.replace(/[\w.-]*$/, "") + word + tail.replace(/^[\w.-]*/, "");
    return how === "cut" ? head + tail.slice(length) : head + tail.slice(0, length) + tail;
  }, text);
}

describe("files that are anything", () => {
  it("are read or refused in words, never with an exception, and fast: 10,000 of them", () => {
    let models = 0;
    fc.assert(
      fc.property(
        seeds,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.option(fc.constantFrom(...whole), { freq: 1 }),
        (seed, changes, second) => {
          const text = mutate(seed, changes);
          const options = { more, projectDirectory: "/srv" };
          const start = performance.now();
          const { model, findings } = read(second === null ? text : [text, second], options);
          expect(performance.now() - start).toBeLessThan(5000);
          const failed = findings.some(({ severity }) => severity === "error");
          for (const finding of findings) expect(renderFinding(finding)).not.toMatch(/\p{Cc}/u);
          if (model === undefined) return;
          // What is left of a file with errors is declared too, for all that is wrong with it.
          expect(() => declare(model, { name: "shop" })).not.toThrow();
          if (!failed) models += 1;
        },
      ),
      { numRuns: 10_000 },
    );
    // Some of the changed files are still stack files: it is not the parser alone that is tried.
    expect(models).toBeGreaterThan(200);
  });

  const web = "services:\n  web:\n    image: x\n";
  const count = (length: number, line: (index: number) => string): string =>
    Array.from({ length }, (_, index) => line(index)).join("");
  const bombs: Readonly<Record<string, string>> = {
    "aliases of aliases": `x-0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${count(
      12,
      (at) => `x-${at + 1}: &a${at + 1} [${`*a${at},`.repeat(10)}]\n`,
    )}${web}`,
    "merges of merges": `x-0: &a0 {k: v}\n${count(
      30,
      (at) => `x-${at + 1}: &a${at + 1} {<<: [*a${at}], p${at}: *a${at}, q${at}: *a${at}}\n`,
    )}${web}`,
    "one map merged often": `x-a: &a {${count(300, (at) => `k${at}: v,`)}}\nx-b: {<<: [${"*a,".repeat(20_000)}]}\n${web}`,
    "lists without end": `a: ${"[".repeat(200_000)}`,
    "maps without end": "{a: ".repeat(60_000),
    "dashes without end": "- ".repeat(120_000),
    "wrong everywhere": "[]".repeat(100_000),
    "unknown keys": web + count(10_000, (at) => `    kezz${at}: 1\n`),
    "undefined secrets": `${web}    secrets: [${count(20_000, (at) => `zz${at},`)}]\nsecrets: {${count(2000, (at) => `a${at}: {external: true},`)}}`,
    "ranges of ports": `${web}    ports: [${count(10_000, (at) => `"1-${65_000 - at}",`)}]\n`,
    "open variables": `${web}    labels: {a: "${"${A:-".repeat(40_000)}"}\n`,
    "options of a mount": `${web}    volumes: ["/a:/b:${"z,".repeat(100_000)}"]\n`,
    "a chain of dependencies": `services: {${count(3000, (at) => `s${at}: {image: x, depends_on: [s${(at + 1) % 3000}]},`)}}`,
    "a long image": `services: {web: {image: "${"a-".repeat(100_000)}"}}`,
    "a long number": `${web}    hostname: 0x${"f".repeat(200_000)}\n`,
    "too much": `${web}#${"x".repeat(300_000)}\n`,
  };

  /** Not wrong, but much. */
  const harmless = ["options of a mount", "a long number"];

  it.each(Object.keys(bombs))("%s: bounded in time and words", (name) => {
    const start = performance.now();
    const said = lines(bombs[name] ?? "");
    // A guard against growth by the square, far above what any takes on a busy machine.
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(said.length).toBeLessThanOrEqual(1001);
    expect(said.some((line) => line.startsWith("error"))).toBe(!harmless.includes(name));
    expect(said.every((line) => line.length < 2000)).toBe(true);
  });
});

describe("files that cannot be read", () => {
  it("are named", () => {
    const disk = {
      home: "/",
      read: (path: string) => {
        if (path === "gone.yml") return undefined;
        throw new Error("it is a folder");
      },
    };
    const request = { disk, variables: {}, environment: {}, profiles: [] };
    const of = (given: object): readonly string[] =>
      readStackFiles({ ...request, files: [], ...given }).findings.map(renderFinding);
    expect(of({ files: ["gone.yml", "stacks"], envFile: "folder" })).toEqual([
      "folder cannot be read: it is a folder",
      "gone.yml is not there; expected a stack file.",
      "stacks cannot be read: it is a folder",
    ]);
    expect(of({})).toEqual(["got no file; expected at least one stack file."]);
  });
});
