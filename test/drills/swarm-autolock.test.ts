/**
 * A locked swarm: a manager that lost its power waits for the unlock key, is said to be locked, and is unlocked by the
 * next up; so are all managers at once, with the key that the state keeps.
 *
 * Does not prove: a key that was rotated by hand while every manager was locked (nobody but that hand knows it).
 */
import { Clone } from "../e2e/clone";
import { minute, SwarmStory } from "./swarm-story";

const clone = new Clone("swarm-autolock");
const hosts = ["manager-1", "manager-2", "manager-3"];
const story = new SwarmStory(clone, hosts);
const wordOf = (host: string) =>
  story.docker(host, "info", "--format", "{{.Swarm.LocalNodeState}}");

beforeAll(async () => {
  await clone.make();
  story.configure({ autolock: true });
  await story.up();
}, 45 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function restart(...names: readonly string[]): Promise<void> {
  for (const name of names) await story.lab("kill", name);
  for (const name of names) await story.lab("boot", name);
}

describe("a locked swarm", () => {
  it(
    "keeps its key as a secret of the state",
    async () => {
      const key = await story.docker("manager-1", "swarm", "unlock-key", "-q");
      expect(key).toMatch(/^SWMKEY-/);
      expect(await story.secretOutput("unlockKey")).toBe(key);
      const shown = await clone.npmOk("pulumi", ["stack", "export", "--stack", "dev"]);
      expect(shown).not.toContain(key);
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "says of a manager that restarted that it is locked, and the next up unlocks it",
    async () => {
      await restart("manager-2");
      expect(await wordOf("manager-2")).toBe("locked");
      const status = await clone.npm("status");
      expect(status.code).toBe(1);
      expect(status.stdout).toContain("node manager-2 is locked: it waits for the unlock key");
      const planned = await clone.planned();
      expect(planned).toEqual([
        "update cluster-node-manager-2 state",
        "update cluster-swarm locked",
      ]);
      expect(await wordOf("manager-2")).toBe("locked");
      await story.up();
      expect(await wordOf("manager-2")).toBe("active");
      expect(Object.keys(await story.nodes("manager-1"))).toEqual(hosts);
      expect(await clone.planned()).toEqual([]);
    },
    20 * minute,
  );

  it(
    "is unlocked with the state's key when all of it restarted",
    async () => {
      await restart(...hosts);
      expect(await Promise.all(hosts.map(wordOf))).toEqual(["locked", "locked", "locked"]);
      const status = await clone.npm("status");
      expect(status.code).toBe(2);
      expect(status.stderr).toContain("`npm run up` unlocks what waits for the unlock key.");
      await story.up();
      expect(await Promise.all(hosts.map(wordOf))).toEqual(["active", "active", "active"]);
      const words = Object.values(await story.nodes("manager-1")).sort();
      expect(words).toEqual(["Ready Leader", "Ready Reachable", "Ready Reachable"]);
      expect(await clone.planned()).toEqual([]);
    },
    30 * minute,
  );
});
