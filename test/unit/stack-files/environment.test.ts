import { said, web } from "./sample";

const environment = { SHELL_SET: "shell", SHELL_EMPTY: "" };

describe("environment", () => {
  it("is a map or a list, with numbers as Docker prints them", () => {
    const expected = { A: "1", B: "true", C: "", D: "a=b" };
    expect(web("environment: {A: 1, B: true, C: '', D: a=b}").environment).toEqual(expected);
    expect(web("environment: [A=1, B=true, C=, D=a=b]").environment).toEqual(expected);
    expect(web("environment: [A=1, A=2]").environment).toEqual({ A: "2" });
  });

  it("takes from where it runs what has no value or an empty one", () => {
    const written = "environment: {SHELL_SET: , SHELL_EMPTY: , NOT_SET: , EMPTY: ''}";
    expect(web(written, { environment }).environment).toEqual({
      SHELL_SET: "shell",
      SHELL_EMPTY: "",
      NOT_SET: null,
      EMPTY: "",
    });
    expect(web("environment: {SHELL_SET: ''}", { environment }).environment).toEqual({
      SHELL_SET: "shell",
    });
  });

  it("says what is taken away or not kept empty", () => {
    expect(said("environment: {NOT_SET: , SHELL_SET: ''}", { environment })).toEqual([
      "warning stacks/a.yml:1:42 services.web.environment.NOT_SET: NOT_SET has no value anywhere: it is taken away from what the image sets. Write NOT_SET= for an empty one.",
      "warning stacks/a.yml:1:64 services.web.environment.SHELL_SET: SHELL_SET is empty in the file, so Docker takes its value from where it runs. Leave the variable out there to keep it empty.",
    ]);
    expect(said("environment: [NOT_SET]")).toEqual([
      expect.stringContaining("stacks/a.yml:1:42 services.web.environment.NOT_SET: NOT_SET has no"),
    ]);
  });

  it("says once what is taken away from a service, and names a few", () => {
    expect(said("environment: [A, B=1, C]")).toEqual([
      "warning stacks/a.yml:1:42 services.web.environment.A: A, C have no value anywhere: they are taken away from what the image sets. Write A= for an empty one.",
    ]);
    expect(said("environment: [A, B, C, D, E, F, G]")).toEqual([
      expect.stringContaining("A, B, C, D, E and 2 more have no value anywhere"),
    ]);
  });

  it("lies over what the env files say, the later over the earlier", () => {
    const more = { "stacks/a.env": "A=a\nB=a\nC=a\n", "stacks/b.env": "B=b\nC=b\n" };
    expect(web("env_file: [a.env, ./b.env], environment: {C: c}", { more }).environment).toEqual({
      A: "a",
      B: "b",
      C: "c",
    });
    expect(web("env_file: a.env", { more }).environment).toEqual({ A: "a", B: "a", C: "a" });
  });
});

describe("an env file", () => {
  const read = (content: string | Buffer) => ({ more: { "stacks/x.env": content }, environment });

  it("is taken literally", () => {
    const content =
      '\ufeffA=1\r\n# note\n\n  B=two words \nQ="quoted"\nX=$HOME ${A}\nE=\nD=a=b\n\tT=t\nSHELL_SET\nNOT_SET\nSHELL_EMPTY=';
    expect(web("env_file: x.env", read(content)).environment).toEqual({
      A: "1",
      B: "two words ",
      Q: '"quoted"',
      X: "$HOME ${A}",
      E: "",
      D: "a=b",
      T: "t",
      SHELL_SET: "shell",
      SHELL_EMPTY: "",
    });
  });

  it("with quotes is said to have quotes", () => {
    expect(said("env_file: x.env", read("A=1\nQ='a b'\n"))).toEqual([
      expect.stringMatching(/^warning stacks\/a\.yml:1:\d+ .*: x\.env:2: the quotes are part/),
    ]);
  });

  it.each([
    ["export A=1", 'x.env:1: got "export A" as a name'],
    ["A=1\n=2", "x.env:2: got no name before the ="],
    [Buffer.from([0x41, 0x3d, 0xff]), "expected a file in UTF-8"],
  ])("%p is refused", (content, message) => {
    expect(said("env_file: x.env", read(content))).toEqual([expect.stringContaining(message)]);
  });

  it("may be missing where it is not required", () => {
    expect(said("env_file: [{path: gone.env, required: false}]")).toEqual([]);
    expect(said("env_file: [{path: gone.env}]")).toEqual([
      expect.stringContaining("expected a file, and stacks/gone.env is not there."),
    ]);
    expect(web("env_file: {path: x.env, format: raw}", read("A=1")).environment).toEqual({
      A: "1",
    });
  });

  it("may hold labels, under those of the file", () => {
    const more = { "stacks/l.labels": "a=1\nb=2\n" };
    expect(web("label_file: l.labels, labels: {b: '3'}", { more }).labels).toEqual({
      a: "1",
      b: "3",
    });
  });
});
