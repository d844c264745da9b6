/**
 * Five managers: they come back from a power cut by themselves, all together and one after the other; then they become
 * three, one, three and two by configuration, the leader among those that go. What the preview says is held against
 * the members of the raft as Docker logs them: one comes or goes at a time.
 *
 * Does not prove: more than five managers; a leader that dies while others are demoted.
 */
import { Clone } from "../e2e/clone";
import { configuration, isSettled, localState, minute, nodesSeenBy } from "./node-lab";
import { untilOn } from "./story";
import { secondsOf } from "./swarm-story";

const clone = new Clone("swarm-five");
const all = [1, 2, 3, 4, 5].map((n) => `manager-${n}`);

/** Writes the configuration: these hosts, the workers among them by name. */
function declare(hosts: readonly string[], workers: readonly string[] = []): void {
  const lines = [...hosts]
    .sort()
    .map((host) => `${host}: { role: ${workers.includes(host) ? "worker" : "manager"} }`);
  clone.write("Pulumi.dev.yaml", configuration(lines).replace("640MiB", "512MiB"));
}

beforeAll(async () => {
  await clone.make();
  declare(all);
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 40 });
}, 50 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function up(): Promise<void> {
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 20 });
}

/** `manager-1` → `manager`, for nodes that are ready; another state is shown. */
async function roles(seenBy: string): Promise<Record<string, string>> {
  const nodes = await nodesSeenBy(clone, seenBy);
  return Object.fromEntries(
    Object.entries(nodes).map(([name, { role, state }]) => [
      name,
      state === "ready" ? role : `${role}, ${state}`,
    ]),
  );
}

async function leaderSeenBy(host: string): Promise<string> {
  const nodes = await nodesSeenBy(clone, host);
  const leaders = Object.keys(nodes).filter((name) => nodes[name]?.leader);
  expect(leaders).toHaveLength(1);
  return leaders[0] ?? "";
}

/** Waits until all is well, as a user does; nothing is put right by anybody meanwhile. */
async function expectWell(): Promise<void> {
  const { code, stdout, stderr } = await clone.npm("status", ["--wait", "240"]);
  if (code !== 0) console.log(stdout, stderr);
  expect(code).toBe(0);
  expect(await isSettled(clone)).toBe(true);
}

async function power(what: "kill" | "boot", hosts: readonly string[]): Promise<void> {
  await Promise.all(hosts.map(async (host) => clone.npmOk("lab", [what, host])));
}

/** Does something and answers how many members the raft had after each change, as the engine of a host logs them. */
async function raftDuring(host: string, act: () => Promise<void>): Promise<number[]> {
  const since = await clone.on(host, "date", "+%s");
  await act();
  const log = await clone.on(
    host,
    `journalctl --unit docker --output cat --since @${since} | grep -o 'switched to configuration voters=([^)]*)'`,
  );
  const sets = log.split("\n").map((line) => /\(([^)]*)\)/.exec(line)?.[1]?.split(" ") ?? []);
  return sets.map((set) => set.length);
}

describe("five managers without power", () => {
  it(
    "are well again when all come back together",
    async () => {
      await power("kill", all);
      await power("boot", all);
      await expectWell();
      expect(await roles("manager-1")).toEqual(
        Object.fromEntries(all.map((host) => [host, "manager"])),
      );
      await leaderSeenBy("manager-5");
    },
    20 * minute,
  );

  it(
    "have no leader while two are up, one from the third on, and are well with the last",
    async () => {
      await power("kill", all);
      await power("boot", ["manager-4"]);
      await power("boot", ["manager-2"]);
      for (const host of ["manager-2", "manager-4"])
        await untilOn(clone, host, "docker info >/dev/null 2>&1");
      let status = { code: 0, stdout: "", stderr: "" };
      const seconds = await secondsOf(async () => (status = await clone.npm("status")));
      console.log(`status without quorum took ${Math.round(seconds)} s`);
      expect(status.code).toBe(1);
      expect(status.stderr).toContain(
        "the swarm has no leader: more than half of the managers are down.",
      );
      await power("boot", ["manager-5"]);
      await untilOn(clone, "manager-2", "docker node ls >/dev/null 2>&1");
      await leaderSeenBy("manager-2");
      await power("boot", ["manager-1"]);
      await power("boot", ["manager-3"]);
      await expectWell();
    },
    20 * minute,
  );
});

describe("by configuration", () => {
  let three: string[];
  let last: string;

  it(
    "five become three, the leader goes for good",
    async () => {
      const leader = await leaderSeenBy("manager-1");
      const other = all.filter((host) => host !== leader).at(-1) ?? "";
      const [one, two] = [leader, other].sort();
      three = all.filter((host) => host !== leader && host !== other);
      declare(three);
      expect(await clone.npmOk("preview")).toContain(
        `    what this does to the quorum:
      now:   5 managers, 5 reachable: the loss of 2 is survived
      1. ${one ?? ""} goes
      2. ${two ?? ""} goes
      after: 3 managers, 3 reachable: the loss of 1 is survived`,
      );
      expect(await raftDuring(three[0] ?? "", up)).toEqual([4, 3]);
      expect(await roles(three[0] ?? "")).toEqual(
        Object.fromEntries(three.map((host) => [host, "manager"])),
      );
      expect(three).toContain(await leaderSeenBy(three[0] ?? ""));
      await expectWell();
    },
    20 * minute,
  );

  it(
    "three become one: the leader is demoted, and the machines stay as workers",
    async () => {
      const leader = await leaderSeenBy(three[0] ?? "");
      last = three.find((host) => host !== leader) ?? "";
      const workers = three.filter((host) => host !== last);
      declare(three, workers);
      expect(await raftDuring(last, up)).toEqual([2, 1]);
      expect(await roles(last)).toEqual(
        Object.fromEntries(three.map((host) => [host, host === last ? "manager" : "worker"])),
      );
      expect(await leaderSeenBy(last)).toBe(last);
      for (const host of workers) expect(await localState(clone, host)).toBe("active");
      await expectWell();
    },
    20 * minute,
  );

  it(
    "one becomes three again, one after the other",
    async () => {
      declare(three);
      expect(await raftDuring(last, up)).toEqual([2, 3]);
      expect(await roles(last)).toEqual(Object.fromEntries(three.map((host) => [host, "manager"])));
      await expectWell();
    },
    20 * minute,
  );

  it(
    "three become two with a warning: the leader alone is demoted",
    async () => {
      const leader = await leaderSeenBy(last);
      const witness = three.find((host) => host !== leader) ?? "";
      declare(three, [leader]);
      const preview = await clone.npmOk("preview");
      expect(preview).toContain(
        `      1. ${leader} becomes a worker
      after: 2 managers, 2 reachable: the loss of 0 is survived`,
      );
      expect(preview).toContain(
        "hosts: 2 managers survive the loss of 0, as 1 would; expected an odd number. " +
          "Make one more host a manager, or one a worker.",
      );
      expect(await raftDuring(witness, up)).toEqual([2]);
      expect(await roles(witness)).toEqual(
        Object.fromEntries(three.map((host) => [host, host === leader ? "worker" : "manager"])),
      );
      expect(await leaderSeenBy(witness)).not.toBe(leader);
      await expectWell();
    },
    20 * minute,
  );
});
