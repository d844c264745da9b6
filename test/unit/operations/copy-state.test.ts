import { spawn } from "node:child_process";
import type { ChildProcess, ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import script from "../../../operations/scripts/copy-state.sh";

// Proves with bash itself what becomes of a copy of the managers' state; systemctl is a stand-in.

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "swarm-copy-"));
  for (const folder of ["bin", "run", "docker/swarm"])
    mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "docker/swarm/state.json"), "the managers' state");
  // To stop the engine takes until a test lets it be done.
  program(
    "systemctl",
    `echo "$1" >>${root}/asked
if [ "$1" = stop ]; then until [ -e ${root}/go ]; do /bin/sleep 0.02; done; fi`,
  );
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function program(name: string, lines: string): void {
  writeFileSync(join(root, "bin", name), `#!/bin/bash\n${lines}\n`, { mode: 0o755 });
}

function backup(copy: string): ChildProcessByStdio<null, null, Readable> {
  const here = script.replaceAll("/run/", `${root}/run/`);
  return spawn("bash", ["-c", here, "bash", join(root, "docker"), join(root, copy)], {
    env: { ...process.env, PATH: `${root}/bin:${process.env.PATH ?? ""}` },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

function asked(): string[] {
  const file = join(root, "asked");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error(`it never came true: ${readdirSync(root).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function codeOf(child: ChildProcess): Promise<unknown> {
  return child.exitCode ?? ((await once(child, "exit")) as unknown[])[0];
}

it("refuses a second one at the same time, and leaves the first one's copy alone", async () => {
  const first = backup("one");
  await until(() => asked().includes("stop"));
  const second = backup("two");
  const [said, code] = await Promise.all([text(second.stderr), codeOf(second)]);
  expect([code, said]).toEqual([
    1,
    "another backup is copying the state of this manager; expected none. Try again when it is done.\n",
  ]);
  writeFileSync(join(root, "go"), "");
  expect(await codeOf(first)).toBe(0);
  expect(asked()).toContain("start");
  expect(existsSync(join(root, "one"))).toBe(true);
  expect(existsSync(join(root, "two"))).toBe(false);
  rmSync(join(root, "one"));
});

it("starts the engine again, and leaves no copy for long, when whoever asked is gone", async () => {
  program("sleep", "exit 0");
  const first = backup("one");
  await until(() => asked().includes("stop"));
  first.kill("SIGKILL");
  await codeOf(first);
  writeFileSync(join(root, "go"), "");
  await until(() => asked().includes("start"));
  await until(() => !existsSync(join(root, "one")));
});
