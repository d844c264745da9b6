import type { ServiceSpec } from "@docker/node-sdk";
import { lineOf } from "../../../consequences/lines";
import { serviceFinding } from "../../../consequences/service";
import { changed, gib, node, running, swarm } from "./swarm";

// Proves the sentences and the arithmetic. That tasks are replaced where it is said is asked of Docker itself, for each
// property of a service, by the matrix in test/e2e.

const second = 1e9;
const nodes = [node("worker-1", { Labels: { tier: "db" } }), node("worker-2"), node("worker-3")];
const everywhere = ["worker-1", "worker-2", "worker-3"];
const healthy = {
  ContainerSpec: { Image: "web:1", Healthcheck: { Test: ["CMD", "true"], Interval: 5 * second } },
};

function line(
  live: ReturnType<typeof running>,
  change: Parameters<typeof changed>[1],
  others: ReturnType<typeof running>[] = [],
): string | undefined {
  const world = swarm(nodes, live, ...others);
  return lineOf(serviceFinding(world, { service: live.service, after: changed(live, change) }));
}

const anotherImage = (spec: ServiceSpec): void => {
  Object.assign(spec.TaskTemplate?.ContainerSpec ?? {}, { Image: "other:2" });
};

describe("a service whose tasks restart", () => {
  it("has no gap where new tasks start first and a health check says when they work", () => {
    const policy = { Order: "start-first" as const, Parallelism: 1, Delay: 4 * second };
    const web = running("web", everywhere, { TaskTemplate: healthy, UpdateConfig: policy });
    // Three times 2 s for the containers, 5 s until the first check and 4 s of delay; then 5 s of watching.
    expect(line(web, anotherImage)).toBe(
      "web: all 3 tasks restart, one at a time, about 40 s (start-first, health check): no gap",
    );
  });

  it("has a gap where its only task stops first", () => {
    expect(line(running("db", ["worker-1"]), anotherImage)).toBe(
      "db: its only task restarts (stop-first): a gap of some seconds",
    );
  });

  it("has a gap where all stop at once, and none where others answer meanwhile", () => {
    const all = { UpdateConfig: { Parallelism: 0 } };
    expect(line(running("web", everywhere, all), anotherImage)).toBe(
      "web: all 3 tasks restart, all at once, about 10 s (stop-first): a gap of some seconds",
    );
    const two = { UpdateConfig: { Parallelism: 2, Delay: 10 * second } };
    expect(line(running("web", everywhere, two), anotherImage)).toBe(
      "web: all 3 tasks restart, 2 at a time, about 35 s (stop-first): no gap",
    );
  });

  it("is not promised more than is known about new tasks", () => {
    expect(line(running("web", ["worker-1", "worker-2"]), anotherImage)).toBe(
      "web: both tasks restart, one at a time, about 10 s (stop-first): " +
        "no gap if each new task answers as soon as it runs (no health check is declared)",
    );
  });

  it("counts only those that go on while it is scaled", () => {
    const web = running("web", everywhere, { TaskTemplate: healthy });
    const said = line(web, (spec) => {
      anotherImage(spec);
      spec.Mode = { Replicated: { Replicas: 5 } };
    });
    expect(said).toMatch(/^web: 3 → 5, 3 tasks restart, one at a time/);
  });

  it("restarts what an update that Docker had paused has left of the old definition", () => {
    const web = running("web", everywhere);
    for (const task of web.tasks.slice(0, 2)) task.Spec = { ContainerSpec: { Image: "web:0" } };
    expect(line(web, () => undefined)).toMatch(/^web: 2 tasks restart, one at a time/);
  });
});

describe("a service whose tasks stay", () => {
  it("says what changes all the same", () => {
    const said = line(running("web", everywhere), (spec) => {
      spec.Labels = { a: "1" };
      spec.UpdateConfig = { Parallelism: 2 };
    });
    expect(said).toBe("web: nothing restarts (labels, update policy only)");
  });

  it("is scaled without a restart", () => {
    const to = (count: number) => (spec: ServiceSpec) => {
      spec.Mode = { Replicated: { Replicas: count } };
    };
    const web = running("web", everywhere);
    expect(line(web, to(5))).toBe("web: 3 → 5, nothing restarts");
    expect(line(web, to(2))).toBe("web: 3 → 2, 1 task stops, nothing restarts");
    expect(line(web, to(0))).toBe("web: 3 → 0, all 3 tasks stop: nothing answers any more");
  });

  it("keeps tasks whose node meets new constraints, and moves the others without their volume", () => {
    const constrain = (spec: ServiceSpec): void => {
      Object.assign(spec.TaskTemplate ?? {}, {
        Placement: { Constraints: ["node.labels.tier!=db"] },
      });
    };
    const mounted = {
      TaskTemplate: {
        ContainerSpec: { Mounts: [{ Type: "volume" as const, Source: "db-data", Target: "/d" }] },
      },
    };
    expect(line(running("db", ["worker-2"], mounted), constrain)).toBe(
      "db: nothing restarts (placement only)",
    );
    expect(line(running("db", ["worker-1"], mounted), constrain)).toBe(
      "db: moves from worker-1 to worker-2 or worker-3; its volume db-data stays behind (stop-first): a gap of some seconds",
    );
    expect(line(running("web", everywhere), constrain)).toMatch(
      /^web: 1 task moves from worker-1 to worker-2 or worker-3/,
    );
  });

  it("says so where no node may take what has to leave", () => {
    const said = line(running("db", ["worker-1"]), (spec) => {
      spec.TaskTemplate.Placement = { Constraints: ["node.labels.tier==none"] };
    });
    expect(said).toBe(
      "db: its only task stops, and no node may take it: its constraints are not met on worker-1, worker-2, worker-3",
    );
  });
});

describe("a global service", () => {
  const agent = (...places: string[]) => running("agent", places, { Mode: { Global: {} } });

  it("stops and starts where new constraints say", () => {
    const said = line(agent("worker-1", "worker-2"), (spec) => {
      spec.TaskTemplate.Placement = { Constraints: ["node.hostname!=worker-1"] };
    });
    expect(said).toBe("agent: stops on worker-1, starts on worker-3");
  });
});

describe("a job", () => {
  it("runs again, whatever changes", () => {
    const job = running("migrate", [], {
      Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
    });
    const said = line(job, (spec) => {
      spec.Labels = { a: "1" };
    });
    expect(said).toBe("migrate: runs again, as a job does after every change: 1 task");
  });
});

describe("ports and room", () => {
  it("names ports that are found elsewhere", () => {
    const ports = (published: number) => ({
      Ports: [{ TargetPort: 80, PublishedPort: published }],
    });
    const live = running("web", ["worker-1"], { EndpointSpec: ports(8080) });
    const said = line(live, (spec) => {
      spec.EndpointSpec = ports(8081);
    });
    expect(said).toMatch(/; port 8080\/tcp → 8081\/tcp$/);
  });

  it("says before it starts what no node has room for, with what runs there already", () => {
    const reserve = (amount: number) => ({ Reservations: { MemoryBytes: amount * gib } });
    const full = running("cache", ["worker-1", "worker-2"], {
      TaskTemplate: { Resources: reserve(3) },
    });
    const said = line(
      running("web", ["worker-3"]),
      (spec) => {
        spec.Mode = { Replicated: { Replicas: 3 } };
        spec.TaskTemplate.Resources = reserve(2);
      },
      [full],
    );
    expect(said).toMatch(
      /1 task will find no node: no memory to spare on worker-1, worker-2, worker-3 \(each task reserves 2 GiB\)$/,
    );
  });
});
