import type { Node, Service, SystemInfo, Task } from "@docker/node-sdk";
import type { Context } from "../../../provider/context";
import { NoManagerError } from "../../../cluster/managers";
import { previewRestart, withoutTasks } from "../../../provider/node/maintenance";
import { Run } from "../../../cluster/run";

// Proves the order of things and the refusals, against a swarm that does what it is told at once; that no request is
// lost is the lab's matter.

const HOSTS = ["m1", "m2", "m3", "w1", "w2"];

/** A swarm of three managers and two workers, with one task of a service that updates start-first on `w1`. */
class World {
  readonly log: string[] = [];
  readonly said: string[] = [];
  readonly nodes: Node[] = HOSTS.map((name) => ({
    ID: name,
    Version: { Index: 1 },
    Description: { Hostname: name },
    Spec: { Role: name.startsWith("m") ? "manager" : "worker", Availability: "active" },
    Status: { State: "ready", Addr: name },
    ...(name.startsWith("m")
      ? { ManagerStatus: { Reachability: "reachable", Addr: `${name}:2377` } }
      : {}),
  }));
  readonly service: Service = {
    ID: "web",
    Spec: {
      Name: "web",
      Mode: { Replicated: { Replicas: 1 } },
      UpdateConfig: { Order: "start-first" },
      // As engines write it; their description says HealthCheck.
      TaskTemplate: { ContainerSpec: { Healthcheck: { Test: ["CMD", "true"] } } as object },
    },
  };
  readonly tasks: Task[] = [
    { ServiceID: "web", NodeID: "w1", DesiredState: "running", Status: { State: "running" } },
  ];
  /** Machines whose manager waits for its key. */
  readonly locked = new Set<string>();
  refusal: Error | undefined;
  readonly context: Context;

  constructor() {
    const engines = new Map(HOSTS.map((name) => [name, this.engine(name)]));
    const context = {
      machines: {
        names: HOSTS,
        has: () => true,
        get: (n: string) => ({ engine: () => engines.get(n) }),
      },
      roles: new Map(),
      run: new Run(),
      managers: {
        use: async (call: (engine: unknown) => Promise<unknown>) => {
          if (this.refusal !== undefined) throw this.refusal;
          return call(engines.get("m1"));
        },
        nodes: async () => {
          if (this.refusal !== undefined) throw this.refusal;
          return Promise.resolve(this.nodes);
        },
        services: async () => Promise.resolve([]),
        tasks: async () => Promise.resolve([]),
        invalidate: () => undefined,
        forget: () => undefined,
      },
      signal: new AbortController().signal,
      progress: () => undefined,
      info: (text: string) => this.said.push(text),
      warn: (text: string) => this.said.push(text),
    };
    this.context = context as unknown as Context;
  }

  node(name: string): Node {
    return this.nodes.find((one) => one.ID === name) ?? {};
  }

  /** What is done to the machine: its engine stops and starts. */
  restart(name: string): () => Promise<void> {
    return async () => {
      this.log.push(`${name} restarts, ${this.node(name).Spec?.Availability ?? ""}`);
      return Promise.resolve();
    };
  }

  private engine(name: string): object {
    const request = async (method: string, path: string, options?: object): Promise<unknown> =>
      Promise.resolve(this.answer(name, method, path, options));
    return {
      host: name,
      request,
      info: async () => Promise.resolve(this.info(name)),
      // Nothing happens but what is asked for.
      onNodeEvent: () => () => undefined,
      close: () => undefined,
    };
  }

  private info(name: string): SystemInfo {
    const manages = name.startsWith("m");
    return {
      Swarm: {
        NodeID: name,
        LocalNodeState: this.locked.has(name) ? "locked" : "active",
        ControlAvailable: manages,
        ...(manages ? { Cluster: { ID: "cluster" } } : {}),
      },
    };
  }

  private answer(name: string, method: string, path: string, options: object = {}): unknown {
    const { body, query } = options as {
      body?: Record<string, unknown>;
      query?: { filters?: { node?: string[] } };
    };
    if (method === "POST") {
      this.obey(name, path, body ?? {});
      return undefined;
    }
    if (path === "/swarm") return { ID: "cluster", JoinTokens: {} };
    if (path === "/swarm/unlockkey") return { UnlockKey: "SWMKEY-1-x" };
    if (path === "/nodes") return this.nodes.map((node) => ({ ...node }));
    if (path.startsWith("/nodes/")) return { ...this.node(path.slice(7)) };
    if (path === "/services") return [this.service];
    if (path.startsWith("/services/")) return this.service;
    const [at] = query?.filters?.node ?? [];
    if (path === "/tasks")
      return this.tasks.filter(({ NodeID: id }) => at === undefined || at === id);
    throw new Error(`${method} ${path}`);
  }

  private obey(name: string, path: string, body: Record<string, unknown>): void {
    if (path === "/swarm/unlock") {
      this.log.push(`${name} is unlocked with ${String(body.UnlockKey)}`);
      this.locked.delete(name);
    } else if (path === "/services/web/update") {
      this.log.push("web moves");
      this.service.UpdateStatus = { State: "completed" };
      for (const task of this.tasks) task.NodeID = "w2";
    } else {
      const node = this.node(path.split("/")[2] ?? "");
      node.Spec = body;
      this.log.push(`${node.ID ?? ""} ${String(body.Availability)}`);
    }
  }
}

