import { lines, modelOf, said, serviceOf, web } from "./sample";

/** A label as Docker prints what is written. The second column is what `docker stack config` said. */
const printed: readonly (readonly [string, string])[] = [
  ["yes", "yes"],
  ["no", "no"],
  ["on", "on"],
  ["n", "n"],
  ["true", "true"],
  ["TRUE", "true"],
  ["False", "false"],
  ["0440", "288"],
  ["0o440", "288"],
  ["0O17", "15"],
  ["0b101", "5"],
  ["0b12", "0b12"],
  ["0x1F", "31"],
  ["-0x1f", "-31"],
  ["1_000", "1000"],
  ["0x_1F", "31"],
  ["22:22", "22:22"],
  ["08", "8"],
  ["00", "0"],
  ["-0", "0"],
  ["+5", "5"],
  ["1.10", "1.1"],
  ["1.0", "1"],
  ["5.", "5"],
  [".5", "0.5"],
  [".5_0", "0.5"],
  ["-0.0", "-0"],
  ["1e3", "1000"],
  ["12e03", "12000"],
  ["0.0001", "0.0001"],
  ["0.00001", "1e-05"],
  ["-5e-7", "-5e-07"],
  ["123456.0", "123456"],
  ["1234567.0", "1.234567e+06"],
  ["100000000.0", "1e+08"],
  ["1e20", "1e+20"],
  ["123456789012345678901.0", "1.2345678901234568e+20"],
  ["1e400", "1e400"],
  ["9007199254740993", "9007199254740993"],
  ["18446744073709551615", "18446744073709551615"],
  ["123456789012345678901234567890", "1.2345678901234568e+29"],
  ["2001-12-14", "2001-12-14 00:00:00 +0000 UTC"],
  ["2001-1-2", "2001-01-02 00:00:00 +0000 UTC"],
  ["2001-02-30", "2001-02-30"],
  ["2001-13-02", "2001-13-02"],
  ["2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.1 -0500 -0500"],
  ["2001-12-14T21:59:43+00:00", "2001-12-14 21:59:43 +0000 UTC"],
  ["2001-12-14 21:59:43", "2001-12-14 21:59:43 +0000 UTC"],
  ["2001-12-14 21:59:43 -5", "2001-12-14 21:59:43 -5"],
  ["~", ""],
  ["Null", ""],
  ['"022"', "022"],
  ["'true'", "true"],
  ["!!str 022", "022"],
];

describe("unquoted values", () => {
  it.each(printed)("%s is %p", (written, expected) => {
    const file = `services:\n  web:\n    image: x\n    labels:\n      a: ${written}\n`;
    expect(serviceOf(file).labels).toEqual({ a: expected });
  });

  it("that change on the way to Docker are said, with what is sent", () => {
    expect(said("environment: {VERSION: 1.10, UMASK: 022, SAME: 42}")).toEqual([
      'warning stacks/a.yml:1:51 services.web.environment.VERSION: 1.10 is sent as "1.1". Quote it to send what is written.',
      'warning stacks/a.yml:1:64 services.web.environment.UMASK: 022 is sent as "18". Quote it to send what is written.',
    ]);
  });

  it.each([".inf", "-.Inf", ".nan", "!!int x", "!custom 5"])("%s is refused", (written) => {
    const file = `services:\n  web:\n    image: x\n    labels:\n      a: ${written}\n`;
    const [line] = lines(file);
    expect(line).toMatch(/^error stacks\/a\.yml:5:\d+: got .*; expected a value that Docker takes/);
  });

  it("are numbers where numbers are due", () => {
    const { deploy, secrets, ulimits } = serviceOf(
      [
        "services:",
        "  web:",
        "    image: x",
        "    deploy: {replicas: 1e1}",
        "    secrets: [{source: s, mode: 0440}]",
        "    ulimits: {nofile: 0x10}",
        "secrets: {s: {external: true}}",
      ].join("\n"),
    );
    expect(deploy.replicas).toBe(10);
    expect(secrets[0]?.mode).toBe(288);
    expect(ulimits).toEqual([{ name: "nofile", soft: 16, hard: 16 }]);
  });

  it("are text nowhere but between quotes", () => {
    expect(said("hostname: 12")).toEqual([
      'error stacks/a.yml:1:38 services.web.hostname: got the number 12; expected text. Quote it: "12".',
    ]);
  });
});

