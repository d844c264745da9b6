import { DeadlineError, HostUnreachableError } from "../../../hosts/errors";
import type { Context } from "../../../provider/context";
import { readyEngine } from "../../../provider/node/engine";

/** A machine whose engine answers, or fails, as given, call by call. */
function machineWith(answers: readonly (Error | "ready")[], code = 0) {
  const calls: string[] = [];
  const left = [...answers];
  const engine = {
    version: () => {
      calls.push("version");
      const answer = left.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({});
    },
  };
  const machine = {
    engine: () => engine,
    waitUntilReachable: () => Promise.resolve(calls.push("reachable")),
    run: (argv: string[]) => {
      calls.push(argv.join(" "));
      return Promise.resolve({ code, stdout: "", stderr: "" });
    },
  };
  const context = {
    machines: { get: () => machine },
    progress: () => undefined,
    signal: new AbortController().signal,
  } as unknown as Context;
  return { calls, context, engine };
}

const started = ["version", "reachable", "systemctl start docker", "version"];

it("asks an engine that answers nothing more", async () => {
  const { calls, context, engine } = machineWith(["ready"]);
  expect(await readyEngine(context, "w1")).toBe(engine);
  expect(calls).toEqual(["version"]);
});

it.each<[string, Error]>([
  ["whose machine boots", new HostUnreachableError("w1", "no route")],
  ["that takes the call and does not answer it yet", new DeadlineError("w1", "GET /version", 30)],
])("waits for an engine %s", async (_what, first) => {
  const { calls, context, engine } = machineWith([first, "ready"]);
  expect(await readyEngine(context, "w1")).toBe(engine);
  expect(calls).toEqual(started);
});

it("says what was first in the way of an engine that cannot be started", async () => {
  const first = new DeadlineError("w1", "GET /version", 30);
  const { context } = machineWith([first], 1);
  await expect(readyEngine(context, "w1")).rejects.toBe(first);
});

it("gives up on an engine that runs and does not answer", async () => {
  const late = new DeadlineError("w1", "GET /version", 30);
  const { context } = machineWith([late, late]);
  await expect(readyEngine(context, "w1")).rejects.toBe(late);
});