/** A manager that the others do not hear from. */
function lose(world: World, name: string): void {
  world.node(name).ManagerStatus = { Reachability: "unreachable", Addr: `${name}:2377` };
}

describe("a machine whose engine restarts", () => {
  it("gives its tasks away first, start-first services without a gap, and takes tasks again", async () => {
    const world = new World();
    await withoutTasks(world.context, "w1", "gentle", world.restart("w1"));
    expect(world.log).toEqual([
      "w1 pause",
      "web moves",
      "w1 drain",
      "w1 restarts, drain",
      "w1 active",
    ]);
    expect(world.said).toEqual([]);
  });

  it("says so when a service that it moves without a gap has no health check", async () => {
    const world = new World();
    world.service.Spec = { ...world.service.Spec, TaskTemplate: {} };
    await withoutTasks(world.context, "w1", "gentle", world.restart("w1"));
    expect(world.said).toEqual([
      "web has no health check: its new tasks get requests as soon as their process runs, ready or not. " +
        "With one they get them once they can answer.",
    ]);
  });

  it("stops all tasks at once where that is declared, and stays what it was", async () => {
    const world = new World();
    world.tasks.length = 0;
    await withoutTasks(world.context, "w1", "now", world.restart("w1"));
    expect(world.log).toEqual(["w1 drain", "w1 restarts, drain", "w1 active"]);
    world.log.length = 0;
    world.node("w2").Spec = { Role: "worker", Availability: "drain" };
    await withoutTasks(world.context, "w2", "gentle", world.restart("w2"));
    expect(world.log).toEqual(["w2 restarts, drain"]);
  });

  it("is one at a time", async () => {
    const world = new World();
    world.tasks.length = 0;
    await Promise.all(
      HOSTS.map(async (name) => withoutTasks(world.context, name, "now", world.restart(name))),
    );
    expect(world.log).toEqual(
      HOSTS.flatMap((name) => [`${name} drain`, `${name} restarts, drain`, `${name} active`]),
    );
  });

  it("is unlocked when it comes back locked", async () => {
    const world = new World();
    world.tasks.length = 0;
    await withoutTasks(world.context, "m2", "now", async () => {
      world.locked.add("m2");
      return Promise.resolve();
    });
    expect(world.log).toEqual(["m2 drain", "m2 is unlocked with SWMKEY-1-x", "m2 active"]);
  });

  it("is not touched when the quorum needs it", async () => {
    const world = new World();
    lose(world, "m3");
    const restart = withoutTasks(world.context, "m1", "gentle", world.restart("m1"));
    await expect(restart).rejects.toThrow(
      new Error(
        "m1: its engine cannot be restarted now: of the other 2 managers 1 can be reached and 2 are needed for a quorum meanwhile; bring m3 back first. Nothing was changed on it.",
      ),
    );
    expect(world.log).toEqual([]);
    await withoutTasks(world.context, "w2", "gentle", world.restart("w2"));
    expect(world.log).toContain("w2 restarts, drain");
  });

  it("keeps its tasks while no other node could take them, and says so", async () => {
    const world = new World();
    for (const name of HOSTS.slice(1)) world.node(name).Status = { State: "down" };
    await withoutTasks(world.context, "m1", "gentle", world.restart("m1"));
    expect(world.log).toEqual(["m1 restarts, active"]);
    expect(world.said).toEqual([
      "no other node takes its tasks: they stop while the engine restarts.",
    ]);
  });

  it("is the last one of the run when it fails, and takes tasks again if it can", async () => {
    const world = new World();
    world.tasks.length = 0;
    const reason = new Error("no such package");
    const first = withoutTasks(world.context, "w1", "now", async () => Promise.reject(reason));
    await expect(first).rejects.toBe(reason);
    expect(world.log).toEqual(["w1 drain", "w1 active"]);
    await expect(withoutTasks(world.context, "w2", "now", world.restart("w2"))).rejects.toThrow(
      new Error(
        "w2: its engine was left alone, because the restart of w1's failed in this run. Repair w1 and run again.",
      ),
    );
  });
});

describe("the preview of a restart", () => {
  it("says what happens to the node", async () => {
    const world = new World();
    await previewRestart(world.context, "w1");
    expect(world.said).toEqual([
      "the engine restarts: the node gives its tasks away before and takes new ones afterwards, one machine after the other.",
    ]);
  });

  it("refuses what would cost the quorum, and says nothing of what is no node or cannot be asked", async () => {
    const world = new World();
    await previewRestart(world.context, "stranger");
    lose(world, "m3");
    await expect(previewRestart(world.context, "m2")).rejects.toThrow(
      "m2: its engine cannot be restarted now: of the other 2 managers 1 can be reached and 2 are needed for a quorum meanwhile; bring m3 back first. Nothing was changed on it.",
    );
    world.refusal = new NoManagerError("no manager of the swarm can be used");
    await previewRestart(world.context, "m2");
    expect(world.said).toEqual([]);
  });
});
