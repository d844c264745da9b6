import { isWithoutAudit } from "../../../tools/check-task";
import { elapsed, step } from "../../../tools/progress";
import { tally, type JestReport } from "../../../tools/test-task";

describe("tally", () => {
  const report = (part: Partial<JestReport>): JestReport => ({
    numPassedTests: 0,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    numRuntimeErrorTestSuites: 0,
    ...part,
  });
  it.each([
    [[report({ numPassedTests: 3 }), report({ numPassedTests: 4 })], { passed: 7, failed: 0 }],
    [[report({ numPassedTests: 3, numFailedTests: 1 })], { passed: 3, failed: 1 }],
    [
      [report({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 })],
      { passed: 3, failed: 2 },
    ],
    [[report({ numRuntimeErrorTestSuites: 2 })], { passed: 0, failed: 2 }],
    [[report({ numPassedTests: 3 }), undefined], { passed: 3, failed: 1 }],
  ])("adds up %j", (reports, expected) => {
    expect(tally(reports)).toEqual(expected);
  });
});

describe("isWithoutAudit", () => {
  it.each([
    ["npm warn audit 405 Method Not Allowed\nnpm error audit endpoint returned an error", true],
    ["npm warn audit 404 Not Found\nnpm error audit endpoint returned an error", true],
    ["npm warn audit 500 Error\nnpm error audit endpoint returned an error", false],
    ["404 packages audited, 1 high severity vulnerability", false],
  ])("%j: %j", (output, expected) => {
    expect(isWithoutAudit(output)).toBe(expected);
  });
});

describe("progress", () => {
  it.each([
    [400, "0 s"],
    [7_400, "7 s"],
    [59_499, "59 s"],
    [60_000, "1 min 00 s"],
    [185_000, "3 min 05 s"],
  ])("says %d ms as %j", (milliseconds, expected) => {
    expect(elapsed(milliseconds)).toBe(expected);
  });

  it("says what a long step is at, and that it is done", async () => {
    jest.useFakeTimers();
    const lines: string[] = [];
    let finish: (() => void) | undefined;
    const running = step(
      "building",
      (line) => lines.push(line),
      (at) => {
        at("half");
        return new Promise<void>((resolve) => {
          finish = resolve;
        });
      },
    );
    jest.advanceTimersByTime(15_000);
    finish?.();
    await running;
    jest.useRealTimers();
    expect(lines).toEqual(["building …", "building … half (15 s)", "building: done (15 s)"]);
  });

  it("does not call a failed step done", async () => {
    const lines: string[] = [];
    const failing = step(
      "building",
      (line) => lines.push(line),
      () => Promise.reject(new Error("broken")),
    );
    await expect(failing).rejects.toThrow("broken");
    expect(lines).toEqual(["building …"]);
  });
});
