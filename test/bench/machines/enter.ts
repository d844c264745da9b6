import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ensureBaseImage } from "../../../lab/base-image";
import { ensureKey } from "../../../lab/keys";
import { ENGINES } from "../../../lab/packages/engines";
import { ensureEngine } from "../../../lab/packages/engine";
import { Toolbox } from "../../../lab/toolbox";
import { command } from "../comparison";
import { Room } from "./room";
import type { Parts } from "./room";

/** Tells the process inside of a room what the one outside has got for it. */
const PARTS = "SWARM_BENCH_PARTS";

/**
 * What the kernel counts for all namespaces together and a hundred machines come up against: what root's programs watch
 * (a systemd has about five), and who is known at which address (of a hundred nodes each knows all others).
 */
const LIMITS: Readonly<Record<string, number>> = {
  "/proc/sys/fs/inotify/max_user_instances": 8192,
  "/proc/sys/net/ipv4/neigh/default/gc_thresh2": 16_384,
  "/proc/sys/net/ipv4/neigh/default/gc_thresh3": 32_768,
};

/**
 * Runs a benchmark in a room of its own: namespaces of networks, mounts and processes, in which machines can be booted
 * that nobody outside sees, and which end with it in whatever way. What the machines are made of is got before: nothing
 * in a room reaches further than its machines.
 *
 * @param run - the benchmark; its room is open, and has no machines yet
 */
export async function inRoom(run: (room: Room) => Promise<void>): Promise<void> {
  const handed = process.env[PARTS];
  if (handed !== undefined) {
    const room = await Room.open(JSON.parse(handed) as Parts);
    try {
      await run(room);
    } finally {
      await room.end();
    }
    return;
  }
  const parts = await getParts();
  const lower = raiseLimits();
  try {
    process.exitCode = await enter(parts);
  } finally {
    lower();
    await removeGroup(parts.group);
  }
}

/** Gets what the lab makes its machines of, unless it is in the cache. */
async function getParts(): Promise<Parts> {
  if (process.getuid?.() !== 0)
    throw new Error("bench: got a user that is not root; expected root, for namespaces and mounts");
  const directory = resolve(".swarm", "lab");
  const cache = join(directory, "cache");
  mkdirSync(cache, { recursive: true });
  const cacheDirectory = realpathSync(cache);
  const toolbox = new Toolbox(directory, cacheDirectory);
  const progress = (message: string): void => {
    console.error(message);
  };
  await toolbox.ensure(progress);
  const place = { cacheDirectory, progress };
  const image = await ensureBaseImage(toolbox, { ...place, image: "debian" });
  const [newest] = ENGINES;
  if (newest === undefined) throw new Error("bench: the lab has no engines; expected one");
  const engine = await ensureEngine({ ...place, toolbox }, newest);
  const key = join(directory, "bench_ed25519");
  await ensureKey(toolbox, key, "bench");
  return { image, engine, key, group: `swarm-bench-${process.pid}` };
}

/** Raises what is too low. @returns what puts it back */
function raiseLimits(): () => void {
  const before = Object.entries(LIMITS)
    .map(([file, wanted]) => ({ file, wanted, was: readFileSync(file, "utf8").trim() }))
    .filter(({ was, wanted }) => Number(was) < wanted);
  for (const { file, wanted } of before) writeFileSync(file, String(wanted));
  return () => {
    for (const { file, was } of before) writeFileSync(file, was);
  };
}

/** Starts this program again, in a room. @returns its exit code */
function enter(parts: Parts): Promise<number> {
  const [node, program = ""] = process.argv;
  const words = [
    ...["--pdeathsig", "KILL", "unshare", "--mount", "--net", "--ipc"],
    ...["--pid", "--fork", "--kill-child", "--mount-proc", node ?? process.execPath, program],
  ];
  return new Promise((done, fail) => {
    const child = spawn("setpriv", words, {
      stdio: "inherit",
      env: { ...process.env, [PARTS]: JSON.stringify(parts) },
    });
    child.once("error", fail);
    child.once("close", (code, signal) => {
      if (code === null)
        fail(new Error(`bench: got ${String(signal)} from outside; expected none`));
      else done(code);
    });
  });
}

/** Control groups are not a namespace's: they stay when what was in them has ended. */
async function removeGroup(group: string): Promise<void> {
  const place = resolve(".swarm", "bench", group);
  mkdirSync(place, { recursive: true });
  const remove = `mount -t cgroup2 cgroup2 "$1"
if [ -d "$1/$2" ]; then find "$1/$2" -depth -type d -exec rmdir {} +; fi`;
  await command(["unshare", "--mount", "sh", "-c", remove, "sh", place, group]);
  if (existsSync(place)) rmSync(place, { recursive: true });
}
