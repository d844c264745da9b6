import {
  addedFlags,
  ArgumentsError,
  namedStack,
  parseStackArguments,
} from "../../../tools/arguments";

describe("parseStackArguments", () => {
  it.each([
    [[], { stack: "dev", configFile: undefined, rest: [] }],
    [["--stack", "prod"], { stack: "prod", configFile: undefined, rest: [] }],
    [["--stack=prod", "--diff"], { stack: "prod", configFile: undefined, rest: ["--diff"] }],
    [["-s", "test", "-y"], { stack: "test", configFile: undefined, rest: ["-y"] }],
    [["-stest"], { stack: "test", configFile: undefined, rest: [] }],
    [["-s=test"], { stack: "test", configFile: undefined, rest: [] }],
    [["--config-file", "a.yaml"], { stack: "dev", configFile: "a.yaml", rest: [] }],
    [
      ["--example", "redis", "--example=kafka"],
      { stack: "dev", examples: ["redis", "kafka"], rest: [] },
    ],
    [["--target=a", "--parallel", "4"], { stack: "dev", rest: ["--target=a", "--parallel", "4"] }],
  ])("reads %j", (words, expected) => {
    expect(parseStackArguments(words)).toEqual({
      configFile: undefined,
      examples: [],
      ...expected,
    });
  });

  it.each([
    [["--stack"], "--stack: got nothing; expected a value, as in --stack prod"],
    [["-s", ""], "-s: got nothing; expected a value, as in --stack prod"],
    [["--example"], "--example: got nothing; expected a value, as in --example redis"],
    [
      ["-c", "swarm:protect=true"],
      "-c: not taken here; write the value into the stack's file, Pulumi.<stack>.yaml, where it lasts",
    ],
    [
      ["--config=a=b"],
      "--config: not taken here; write the value into the stack's file, Pulumi.<stack>.yaml, where it lasts",
    ],
  ])("refuses %j", (words, message) => {
    expect(() => parseStackArguments(words)).toThrow(new ArgumentsError(message));
  });
});

describe("addedFlags", () => {
  const terminal = { terminal: true, lab: false };
  const pipe = { terminal: false, lab: false };
  const lab = { terminal: true, lab: true };
  const labPipe = { terminal: false, lab: true };
  it.each([
    ["up", [], terminal, []],
    ["up", [], lab, ["--yes"]],
    ["up", [], pipe, ["--yes", "--non-interactive"]],
    ["up", ["--yes"], pipe, ["--non-interactive"]],
    ["up", ["-y"], lab, []],
    ["up", ["--skip-preview"], lab, []],
    ["refresh", [], pipe, ["--yes", "--non-interactive"]],
    ["preview", [], lab, []],
    ["preview", ["--non-interactive"], pipe, []],
    ["destroy", [], terminal, []],
    ["destroy", [], pipe, ["--non-interactive"]],
    ["destroy", [], labPipe, ["--yes", "--non-interactive"]],
  ] as const)("%s %j %j adds %j", (task, rest, where, expected) => {
    expect(addedFlags(task, rest, where)).toEqual(expected);
  });
});

describe("namedStack", () => {
  it.each([
    [["config", "set", "--stack", "prod", "--secret"], "prod"],
    [["config", "--stack=prod"], "prod"],
    [["config", "set", "-s", "test", "key"], "test"],
    [["config", "set", "key", "stack"], undefined],
    [["config", "--stack"], undefined],
  ])("reads %j", (words, stack) => {
    expect(namedStack(words)).toBe(stack);
  });
});
