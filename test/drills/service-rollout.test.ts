/**
 * Rollouts that go wrong, and what a user sees of them: health checks, refused tasks, tasks that no node can take,
 * jobs, drained nodes, changes by hand, Pulumi's options of a resource, and an update under load from outside.
 *
 * Does not prove: more than one worker; a manager lost in the middle of a rollout; engines other than the lab's.
 */
import { Agent, get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Service, Task } from "@docker/node-sdk";
import type { Services } from "../e2e/service-lab";
import { ServiceLab } from "../e2e/service-lab";

const minute = 60_000;
const lab = new ServiceLab("service-rollout", ["manager-1", "worker-1"]);

const sleeper = { image: "busybox", command: ["sleep", "100000"], stopGracePeriod: "1s" };
const broken = [
  "sh",
  "-c",
  "echo reading the configuration; echo broken configuration >&2; exit 7",
];
// Long enough for a slow machine to tell that a container has ended before Docker stops watching it.
const quick = { updateConfig: { monitor: "10s" } };

/** What runs well at first. */
const sound: Services = {
  web: {
    image: "nginx",
    replicas: 2,
    ports: [{ target: 80, published: 8080 }],
    stopSignal: "SIGQUIT",
    healthcheck: { test: ["CMD-SHELL", "true"], interval: "1s" },
    updateConfig: { order: "start-first", monitor: "2s" },
  },
  paused: { ...sleeper, replicas: 2, ...quick },
  returned: {
    ...sleeper,
    updateConfig: { monitor: "10s", failureAction: "rollback" },
    rollbackConfig: { monitor: "1s" },
  },
  carried: { ...sleeper, updateConfig: { monitor: "10s", failureAction: "continue" } },
  sick: { ...sleeper, ...quick },
  resumed: { ...sleeper, replicas: 2, ...quick },
  nothing: { ...sleeper, replicas: 0 },
  everywhere: { ...sleeper, mode: "global", placement: { constraints: ["node.role==worker"] } },
  job: { ...sleeper, mode: "replicated-job", replicas: 3, maxConcurrent: 3, command: ["true"] },
  once: { ...sleeper, command: ["true"], restartPolicy: { condition: "none" } },
  two: {
    ...sleeper,
    ports: [
      { target: 53, published: 5300, protocol: "udp" },
      { target: 53, published: 5300 },
      { target: 54 },
    ],
  },
  scaled: { ...sleeper, replicas: 1, $options: { ignoreChanges: ["replicas"] } },
  guarded: { ...sleeper, replicas: 0, $options: { protect: true } },
  base: {
    ...sleeper,
    command: ["sh", "-c", "sleep 8; touch /tmp/ready; sleep 100000"],
    healthcheck: { test: ["CMD", "test", "-e", "/tmp/ready"], interval: "1s", retries: 60 },
  },
  after: { ...sleeper, $options: { dependsOn: ["base"] } },
};

/** What cannot run, beside and in place of the others. */
const unsound: Services = {
  ...sound,
  paused: { ...sound.paused, command: broken },
  returned: { ...sound.returned, command: broken },
  carried: { ...sound.carried, command: broken, convergeTimeout: "90s" },
  sick: {
    ...sound.sick,
    healthcheck: { test: ["CMD", "false"], interval: "1s", retries: 2, timeout: "5s" },
    updateConfig: { monitor: "30s" },
  },
  resumed: { ...sound.resumed, mounts: [{ type: "bind", source: "/srv/later", target: "/later" }] },
  nowhere: { ...sleeper, placement: { constraints: ["node.labels.tier==gold"] } },
  huge: { ...sleeper, reservations: { memory: "512G" } },
  windows: { ...sleeper, placement: { platforms: [{ os: "windows", architecture: "amd64" }] } },
  crowded: {
    ...sleeper,
    replicas: 2,
    ports: [{ target: 80, published: 8099, mode: "host" }],
    placement: { constraints: ["node.role==worker"] },
  },
  failing: {
    ...sleeper,
    mode: "replicated-job",
    command: ["sh", "-c", "echo nothing to do here; exit 4"],
    restartPolicy: { condition: "none" },
  },
};

async function service(name: string): Promise<Service> {
  return lab.docker.ask("GET", `/services/${name}`);
}

async function tasks(name: string): Promise<Task[]> {
  return lab.docker.ask("GET", "/tasks", { query: { filters: { service: [name] } } });
}

async function running(name: string): Promise<number> {
  return (await tasks(name)).filter(({ Status }) => Status?.State === "running").length;
}

