/**
 * Joining that does not come to its end: managers that cannot be reached, a machine in another swarm, a token that was
 * rotated meanwhile, a namesake. Each says why, changes nothing else, and is finished by the next run.
 *
 * Does not prove: a firewall that drops single packets; a manager that answers and refuses.
 */
import { Clone } from "../e2e/clone";
import { configuration, isSettled, localState, minute, nodesSeenBy } from "./node-lab";

const clone = new Clone("node-join");
const hosts = ["manager-1: { role: manager }", "worker-1: { role: worker }"];

beforeAll(async () => {
  await clone.make();
  clone.write("Pulumi.dev.yaml", configuration(hosts));
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
}, 40 * minute);

afterAll(() => clone.clear(), 15 * minute);

async function refused(): Promise<string> {
  const { code, stdout, stderr } = await clone.npm("up", ["--yes", "--skip-preview"]);
  expect(code).not.toBe(0);
  return stdout + stderr;
}

async function finishes(): Promise<void> {
  await clone.npmOk("up", ["--yes", "--skip-preview"]);
  const nodes = await nodesSeenBy(clone, "manager-1");
  expect(Object.keys(nodes)).toEqual(["manager-1", "worker-1"]);
  expect(nodes["worker-1"]).toMatchObject({ state: "ready" });
  const entries = await clone.on("manager-1", "docker node ls --filter name=worker-1 --quiet");
  expect(entries.split("\n")).toHaveLength(1);
  expect(await isSettled(clone)).toBe(true);
}

async function leaves(): Promise<void> {
  await clone.on("worker-1", "docker", "swarm", "leave", "--force");
  await clone.on("manager-1", "docker", "node", "rm", "--force", "worker-1");
}

describe("a join", () => {
  it(
    "that reaches no manager says so; the next one joins, with a token that was rotated meanwhile",
    async () => {
      await leaves();
      await clone.npmOk("lab", ["cut", "worker-1", "manager-1"]);
      const said = await refused();
      // The manager's engine answers to tcp alone, the machine that joins to all.
      for (const way of [
        "2377/tcp, 7946/tcp from worker-1 to manager-1",
        "7946/tcp, 7946/udp, 4789/udp from manager-1 to worker-1",
      ])
        expect(said).toMatch(
          new RegExp(
            `network: ${way} \\([\\d.]+\\) does not get there; expected a rule that lets it in from [\\d.]+\\.`,
          ),
        );
      expect(Object.keys(await nodesSeenBy(clone, "manager-1"))).toEqual(["manager-1"]);
      expect(await localState(clone, "worker-1")).not.toBe("active");
      await clone.on("manager-1", "docker", "swarm", "join-token", "--rotate", "--quiet", "worker");
      await clone.npmOk("lab", ["heal", "worker-1", "manager-1"]);
      await finishes();
    },
    30 * minute,
  );

  it(
    "of a machine that is in another swarm is refused, and that swarm is left alone",
    async () => {
      await leaves();
      await clone.on("worker-1", "docker", "swarm", "init");
      const other = await clone.on(
        "worker-1",
        "docker",
        "info",
        "--format",
        "{{.Swarm.Cluster.ID}}",
      );
      expect(await refused()).toContain(
        'It is not taken out of a swarm by itself: run "docker swarm leave --force" there',
      );
      expect(
        await clone.on("worker-1", "docker", "info", "--format", "{{.Swarm.Cluster.ID}}"),
      ).toBe(other);
      await clone.on("worker-1", "docker", "swarm", "leave", "--force");
      await finishes();
    },
    30 * minute,
  );

  it(
    "of a machine whose membership was taken away on the manager starts again",
    async () => {
      await clone.on("manager-1", "docker", "node", "rm", "--force", "worker-1");
      await finishes();
    },
    20 * minute,
  );
});
