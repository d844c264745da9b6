/**
 * Managers that die: with the first of three gone everything goes on through the next; with two gone nobody changes
 * anything, and it is said soon.
 *
 * Does not prove: five managers; a manager that answers SSH but whose engine hangs.
 */
import { Clone } from "../e2e/clone";
import { untilOn } from "./story";
import { minute, secondsOf, SwarmStory } from "./swarm-story";

const clone = new Clone("swarm-failover");
const hosts = ["manager-1", "manager-2", "manager-3"];
const story = new SwarmStory(clone, hosts);

beforeAll(async () => {
  await clone.make();
  story.configure({});
  await story.up();
}, 45 * minute);

afterAll(() => clone.clear(), 15 * minute);

describe("three managers", () => {
  it(
    "go on through the next one when the first dies: status, preview and a change",
    async () => {
      const died = Date.now();
      await story.lab("kill", "manager-1");
      const planned = await clone.planned();
      console.log(`preview said it after ${Math.round((Date.now() - died) / 1000)} s`);
      expect(planned).toContain("update cluster-machine-manager-1 running");
      const status = await clone.npm("status", ["--json"]);
      expect(status.code).toBe(1);
      const report = JSON.parse(status.stdout) as { quorumSentence: string };
      expect(report.quorumSentence).toBe(
        "2 of 3 managers reachable; the loss of 0 more is survived",
      );
      // Only the swarm: all of it would boot the machine again.
      story.configure({ certExpiry: "720h" });
      const swarm = ["--target", "**::cluster-swarm"];
      await clone.npmOk("up", ["--yes", "--skip-preview", ...swarm], { minutes: 15 });
      const words = ["info", "--format", "{{.Swarm.Cluster.Spec.CAConfig.NodeCertExpiry}}"];
      expect(await story.docker("manager-2", ...words)).toBe("720h0m0s");
    },
    30 * minute,
  );

  it(
    "say that the quorum is lost when two are dead, and change nothing",
    async () => {
      await story.lab("kill", "manager-2");
      // The last one goes on answering until it notices that it is alone.
      await untilOn(clone, "manager-3", "! docker node ls");
      let status = { code: 0, stdout: "", stderr: "" };
      const seconds = await secondsOf(async () => (status = await clone.npm("status")));
      console.log(`status without quorum took ${Math.round(seconds)} s`);
      expect(status.code).toBe(1);
      expect(status.stderr).toContain("the swarm has no leader: more than half of the managers");
      expect(status.stderr).toContain("machine manager-2 is stopped");
      story.configure({ certExpiry: "1440h", rotate: { workerToken: "now" } });
      const preview = await clone.npm("preview");
      expect(preview.stdout).toContain("the swarm has no leader: more than half of the managers");
      expect(preview.code).not.toBe(0);
      expect(preview.stdout + preview.stderr).toContain(
        "rotate.workerToken: got a change that asks for a rotation; expected a swarm with a quorum",
      );
      const swarm = ["--target", "**::cluster-swarm"];
      const refused = await clone.npm("up", ["--yes", "--skip-preview", ...swarm]);
      expect(refused.code).not.toBe(0);
      expect(refused.stdout).toContain("the swarm has no leader");
    },
    30 * minute,
  );

  it(
    "are whole again after one up, with what was asked for meanwhile",
    async () => {
      await story.up();
      const words = ["info", "--format", "{{.Swarm.Cluster.Spec.CAConfig.NodeCertExpiry}}"];
      expect(await story.docker("manager-1", ...words)).toBe("1440h0m0s");
      const states = Object.values(await story.nodes("manager-1")).sort();
      expect(states).toEqual(["Ready Leader", "Ready Reachable", "Ready Reachable"]);
      expect(await clone.planned()).toEqual([]);
    },
    30 * minute,
  );
});
