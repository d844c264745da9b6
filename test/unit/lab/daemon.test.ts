import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Daemon, parseStat } from "../../../lab/daemon";

let folder: string;
let daemon: Daemon;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lab-daemon-"));
  daemon = new Daemon(folder, "thing");
});
afterEach(async () => {
  await daemon.kill();
  rmSync(folder, { recursive: true, force: true });
});

const env = { PATH: process.env.PATH ?? "" };
const sleep = { argv: ["sleep", "60"], env };

describe("parseStat", () => {
  it("reads process id, state and start time, whatever the program's name", () => {
    const rest = `${"1 ".repeat(18)}4711 9 9`;
    expect(parseStat(`42 (a) b (c) S ${rest}\n`)).toEqual({
      pid: 42,
      state: "S",
      startTime: "4711",
    });
    expect(parseStat("")).toBeUndefined();
    expect(parseStat("42 (cut) S 1 2")).toBeUndefined();
  });
});

describe("Daemon", () => {
  it("starts once, is known to whoever asks, and is gone after kill", async () => {
    expect(await daemon.state()).toBe("stopped");
    expect(await Promise.all([daemon.start(sleep), daemon.start(sleep)])).toContain(false);
    const pid = await daemon.pid();
    expect(pid).toBeGreaterThan(1);
    expect(readFileSync(`/proc/${pid ?? 0}/cmdline`, "utf8")).toBe("sleep\0" + "60\0");
    expect(await new Daemon(folder, "thing").pid()).toBe(pid);
    await daemon.kill();
    expect(await daemon.state()).toBe("stopped");
  });

  it("takes a process that reuses the number for another one", async () => {
    await daemon.start(sleep);
    const record = readFileSync(join(folder, "thing.pid"), "utf8");
    const { startTime } = parseStat(record.split("\n")[1] ?? "") ?? { startTime: "" };
    writeFileSync(join(folder, "other.pid"), record.replaceAll(` ${startTime} `, " 1 "));
    expect(await new Daemon(folder, "other").state()).toBe("stopped");
    writeFileSync(join(folder, "other.pid"), record.replace(/^.*/, "another-boot"));
    expect(await new Daemon(folder, "other").state()).toBe("stopped");
  });

  it("tells the last lines of a program that ends before it is ready", async () => {
    await daemon.start({ argv: ["sh", "-c", "echo cannot bind; exit 1"], env });
    const ready = daemon.waitUntil(() => Promise.resolve(false), {
      what: "an answer",
      deadlineSeconds: 10,
    });
    await expect(ready).rejects.toThrow(
      `thing: ended before it was ready; expected an answer. Last lines of ${folder}/thing.log:\ncannot bind`,
    );
  });

  it("gives up at the deadline and says so", async () => {
    await daemon.start({ argv: ["sh", "-c", "echo starting; sleep 60"], env });
    const ready = daemon.waitUntil(() => Promise.resolve(false), {
      what: "an answer",
      deadlineSeconds: 1,
    });
    await expect(ready).rejects.toThrow("thing: not ready after 1 s; expected an answer.");
  });
});