/** The error that is reported for one resource; the preview before has diagnostics of its own. */
function errorOf(output: string, name: string): string {
  const after = output.split("Diagnostics:").at(-1) ?? "";
  const start = after.indexOf(`swarm:index:Service (${name}):`);
  const rest = start < 0 ? "" : after.slice(start + 1);
  const end = rest.search(/\n {2}(swarm|pulumi):[\w:]+ \(/);
  return end < 0 ? rest : rest.slice(0, end);
}

beforeAll(() => lab.make(), 15 * minute);

afterAll(() => lab.remove(), 15 * minute);

describe("a rollout", () => {
  it(
    "ends when everything runs, has ended well, or is asked for nothing",
    async () => {
      lab.declare(sound);
      const output = await lab.up();
      expect(output).toContain("3/3 tasks complete");
      for (const [name, count] of Object.entries({ web: 2, paused: 2, nothing: 0, everywhere: 1 }))
        expect([name, await running(name)]).toEqual([name, count]);
      expect(await lab.planned()).toEqual({});
      expect(await lab.planned()).toEqual({}); // a port that Docker picked stays
    },
    30 * minute,
  );

  it("waits for what it depends on to be healthy, not only to be there", async () => {
    const [base] = await tasks("base");
    const { CreatedAt: madeAt = "" } = await service("after");
    expect(base?.Status?.State).toBe("running");
    const readyAt = base?.Status?.Timestamp ?? "";
    expect(new Date(madeAt).getTime()).toBeGreaterThan(new Date(readyAt).getTime());
    const startedAt = new Date((await service("base")).CreatedAt ?? "").getTime();
    expect(new Date(readyAt).getTime() - startedAt).toBeGreaterThan(8000);
  });

  it(
    "that fails says which task, where, with what exit code and last words, and what the service is now",
    async () => {
      lab.declare(unsound);
      const { code, stdout } = await lab.tryUp("--continue-on-error");
      expect(code).not.toBe(0);
      const paused = errorOf(stdout, "paused");
      expect(paused).toMatch(/service paused: Docker paused the update/);
      expect(paused).toMatch(/paused\.[12] failed on (manager|worker)-1 .*exit code 7/);
      // Docker reads its two outputs side by side: either may come first.
      const [, ...written] = /last lines of paused\.[12]:\n *(.*)\n *(.*)/.exec(paused) ?? [];
      expect(written.sort()).toEqual(["broken configuration", "reading the configuration"]);
      expect(paused).toContain("the next up goes on from there");
      expect((await service("paused")).UpdateStatus?.State).toBe("paused");

      const returned = errorOf(stdout, "returned");
      expect(returned).toMatch(/Docker rolled the update back/);
      expect(returned).toContain("broken configuration");
      expect(returned).toContain("The service has its previous definition again");
      expect((await service("returned")).Spec?.TaskTemplate?.ContainerSpec?.Command).toEqual(
        sleeper.command,
      );

      expect(errorOf(stdout, "carried")).toMatch(/service carried: [^]*exit code 7/);
      expect(errorOf(stdout, "sick")).toMatch(/service sick: [^]*unhealthy/);
      expect(errorOf(stdout, "resumed")).toMatch(/resumed\.[12] rejected on [^]*\/srv\/later/);
      expect(errorOf(stdout, "nowhere")).toMatch(/no suitable node \(scheduling constraints/);
      expect(errorOf(stdout, "huge")).toMatch(/no suitable node \(insufficient resources/);
      expect(errorOf(stdout, "crowded")).toMatch(
        /no suitable node \([^)]*host-mode port already in use/,
      );
      expect(stdout).toMatch(/replicas: 2 with port 8099 of mode "host", and 1 nodes/);
      expect(errorOf(stdout, "windows")).toMatch(/no suitable node \(unsupported platform/);
      const failing = errorOf(stdout, "failing");
      expect(failing).toMatch(/failing\.0 failed [^]*exit code 4/);
      expect(failing).toContain("nothing to do here");
      expect(await running("web")).toBe(2);
    },
    30 * minute,
  );

  it(
    "is gone on with by the next up: an update that Docker had paused, a job that had failed",
    async () => {
      const before = await lab.planned();
      expect(before.paused?.changes).toEqual({ rollout: "delete" });
      expect(before.returned?.changes).toEqual({ command: "update" });
      for (const host of ["manager-1", "worker-1"])
        await lab.clone.on(host, "mkdir", "-p", "/srv/later");
      const { resumed = {} } = unsound;
      lab.declare({
        ...sound,
        resumed,
        sick: { ...sound.sick, healthcheck: { test: ["CMD", "true"], interval: "1s" } },
        failing: { ...unsound.failing, command: ["true"] },
      });
      await lab.up();
      for (const [name, count] of Object.entries({
        paused: 2,
        returned: 1,
        carried: 1,
        resumed: 2,
        sick: 1,
      }))
        expect([name, await running(name)]).toEqual([name, count]);
      expect(await lab.planned()).toEqual({});
    },
    30 * minute,
  );
});

/** All of it in its last shape, with Pulumi's options. */
function standing(found: string): Services {
  const { once, web, ...others } = sound;
  return {
    ...others,
    web: { ...web, labels: { a: "b" }, $options: { replaceOnChanges: ["labels"] } },
    renamed: { ...once, name: "once", $options: { aliases: [{ name: "once" }] } },
    found: { image: "busybox", replicas: 0, labels: { by: "hand" }, $options: { import: found } },
    resumed: unsound.resumed ?? {},
  };
}

function without(services: Services, name: string): Services {
  return Object.fromEntries(Object.entries(services).filter(([key]) => key !== name));
}

describe("changes by hand and Pulumi's options", () => {
  let declared: Services;

  it(
    "are seen and repaired, or ignored",
    async () => {
      await lab.clone.on(
        "manager-1",
        "docker service scale --detach scaled=2 paused=3 && docker service rm nothing && " +
          "docker service create --detach --quiet --name found --replicas 0 --label by=hand busybox",
      );
      const { ID: found = "" } = await service("found");
      const { ID: once } = await service("once");
      declared = standing(found);
      lab.declare(declared);
      const planned = await lab.planned();
      expect(planned).toMatchObject({
        web: { op: "replace", changes: { labels: "add-replace" } },
        paused: { op: "update", changes: { replicas: "update" } },
        nothing: { op: "create" },
        found: { op: "import" },
      });
      expect(planned).not.toHaveProperty("scaled");
      expect(planned).not.toHaveProperty("renamed");
      await lab.up();
      expect((await service("once")).ID).toBe(once);
      expect((await service("found")).ID).toBe(found);
      expect((await service("scaled")).Spec?.Mode?.Replicated?.Replicas).toBe(2);
      expect((await service("paused")).Spec?.Mode?.Replicated?.Replicas).toBe(2);
      expect(await lab.planned()).toEqual({});
    },
    30 * minute,
  );

  it(
    "keep what is protected",
    async () => {
      lab.declare(without(declared, "guarded"));
      const { code, stdout } = await lab.tryUp();
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/guarded[^]*protect/);
      expect((await service("guarded")).Spec?.Name).toBe("guarded");
    },
    10 * minute,
  );
});

/** Asks for a page again and again, each time over a connection of its own, until told to stop. */
async function load(url: string, signal: AbortSignal): Promise<{ asked: number; lost: string[] }> {
  const lost: string[] = [];
  let asked = 0;
  const once = async (): Promise<void> =>
    new Promise((resolve) => {
      const request = get(
        url,
        { agent: new Agent({ keepAlive: false }), timeout: 10_000 },
        (answer) => {
          if (answer.statusCode !== 200) lost.push(`status ${answer.statusCode ?? 0}`);
          answer.resume().on("end", resolve);
        },
      );
      request.on("timeout", () => request.destroy(new Error("no answer within 10 s")));
      request.on("error", (error) => {
        lost.push(error.message);
        resolve();
      });
    });
  while (!signal.aborted) {
    asked += 1;
    await once();
    // The machines of a lab are small: they are to be asked without a pause, not to be flooded.
    await delay(20);
  }
  return { asked, lost };
}

describe("an update under load", () => {
  it(
    "loses no request of a service that starts new tasks first, on any node",
    async () => {
      const urls = ["manager-1", "worker-1"].map(
        (host) => `http://${lab.docker.addressOf(host)}:8080/`,
      );
      const done = new AbortController();
      const loads = urls.map(async (url) => load(url, done.signal));
      lab.declare({ ...sound, web: { ...sound.web, env: { VERSION: "2" } } });
      await lab.up("--target", "**::web");
      done.abort();
      const results = await Promise.all(loads);
      console.log(
        results.map(({ asked, lost }) => `${asked} requests, ${lost.length} lost`).join("; "),
      );
      for (const { asked, lost } of results) {
        expect(lost).toEqual([]);
        expect(asked).toBeGreaterThan(20);
      }
    },
    20 * minute,
  );
});

describe("a global service", () => {
  it(
    "has nothing to wait for when every node that it may run on is drained",
    async () => {
      lab.configure("", "worker-1");
      lab.declare({
        everywhere: { ...sound.everywhere, env: { A: "1" } },
        // Protected no more, or the lab could not be taken down.
        guarded: { ...sleeper, replicas: 0 },
      });
      await lab.up();
      expect(await running("everywhere")).toBe(0);
      expect(await lab.planned()).toEqual({});
    },
    20 * minute,
  );
});
