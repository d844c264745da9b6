import type { ContainerInspectResponse } from "@docker/node-sdk";
import { judge, steadyMilliseconds } from "../../../provider/container/judge";

const seen = (state: object, restarts = 0): ContainerInspectResponse => ({
  State: state,
  RestartCount: restarts,
});
const watch = { isJob: false, restartsBefore: 0, upFor: steadyMilliseconds };
const running = { Status: "running", Running: true };

describe("a container that is to run", () => {
  it.each([
    ["has run long enough", running, 0, {}, "good", "running"],
    ["has just begun", running, 0, { upFor: 10 }, "waiting", "running"],
    [
      "is healthy",
      { ...running, Health: { Status: "healthy" } },
      0,
      { upFor: 0 },
      "good",
      "healthy",
    ],
    [
      "is being checked",
      { ...running, Health: { Status: "starting" } },
      0,
      {},
      "waiting",
      "health",
    ],
    ["is ill", { ...running, Health: { Status: "unhealthy" } }, 0, {}, "bad", "health check fails"],
    ["ended", { Status: "exited", ExitCode: 3 }, 0, {}, "bad", "exit code 3"],
    ["ended well", { Status: "exited", ExitCode: 0 }, 0, {}, "bad", "say job: true"],
    ["is started again", { Status: "restarting", ExitCode: 1 }, 2, {}, "waiting", "restarting"],
    ["goes round", { ...running, ExitCode: 1 }, 3, {}, "bad", "3 times again"],
    ["went round before", running, 7, { restartsBefore: 6 }, "good", "running"],
    [
      "had no memory",
      { Status: "exited", ExitCode: 137, OOMKilled: true },
      0,
      {},
      "bad",
      "out of memory",
    ],
  ])("that %s", (_what, state, restarts, more, kind, line) => {
    const judgement = judge(seen(state, restarts), { ...watch, ...more });
    expect([judgement.kind, judgement.line]).toEqual([kind, expect.stringContaining(line)]);
  });
});

describe("a job", () => {
  it.each([
    ["runs", running, "waiting"],
    ["ended well", { Status: "exited", ExitCode: 0 }, "good"],
    ["failed", { Status: "exited", ExitCode: 1 }, "bad"],
  ])("that %s", (_what, state, kind) => {
    expect(judge(seen(state), { ...watch, isJob: true }).kind).toBe(kind);
  });
});
