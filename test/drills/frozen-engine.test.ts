/**
 * An engine that is there and says nothing: dockerd is stopped (SIGSTOP), its socket takes connections and never
 * answers. First a manager's, then a worker's. Preview, status and up come to an end and name the machine; when it goes
 * on, so does everything, and nothing is left to be done.
 *
 * Does not prove: a machine that hangs as a whole; two engines of three managers.
 */
import type { Outcome } from "../e2e/clone";
import { isSettled, minute, nodesSeenBy } from "./node-lab";
import { cloneOf, setProgram, untilOn, up } from "./story";
import { secondsOf } from "./swarm-story";

const managers = ["manager-1", "manager-2", "manager-3"];
const clone = cloneOf("frozen-engine", {
  hosts: [...managers, "worker-1"].map((host) => `${host}: { role: ${host.replace(/-\d$/, "")} }`),
});

beforeAll(async () => {
  release("one");
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
}, 40 * minute);

function release(word: string): void {
  setProgram(
    clone,
    `  const network = new Network("front", {}, onCluster(cluster));
  new Service("web", {
    image: "nginx",
    replicas: 2,
    env: { RELEASE: "${word}" },
    networks: [{ target: network.name }],
  }, onCluster(cluster));
  return undefined;`,
  );
}

interface Ended {
  readonly code: number;
  readonly seconds: number;
  readonly text: string;
}

async function run(task: string, ...args: readonly string[]): Promise<Ended> {
  let outcome: Outcome = { code: 1, stdout: "", stderr: "" };
  const seconds = await secondsOf(async () => {
    outcome = await clone.npm(task, args);
  });
  const { code, stdout, stderr } = outcome;
  console.log(`${task} ended with ${code} after ${seconds.toFixed()} s\n${stdout}\n${stderr}`);
  return { code, seconds, text: `${stdout}\n${stderr}` };
}

async function freeze(host: string): Promise<void> {
  await clone.on(
    host,
    "kill -STOP $(pidof dockerd) && grep -q 'T (stopped)' /proc/$(pidof dockerd)/status",
  );
}

/** Lets the engine go on, and waits until the managers hear of it again. */
async function thaw(host: string, witness: string): Promise<void> {
  await clone.on(host, "kill -CONT $(pidof dockerd)");
  await untilOn(clone, witness, `docker node ls | grep '${host} ' | grep -q Ready`);
}

async function expectAllAsDeclared(): Promise<void> {
  await up(clone);
  const states = Object.values(await nodesSeenBy(clone, "manager-2")).map(({ state }) => state);
  expect(states).toEqual(["ready", "ready", "ready", "ready"]);
  expect(await clone.planned()).toEqual([]);
  expect(await isSettled(clone)).toBe(true);
}

/** Each command comes to an end and names the machine; when its engine goes on, nothing is left to be done. */
async function expectNamed(host: string, word: string, seen: RegExp): Promise<void> {
  await freeze(host);
  // The managers have not noticed yet: what it shows is theirs to say, that it ends is ours.
  expect((await run("preview")).seconds).toBeLessThan(180);
  await untilOn(clone, "manager-2", `docker node ls | grep '${host} ' | grep -q Down`);
  const preview = await run("preview", "--diff");
  expect(preview.seconds).toBeLessThan(180);
  expect(preview.text).toMatch(seen);
  const status = await run("status");
  expect(status.seconds).toBeLessThan(60);
  expect(status.code).toBe(1);
  expect(status.text).toContain(`node ${host} is down`);
  release(word);
  const change = await run("up", "--yes", "--skip-preview");
  expect(change.seconds).toBeLessThan(300);
  expect(change.code).not.toBe(0);
  expect(change.text).toMatch(
    new RegExp(
      `error: ${host}: Docker's answer to .* did not finish within \\d+ s: the engine takes connections and does ` +
        "not answer\\. Look there \\(journalctl -u docker\\)",
    ),
  );
  await thaw(host, "manager-2");
  await expectAllAsDeclared();
}

describe("an engine that does not answer", () => {
  it(
    "of a manager is named by preview, status and up, which come to an end; afterwards all goes on",
    async () => {
      const preview = /warning: 3 managers, 2 reachable \(manager-1 is not\)/;
      await expectNamed("manager-1", "two", preview);
    },
    40 * minute,
  );

  it(
    "of a worker is named likewise",
    async () => {
      const preview = /Node: \(update\)[^+]*cluster-node-worker-1\][^+]*state *: "down" => "ready"/;
      await expectNamed("worker-1", "three", preview);
    },
    40 * minute,
  );
});
