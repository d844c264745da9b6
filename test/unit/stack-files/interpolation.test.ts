import fc from "fast-check";
import { lines, modelOf, read, said, web } from "./sample";

const variables = { A: "one", E: "" };

/** What a label that says this is. */
function label(text: string, more = {}): string | undefined {
  return web(`labels: {a: ${JSON.stringify(text)}}`, { variables, ...more }).labels.a;
}

describe("variables", () => {
  it.each([
    ["$A", "one"],
    ["${A}", "one"],
    ["a${A}b$A.c", "aonebone.c"],
    ["$A:80", "one:80"],
    ["$$A $${A} $$$A", "$A ${A} $one"],
    ["${A:-d}", "one"],
    ["${U:-d}", "d"],
    ["${E:-d}", "d"],
    ["${E-d}", ""],
    ["${U-d}", "d"],
    ["${U:-}", ""],
    ["${U:-a b:c}", "a b:c"],
    ["${U-a-b}", "a-b"],
    ["${U:-a?b}", "a?b"],
    ["${U:-{{.Node.Hostname}}", "{{.Node.Hostname}"],
    ["${A:?must} ${A?must}", "one one"],
    ["${E?must}", ""],
    ["${A:+set}${E:+set}${E+set}${U+set}", "setset"],
  ])("%s is %p", (text, expected) => {
    expect(label(text)).toBe(expected);
  });

  it("are found in the stack's own, then in the env file, then in the process, which is said", () => {
    const options = {
      variables: { A: "own" },
      envFile: ".env",
      more: { ".env": 'A=file\nB="quoted file"\nexport C=file # a note\n' },
      environment: { A: "process", B: "process", D: "process", HOME: "never asked" },
    };
    const { model, fromProcess } = read(
      'services: {web: {image: x, labels: {a: "$A $B $C $D"}}}',
      options,
    );
    expect(model?.services.web?.labels.a).toBe("own quoted file file process");
    expect(fromProcess).toEqual(["D"]);
  });

  it("stand in values everywhere and in no key", () => {
    const model = modelOf("services: {web: {image: x, labels: {$A: $A}}}\nx-own: $A\n", {
      variables,
    });
    expect(model.services.web?.labels).toEqual({ $A: "one" });
  });

  it("without a value are an error each, with their places", () => {
    expect(said('labels: {a: "$U ${V}", b: $U}')).toEqual([
      expect.stringMatching(/^error stacks\/a\.yml:1:40 services\.web\.labels\.a: got \$\{U\}/),
      expect.stringMatching(/^error stacks\/a\.yml:1:40 services\.web\.labels\.a: got \$\{V\}/),
      expect.stringMatching(/^error stacks\/a\.yml:1:54 services\.web\.labels\.b: got \$\{U\}/),
    ]);
  });

  it("that must be there say why", () => {
    expect(said("labels: {a: '${U:?ask Ann}', b: '${E:?}'}", { variables })).toEqual([
      "error stacks/a.yml:1:40 services.web.labels.a: U has no value: ask Ann. Set it as a variable of the stack, of its env file or of the process.",
      "error stacks/a.yml:1:60 services.web.labels.b: E has no value: it must be set. Set it as a variable of the stack, of its env file or of the process.",
    ]);
  });

  it.each(["${}", "cost $5", "cost $", "if [ $? -eq 2 ]; then $A", "${A", "${A:x}", "${1}"])(
    "%s is no variable",
    (text) => {
      expect(said(`labels: {a: ${JSON.stringify(text)}}`, { variables })).toEqual([
        expect.stringContaining('got a "$" that begins no variable in'),
      ]);
    },
  );

  it("are cast where a number or true or false is due", () => {
    const service = web(
      [
        'read_only: "${T:-yes}"',
        'tty: "${T:-on}"',
        'init: "${T:-true}"',
        'deploy: {replicas: "${N:-3}", resources: {limits: {pids: "${N:-5}"}}, update_config: {max_failure_ratio: "${R:-0.5}"}}',
        'ulimits: {nofile: "${N:-100}"}',
      ].join(", "),
    );
    expect(service).toMatchObject({
      readOnly: true,
      tty: true,
      init: true,
      ulimits: [{ name: "nofile", soft: 100, hard: 100 }],
      deploy: { replicas: 3, limits: { pids: 5 }, updateConfig: { maxFailureRatio: 0.5 } },
    });
    expect(said("deploy: {replicas: '${N:-many}'}")).toEqual([
      'error stacks/a.yml:1:47 services.web.deploy.replicas: got "many"; expected a whole number of at least 0.',
    ]);
  });
});

describe("Docker's traps with variables", () => {
  it.each(["${A?see a-b}", "${A:?see a-b}", "${A:?see a:-b}", "${A-x:-y}", "${U?see a-b}"])(
    "%s has an operator that Docker does not see",
    (text) => {
      expect(said(`labels: {a: ${JSON.stringify(text)}}`, { variables })).toEqual([
        expect.stringMatching(/^error .* for the operator and not "/),
      ]);
    },
  );

  it("a name without braces takes what follows for a default, and loses it", () => {
    expect(label("nginx:$A-alpine")).toBe("nginx:one");
    expect(said("labels: {a: 'nginx:$A-alpine'}", { variables })).toEqual([
      'warning stacks/a.yml:1:40 services.web.labels.a: got "$A-alpine": to Docker all after A is a default, and is lost when A is set. Write ${A}-….',
    ]);
  });

  it("a default ends at the first brace, and no variable is put into it", () => {
    expect(label("${U:-${A}}")).toBe("${A}");
    expect(said("labels: {a: '${U:-${A}}'}", { variables })).toEqual([
      expect.stringContaining("warning stacks/a.yml:1:40 services.web.labels.a: got"),
    ]);
  });

  it("a mode from a variable is decimal", () => {
    const file =
      "services: {web: {image: x, secrets: [{source: s, mode: '${M:-0400}'}]}}\nsecrets: {s: {external: true}}";
    expect(modelOf(file).services.web?.secrets[0]?.mode).toBe(400);
    expect(lines(file)).toEqual([
      expect.stringMatching(/^warning .*secrets\[0\]\.mode: 0400 from a variable is a decimal/),
    ]);
  });
});

describe("any text", () => {
  const plain = fc.string({ unit: "grapheme-ascii", maxLength: 30 });
  const quiet = plain.map((text) => text.replaceAll("$", ""));

  it("comes back when its dollars are doubled", () => {
    fc.assert(
      fc.property(plain, (text) => {
        expect(label(text.replaceAll("$", "$$$$"))).toBe(text);
      }),
    );
  });

  it("may stand around a variable", () => {
    fc.assert(
      fc.property(quiet, quiet, quiet, (before, value, after) => {
        const filled = label(`${before}\${V}${after}`, { variables: { V: value } });
        expect(filled).toBe(before + value + after);
      }),
    );
  });

  it("without a brace may be a default", () => {
    const noBrace = quiet.map((text) => text.replaceAll("}", ""));
    fc.assert(
      fc.property(noBrace, (text) => {
        expect(label(`\${U:-${text}}`)).toBe(text);
      }),
    );
  });
});