describe("merge keys and anchors", () => {
  const base = "x-a: &a {image: x, tty: true, user: a}\nx-b: &b {tty: false, hostname: b}\n";

  it("give way to keys of the map itself, wherever these stand", () => {
    const model = serviceOf(`${base}services: {web: {user: own, <<: *a}}`);
    expect(model).toMatchObject({ image: "x", tty: true, user: "own" });
  });

  it("of a list: the first one wins", () => {
    const model = serviceOf(`${base}services: {web: {<<: [*b, *a]}}`);
    expect(model).toMatchObject({ image: "x", tty: false, hostname: "b" });
  });

  it("keep the places where values are written", () => {
    const file = `x-a: &a\n  image: x\n  hostname: 5\nservices:\n  web: {<<: *a, user: 7}\n  two: {<<: *a}\n`;
    expect(lines(file).map((line) => line.split(": got")[0])).toEqual([
      "error stacks/a.yml:3:13 services.web.hostname",
      "error stacks/a.yml:3:13 services.two.hostname",
      "error stacks/a.yml:5:23 services.web.user",
    ]);
  });

  it("in quotes are keys like others", () => {
    expect(said(`labels: {"<<": a}`)).toEqual([]);
    expect(web(`labels: {"<<": a}`).labels).toEqual({ "<<": "a" });
  });

  it.each([
    ["{<<: *a, <<: *a, image: x}", 'got "<<" twice'],
    ["{<<: , image: x}", 'got nothing after "<<"; expected a map'],
    ["{<<: [*a, 5], image: x}", 'got the number 5 after "<<"; expected a map'],
    ["{image: x, labels: *gone}", "got *gone; expected the name of an anchor (&gone) above."],
    ["&self {image: x, labels: *self}", "got *self; expected the name of an anchor"],
  ])("%s is refused", (service, message) => {
    expect(lines(`${base}services: {web: ${service}}`)).toEqual([
      expect.stringContaining(message) as string,
    ]);
  });
});

describe("YAML", () => {
  it("may have a byte order mark and Windows' line ends", () => {
    expect(modelOf("\ufeffservices:\r\n  web:\r\n    image: x\r\n").services.web?.image).toBe("x");
  });

  it("is one document in UTF-8 with each key once", () => {
    const twice = "services:\n  web: {image: x}\n  web: {image: y}\n";
    expect(lines(twice)).toEqual([
      'error stacks/a.yml:3:3: got the key "web" twice in one map; expected it once. The first is in line 2.',
    ]);
    expect(lines("services: {}\n---\nservices: {}\n")).toEqual([
      expect.stringMatching(/^error stacks\/a\.yml:2:1: a second document begins here/) as string,
    ]);
    expect(lines("---\nservices: {web: {image: x}}\n---\n")).toEqual([]);
    expect(lines("services:\n  web: {image: 'x\u0007'}\n")).toEqual([
      expect.stringMatching(/^error stacks\/a\.yml:2:18: got a control character/),
    ]);
    expect(lines("", { more: { "stacks/a.yml": "" } })).toHaveLength(1);
  });

  it("has text as keys", () => {
    expect(lines("services: {1: {image: x}, true: {image: x}, [a]: {image: x}}")).toEqual([
      "error stacks/a.yml:1:12: got the number 1 as a key; expected text. Quote it.",
      "error stacks/a.yml:1:27: got true as a key; expected text. Quote it.",
      "error stacks/a.yml:1:45: got a list as a key; expected text.",
    ]);
  });

  it("may name things as JavaScript does", () => {
    const model = modelOf(
      "services: {constructor: {image: x, labels: {__proto__: a}}}\nvolumes: {toString: , __proto__: }",
    );
    expect(Object.keys(model.services)).toEqual(["constructor"]);
    expect(Object.keys(model.volumes)).toEqual(["toString", "__proto__"]);
    const [service] = Object.values(model.services);
    expect(Object.entries(service?.labels ?? {})).toEqual([["__proto__", "a"]]);
    expect(said("volumes: ['valueOf:/a']")).toHaveLength(1);
  });

  it("shows no control characters of a file", () => {
    const [line = ""] = lines('services: {web: {image: "\\e[31mx\\u202e"}}');
    expect(line).toContain("\\u001b[31mx\\u202e");
    // What a terminal would obey.
    expect(line).not.toMatch(/\p{Cc}|\u202e/u);
  });
});
