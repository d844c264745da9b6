import { runProcess } from "../../../lab/process";

describe("runProcess", () => {
  it("passes words and input unchanged and answers both outputs", async () => {
    const lines: string[] = [];
    const result = await runProcess(["sh", "-c", 'cat; echo "$1" >&2', "sh", "a 'b' $c"], {
      stdin: "one\ntwo\n",
      onLine: (line) => lines.push(line),
    });
    expect(result).toEqual({ code: 0, stdout: "one\ntwo\n", stderr: "a 'b' $c\n" });
    expect(lines.sort()).toEqual(["a 'b' $c", "one", "two"]);
  });

  it("fails with the program's own words", async () => {
    const failed = runProcess(["sh", "-c", "echo no route; exit 3"], { shownAs: ["ip", "link"] });
    await expect(failed).rejects.toThrow("ip link: exit code 3\n  no route");
  });

  it("answers the exit code where a failure is an answer", async () => {
    expect((await runProcess(["sh", "-c", "exit 3"], { allowFailure: true })).code).toBe(3);
  });

  it("fails when the program is not there", async () => {
    await expect(runProcess(["no-such-program"])).rejects.toThrow(
      "no-such-program: program not found",
    );
  });

  it("kills the program and its children at the deadline", async () => {
    const start = Date.now();
    const late = runProcess(["sh", "-c", "sleep 60 & sleep 60"], { deadlineSeconds: 0.3 });
    await expect(late).rejects.toThrow("sh -c sleep 60 & sleep 60: not done after 0.3 s");
    expect(Date.now() - start).toBeLessThan(10_000);
  });

  it("stops when told to, with the reason given", async () => {
    const stop = new AbortController();
    const stopped = runProcess(["sleep", "60"], { signal: stop.signal });
    stop.abort(new Error("stopped by the user"));
    await expect(stopped).rejects.toThrow("stopped by the user");
  });
});
