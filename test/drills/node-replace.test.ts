/**
 * A manager loses its power: what the preview says, what it refuses, and how it is replaced by a new host in one run.
 * Then a machine that was made anew takes the place of its former self.
 *
 * Does not prove: a manager that is cut off and comes back later with its old certificate; a new disk under a new
 * system.
 */
import { setTimeout as delay } from "node:timers/promises";
import { Clone } from "../e2e/clone";
import { configuration, isSettled, minute, nodesSeenBy, planned } from "./node-lab";

const clone = new Clone("node-replace");
const file = "Pulumi.dev.yaml";
const manager = (n: number): string => `manager-${n}: { role: manager }`;
const worker = "worker-1: { role: worker, labels: { tier: db } }";

beforeAll(async () => {
  await clone.make();
  clone.write(file, configuration([manager(1), manager(2), manager(3), worker]));
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
}, 40 * minute);

afterAll(() => clone.clear(), 15 * minute);

/** Asks Docker on a manager until it says something; the limit is the test's. */
async function untilSaid(host: string, command: string, wanted: string): Promise<void> {
  while (!(await clone.on(host, command)).includes(wanted)) await delay(2000);
}

const reachability = "docker node inspect manager-3 --format '{{.ManagerStatus.Reachability}}'";

describe("a manager without power", () => {
  it(
    "shows in the preview, and no plan that would cost the quorum passes",
    async () => {
      await clone.npmOk("lab", ["kill", "manager-3"]);
      const since = Date.now();
      await untilSaid("manager-1", reachability, "unreachable");
      clone.write(
        file,
        configuration([manager(1), "manager-2: { role: worker }", manager(3), worker]),
      );
      const { code, stdout, stderr } = await clone.npm("preview");
      console.log(`${Math.round((Date.now() - since) / 1000)} s from the power cut to the preview`);
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain(
        `this plan would leave the swarm without a quorum; nothing was changed.
      now:   3 managers, 2 reachable (manager-3 is not): the loss of 0 is survived
      after: 2 managers, 1 reachable (manager-3 is not): 2 are needed
    The order that works:
      1. bring manager-3 back, or take it out, and run up
      2. then let manager-2 go`,
      );
      const nodes = await nodesSeenBy(clone, "manager-1");
      expect(nodes["manager-2"]).toMatchObject({ role: "manager" });
    },
    15 * minute,
  );

  it(
    "is replaced by a new host in one run: it goes before the new one joins",
    async () => {
      clone.write(file, configuration([manager(1), manager(2), manager(4), worker]));
      const preview = await clone.npmOk("preview");
      expect(preview).toContain(
        `    what this does to the quorum:
      now:   3 managers, 2 reachable (manager-3 is not): the loss of 0 is survived
      1. manager-3 goes
      2. manager-4 joins
      after: 3 managers, 3 reachable: the loss of 1 is survived`,
      );
      const output = await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
      expect(output).toContain("manager-3 does not answer and leaves: it stops being a manager");
      // Nobody waited for the machine, and it is said what could not be done there.
      expect(output).toContain(
        "manager-3 does not answer and is taken out of the swarm without its",
      );
      expect(output).toContain('run "docker swarm leave --force" there');
      const nodes = await nodesSeenBy(clone, "manager-1");
      expect(Object.entries(nodes).map(([name, { role, state }]) => [name, role, state])).toEqual([
        ["manager-1", "manager", "ready"],
        ["manager-2", "manager", "ready"],
        ["manager-4", "manager", "ready"],
        ["worker-1", "worker", "ready"],
      ]);
      expect(await isSettled(clone)).toBe(true);
    },
    40 * minute,
  );
});

describe("a machine that was made anew", () => {
  it(
    "takes the place of its former self under the same name",
    async () => {
      const idOf = "docker node ls --filter name=worker-1 --quiet";
      const before = await clone.on("manager-1", idOf);
      await clone.on(
        "worker-1",
        "systemctl stop docker.socket docker && rm -rf /var/lib/docker/swarm && systemctl start docker",
      );
      await untilSaid(
        "manager-1",
        "docker node inspect worker-1 --format {{.Status.State}}",
        "down",
      );
      expect(await planned(clone)).toEqual(["update cluster-node-worker-1 state"]);
      await clone.npmOk("up", ["--yes", "--skip-preview"]);
      const after = await clone.on("manager-1", idOf);
      expect(after.split("\n")).toHaveLength(1);
      expect(after).not.toBe(before);
      expect((await nodesSeenBy(clone, "manager-1"))["worker-1"]).toMatchObject({
        state: "ready",
        labels: { tier: "db" },
      });
      expect(await isSettled(clone)).toBe(true);
    },
    20 * minute,
  );
});
