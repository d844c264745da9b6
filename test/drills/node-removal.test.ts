/**
 * Three workers are taken out of the configuration while a service with one task, which starts its new task first, is
 * asked from outside without a pause; the run is killed at each step of the removal and started again. The last
 * manager is not taken out.
 *
 * Does not prove: requests that take longer than a task's grace period; a service without a health check (its new task
 * gets requests before it can answer them); a machine that hangs instead of being dead.
 */
import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Clone } from "../e2e/clone";
import { configuration, isSettled, localState, minute, nodesSeenBy } from "./node-lab";
import { untilOn } from "./story";

const clone = new Clone("node-removal");
const file = "Pulumi.dev.yaml";
const manager = "manager-1: { role: manager, labels: { site: a } }";
const worker = (n: number): string => `worker-${n}: { role: worker, labels: { site: a } }`;

/** What shows that the removal has come to each of its steps: a host, and a test of its shell. */
const steps: readonly (readonly [string, string])[] = [
  ["manager-1", "docker node inspect $(docker node ls -q) | grep -q '\"pause\"'"],
  ["manager-1", "docker service inspect web | grep -q '\"updating\"'"],
  ["manager-1", "docker node inspect $(docker node ls -q) | grep -q '\"drain\"'"],
  ["worker-1", "docker info --format {{.Swarm.LocalNodeState}} | grep -q inactive"],
  ["manager-1", "docker node ls --format {{.Status}} | grep -q Down"],
  ["manager-1", "[ $(docker node ls -q | wc -l) -lt 4 ]"],
];

beforeAll(async () => {
  await clone.make();
  clone.write(file, configuration([manager, worker(1), worker(2), worker(3)]));
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 40 });
}, 50 * minute);

afterAll(() => clone.clear(), 15 * minute);

/** Asks again and again, on a new connection each time, and counts. */
class Visitor {
  answered = 0;
  readonly lost: string[] = [];
  private stopped = false;
  private readonly walks: Promise<void>[];

  constructor(url: string) {
    this.walks = [1, 2, 3].map(async () => this.walk(url));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.walks);
  }

  private async walk(url: string): Promise<void> {
    while (!this.stopped) {
      const failure = await ask(url);
      if (failure === undefined) this.answered += 1;
      else this.lost.push(failure);
      await delay(50);
    }
  }
}

function ask(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 20_000 }, (response) => {
      response.resume();
      response.once("end", () => {
        resolve(response.statusCode === 200 ? undefined : `status ${response.statusCode ?? 0}`);
      });
    });
    request.once("timeout", () => request.destroy(new Error("no answer within 20 s")));
    request.once("error", (error) => {
      resolve(error.message);
    });
  });
}

async function address(): Promise<string> {
  const nodes = JSON.parse(
    await clone.npmOk("pulumi", ["stack", "output", "--json", "nodes", "--stack", "dev"]),
  ) as Record<string, { address: string }>;
  return nodes["manager-1"]?.address ?? "";
}

async function tasksOn(): Promise<string[]> {
  const words = ["docker", "service", "ps", "web", "--filter", "desired-state=running"];
  return (await clone.on("manager-1", ...words, "--format", "{{.Node}} {{.CurrentState}}"))
    .split("\n")
    .map((line) => line.split(" ").slice(0, 2).join(" "));
}

describe("taking hosts out of the configuration", () => {
  it(
    "takes three workers out, killed at every step, and loses no request",
    async () => {
      // The first tasks are on the workers that go: the manager takes none yet.
      await clone.on(
        "manager-1",
        "docker node update --availability pause manager-1 && " +
          "docker service create --quiet --name web --replicas 2 --publish 8080:80 " +
          // Slow enough for an update to be seen by the run after the one that began it.
          "--update-order start-first --update-delay 20s --health-interval 2s --health-timeout 20s --health-retries 10 " +
          "--health-cmd 'bash -c \": </dev/tcp/127.0.0.1/80\"' nginx:latest && " +
          "docker node update --availability active manager-1",
      );
      expect((await tasksOn()).every((task) => /^worker-[123] Running$/.test(task))).toBe(true);
      const visitor = new Visitor(`http://${await address()}:8080/`);
      clone.write(file, configuration([manager]));
      for (const [host, test] of steps) {
        console.log(`to be killed once this holds on ${host}: ${test}`);
        await clone.npmKilled("up", ["--yes", "--skip-preview"], untilOn(clone, host, test));
      }
      await clone.npmOk("up", ["--yes", "--skip-preview"]);
      await visitor.stop();
      console.log(`${visitor.answered} answered, ${visitor.lost.length} lost`, visitor.lost);
      expect(Object.keys(await nodesSeenBy(clone, "manager-1"))).toEqual(["manager-1"]);
      expect((await tasksOn()).every((task) => /^manager-1 Running$/.test(task))).toBe(true);
      expect(visitor.answered).toBeGreaterThan(100);
      expect(visitor.lost).toEqual([]);
      expect(await isSettled(clone)).toBe(true);
    },
    60 * minute,
  );

  it(
    "does not take out the last manager",
    async () => {
      clone.write(file, configuration([worker(1)]));
      const { code, stdout, stderr } = await clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout + stderr).toContain("hosts: got no manager; expected one at least.");
      expect(await localState(clone, "manager-1")).toBe("active");
      clone.write(file, configuration([manager]));
    },
    10 * minute,
  );
});
