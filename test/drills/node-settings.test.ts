/**
 * Every setting of a node, changed in the configuration and by hand: role, labels, availability. Each time: what the
 * preview says, what Docker says afterwards, and that nothing is left to do.
 *
 * Does not prove: firewalls between the machines, more than three managers, a node that is busy while it is drained.
 */
import { Clone } from "../e2e/clone";
import { configuration, isSettled, minute, nodesSeenBy, planned } from "./node-lab";
import type { Listed } from "./node-lab";

const clone = new Clone("node-settings");
const file = "Pulumi.dev.yaml";

beforeAll(async () => {
  await clone.make();
  clone.write(
    file,
    configuration([
      "manager-1: { role: manager }",
      "manager-2: { role: manager }",
      "manager-3: { role: manager }",
      "worker-1: { role: worker, labels: { tier: db, zone: a } }",
    ]),
  );
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
}, 40 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function up(): Promise<void> {
  await clone.npmOk("up", ["--yes", "--skip-preview"]);
}

async function node(name: string, seenBy = "manager-1"): Promise<Listed | undefined> {
  return (await nodesSeenBy(clone, seenBy))[name];
}

describe("a node", () => {
  it(
    "is as declared from the start, and nothing is left to do",
    async () => {
      expect(await node("worker-1")).toEqual({
        role: "worker",
        availability: "active",
        state: "ready",
        labels: { tier: "db", zone: "a" },
        leader: false,
      });
      expect(await isSettled(clone)).toBe(true);
    },
    10 * minute,
  );

  it(
    "changes its labels and its availability in place",
    async () => {
      clone.edit(
        file,
        "{ tier: db, zone: a } }",
        "{ tier: web, disk: ssd }, availability: pause }",
      );
      expect(await planned(clone)).toEqual([
        "update cluster-node-worker-1 availability labels.disk labels.tier labels.zone",
      ]);
      await up();
      expect(await node("worker-1")).toMatchObject({
        availability: "pause",
        labels: { tier: "web", disk: "ssd" },
      });
      expect(await isSettled(clone)).toBe(true);
    },
    10 * minute,
  );

  it(
    "shows what was changed by hand, and puts it right",
    async () => {
      await clone.on(
        "manager-1",
        "docker node update --label-add by=hand --label-rm disk --label-add tier=x --availability drain worker-1 && " +
          "docker node demote manager-3",
      );
      expect(await planned(clone)).toEqual([
        "update cluster-node-manager-3 role",
        "update cluster-node-worker-1 availability labels.by labels.disk labels.tier",
        "update cluster-quorum managers tolerance",
      ]);
      await up();
      expect(await node("worker-1")).toMatchObject({
        availability: "pause",
        labels: { tier: "web", disk: "ssd" },
      });
      expect(await node("manager-3")).toMatchObject({ role: "manager" });
      expect(await isSettled(clone)).toBe(true);
    },
    15 * minute,
  );

  it(
    "is drained and made active again; a manager is demoted, the leader too, and a worker promoted",
    async () => {
      const before = await nodesSeenBy(clone, "manager-1");
      const leader = Object.keys(before).find((name) => before[name]?.leader) ?? "";
      const other = leader === "manager-2" ? "manager-1" : "manager-2";
      clone.edit(file, `${leader}: { role: manager }`, `${leader}: { role: worker }`);
      clone.edit(file, "worker-1: { role: worker,", "worker-1: { role: manager,");
      clone.edit(file, "availability: pause", "availability: drain");
      const { stdout } = await clone.npm("preview");
      expect(stdout).toContain(
        `    what this does to the quorum:
      now:   3 managers, 3 reachable: the loss of 1 is survived
      1. worker-1 is promoted
      2. ${leader} becomes a worker
      after: 3 managers, 3 reachable: the loss of 1 is survived`,
      );
      await up();
      const after = await nodesSeenBy(clone, other);
      expect(after[leader]).toMatchObject({ role: "worker", state: "ready", leader: false });
      expect(after["worker-1"]).toMatchObject({ role: "manager", availability: "drain" });
      expect(Object.values(after).filter((one) => one.leader)).toHaveLength(1);
      expect(await isSettled(clone)).toBe(true);

      clone.edit(file, ", availability: drain", "");
      expect(await planned(clone)).toEqual(["update cluster-node-worker-1 availability"]);
      await up();
      expect(await node("worker-1", other)).toMatchObject({ availability: "active" });
      expect(await isSettled(clone)).toBe(true);
    },
    25 * minute,
  );
});
