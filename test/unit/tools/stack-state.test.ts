import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Session } from "../../../tools/session";
import { clearKilledRun, withStackLock } from "../../../tools/stack-state";

/** Holds a child named `pulumi` that it does not take note of when it ends. */
let parent: ChildProcess;
let directory: string;
let child: number;
let lock: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), "stack-state-"));
  const command = join(directory, "pulumi");
  copyFileSync("/bin/sleep", command);
  parent = spawn("sh", ["-c", `${command} 60 & echo $!; exec sleep 60`]);
  const [line] = (await once(parent.stdout ?? parent, "data")) as [Buffer];
  child = Number(line.toString());
  await until(child, /^Name:\s*pulumi$/m);
  // The shell takes note of a child that ends; the sleep that it becomes does not.
  await until(parent.pid ?? 0, /^Name:\s*sleep$/m);
  const folder = join(directory, ".pulumi", "locks", "organization", "swarm", "dev");
  mkdirSync(folder, { recursive: true });
  lock = join(folder, "a.json");
  writeFileSync(lock, JSON.stringify({ pid: child, hostname: hostname() }));
});

afterEach(() => {
  process.kill(child, "SIGKILL");
  parent.kill("SIGKILL");
  rmSync(directory, { recursive: true });
});

async function clear(): Promise<string[]> {
  const said: string[] = [];
  const session = { paths: { state: directory } } as Session;
  await clearKilledRun(session, "dev", (line) => said.push(line));
  return said;
}

/** Waits until the kernel says something of a process. */
async function until(pid: number, what: RegExp): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!what.test(readFileSync(`/proc/${pid}/status`, "utf8"))) {
    if (Date.now() > deadline) throw new Error(`not within 30 s: ${String(what)}`);
    await new Promise(setImmediate);
  }
}

it("leaves the lock of a run that goes on", async () => {
  expect(await clear()).toEqual([]);
  expect(existsSync(lock)).toBe(true);
});

it("clears the lock of a run whose process number is another run's by now", async () => {
  const before = new Date(Date.now() - 3_600_000).toISOString();
  writeFileSync(lock, JSON.stringify({ pid: child, hostname: hostname(), timestamp: before }));
  expect(await clear()).toEqual(["stack dev: the last run was killed; its lock is cleared"]);
});

it("leaves the lock of a run that took it when it began", async () => {
  const timestamp = new Date().toISOString();
  writeFileSync(lock, JSON.stringify({ pid: child, hostname: hostname(), timestamp }));
  expect(await clear()).toEqual([]);
});

it("clears the lock of a run that was killed, also while nobody has taken note of its end", async () => {
  process.kill(child, "SIGKILL");
  await until(child, /^State:\s*Z/m);
  expect(await clear()).toEqual(["stack dev: the last run was killed; its lock is cleared"]);
  expect(existsSync(lock)).toBe(false);
});

describe("withStackLock", () => {
  const session = () => ({ paths: { state: directory }, backend: { own: true } }) as Session;
  const locks = () => readdirSync(join(lock, ".."));

  it("holds a lock that Pulumi knows while the task runs, and not after", async () => {
    rmSync(lock);
    const during = await withStackLock(session(), "dev", () => {
      const [name = ""] = locks();
      const text = readFileSync(join(lock, "..", name), "utf8");
      return Promise.resolve(JSON.parse(text) as object);
    });
    expect(during).toMatchObject({ pid: process.pid, hostname: hostname() });
    expect(locks()).toEqual([]);
  });

  it("is no killed run's while its process runs", async () => {
    rmSync(lock);
    await withStackLock(session(), "dev", async () => {
      expect(await clear()).toEqual([]);
      expect(locks()).toHaveLength(1);
    });
  });

  it("refuses beside a run, and leaves that one's lock", async () => {
    const task = jest.fn();
    await expect(withStackLock(session(), "dev", task)).rejects.toThrow(
      /^stack dev: another run is at work on it/,
    );
    expect(task).not.toHaveBeenCalled();
    expect(locks()).toEqual(["a.json"]);
  });
});
