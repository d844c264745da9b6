import { RunRequest, ProgramInfo } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { parseRuntimeOptions, RuntimeOptionsError } from "../../../tools/language-host/options";
import {
  describeExit,
  programArguments,
  programEnvironment,
} from "../../../tools/language-host/program";

describe("parseRuntimeOptions", () => {
  it.each([
    [{}, { typescript: true, tsconfig: undefined, nodeargs: [] }],
    [
      { typescript: false, nodeargs: `--a "b c"`, packagemanager: "npm" },
      { typescript: false, tsconfig: undefined, nodeargs: ["--a", "b c"] },
    ],
    [{ tsconfig: "t.json" }, { typescript: true, tsconfig: "t.json", nodeargs: [] }],
  ])("reads %j", (options, expected) => {
    expect(parseRuntimeOptions(options)).toEqual(expected);
  });

  it("names every option of a wrong type", () => {
    expect(() => parseRuntimeOptions({ typescript: "yes", nodeargs: 1 })).toThrow(
      new RuntimeOptionsError(
        'Pulumi.yaml: runtime.options.typescript: got "yes"; expected a boolean\n' +
          "Pulumi.yaml: runtime.options.nodeargs: got 1; expected a string",
      ),
    );
  });
});

describe("the program's process", () => {
  const request = new RunRequest()
    .setMonitorAddress("m")
    .setProject("swarm")
    .setStack("dev")
    .setParallel(8)
    .setDryrun(true)
    .setConfigsecretkeysList(["swarm:b"])
    .setArgsList(["extra"])
    .setInfo(
      new ProgramInfo()
        .setRootDirectory("/clone")
        .setProgramDirectory("/clone/program")
        .setEntryPoint(".")
        .setOptions(Struct.fromJavaScript({})),
    );
  request.getConfigMap().set("swarm:a", "1").set("swarm:b", "2");
  const options = { typescript: true, tsconfig: "t.json", nodeargs: [] };

  it("is started with the runner's flags, without those that are empty", () => {
    const words = programArguments(request, "e").join(" ");
    expect(words).toBe(
      "--monitor m --engine e --project swarm --root-directory /clone " +
        "--stack dev --pwd /clone/program --parallel 8 --dry-run . extra",
    );
  });

  it("reads configuration and options from its environment", () => {
    expect(programEnvironment(request, options)).toEqual({
      PULUMI_CONFIG: '{"swarm:a":"1","swarm:b":"2"}',
      PULUMI_CONFIG_SECRET_KEYS: '["swarm:b"]',
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_NODEJS_TSCONFIG_PATH: "t.json",
    });
  });

  it.each([
    [0, null, { error: "", bail: false }],
    [32, null, { error: "", bail: true }],
    [1, null, { error: "the program exited with code 1", bail: false }],
    [null, "SIGKILL", { error: "the program was ended by SIGKILL", bail: false }],
  ])("ends with %j %j", (code, signal, expected) => {
    expect(describeExit(code, signal)).toEqual(expected);
  });
});
