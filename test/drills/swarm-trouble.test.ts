/**
 * Trouble in the middle of a change: the leader dies under a run; the authority is rotated while a node is off, and
 * once more before the first rotation is over.
 *
 * Does not prove: a network that comes and goes.
 */
import { Clone } from "../e2e/clone";
import { untilOn } from "./story";
import { minute, SwarmStory } from "./swarm-story";

const clone = new Clone("swarm-trouble");
const managers = ["manager-1", "manager-2", "manager-3"];
const story = new SwarmStory(clone, managers, ["worker-1"]);
const swarmOnly = ["--target", "**::cluster-swarm"];

beforeAll(async () => {
  await clone.make();
  story.configure({});
  await story.up();
}, 45 * minute);

afterAll(() => clone.clear(), 15 * minute);

/** What the machines trust: one line when all trust the same authority. */
async function authorities(): Promise<string[]> {
  const line = "sha256sum < /var/lib/docker/swarm/certificates/swarm-root-ca.crt";
  const all = await Promise.all(
    [...managers, "worker-1"].map(async (host) => clone.on(host, line)),
  );
  return [...new Set(all)];
}

async function leader(from: string): Promise<string> {
  const nodes = await story.nodes(from);
  return managers.find((name) => nodes[name] === "Ready Leader") ?? "";
}

describe("a swarm in trouble", () => {
  it(
    "whose leader dies in the middle of a run is as declared after the next",
    async () => {
      story.configure({ certExpiry: "720h", rotate: { ca: "one" } });
      const before = await authorities();
      const first = await leader("manager-1");
      const running = clone.start("up", ["--yes", "--skip-preview"], { minutes: 15 });
      const [witness = ""] = managers.filter((name) => name !== first);
      await untilOn(clone, witness, "docker info | grep -q 'Expiry Duration: 4 weeks'");
      await story.lab("kill", first);
      const { code, stdout } = await running.outcome;
      console.log(`the run without its leader exited with ${code}`, stdout.slice(-3000));
      await story.up();
      const after = await authorities();
      expect(after).toHaveLength(1);
      expect(after).not.toEqual(before);
      expect(Object.keys(await story.nodes("manager-1")).sort()).toEqual([...managers, "worker-1"]);
      expect(await clone.planned()).toEqual([]);
    },
    45 * minute,
  );

  it(
    "names the node that its new authority waits for, and takes another one when it is back",
    async () => {
      const [before = ""] = await authorities();
      await story.lab("kill", "worker-1");
      await untilOn(clone, "manager-1", "docker node ls | grep worker-1 | grep -q Down");
      story.configure({ certExpiry: "720h", rotate: { ca: "two" } });
      const { code, stdout } = await clone.npm("up", ["--yes", "--skip-preview", ...swarmOnly]);
      expect(code).not.toBe(0);
      expect(stdout).toContain(
        "rotating the authority: 3 of 4 nodes have the new certificate; missing: worker-1 (down)",
      );
      story.configure({ certExpiry: "720h", rotate: { ca: "three" } });
      await story.up();
      const after = await authorities();
      expect(after).toHaveLength(1);
      expect(after).not.toContain(before);
      expect(await clone.planned()).toEqual([]);
    },
    45 * minute,
  );
});
