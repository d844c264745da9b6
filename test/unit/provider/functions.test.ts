import type { Context } from "../../../provider/context";
import { getNode } from "../../../provider/functions/get-node";
import { getService } from "../../../provider/functions/get-service";
import { getSwarm } from "../../../provider/functions/get-swarm";
import { getTasks } from "../../../provider/functions/get-tasks";
import { FakeSwarm } from "./fake-swarm";

let swarm: FakeSwarm;
let context: Context;

beforeEach(() => {
  swarm = new FakeSwarm();
  swarm.nodes.push(
    {
      ID: "n1",
      Spec: { Role: "manager", Availability: "drain", Labels: { tier: "db" } },
      Status: { State: "ready", Addr: "10.0.0.1" },
      Description: { Hostname: "m1.example.org", Engine: { EngineVersion: "29.1.0" } },
      ManagerStatus: { Leader: true, Reachability: "reachable" },
    },
    { ID: "n2", Spec: { Role: "worker" }, Description: { Hostname: "w1" } },
  );
  const service = swarm.addService({
    Name: "shop_web",
    Labels: { "com.docker.stack.namespace": "shop" },
    Mode: { Replicated: { Replicas: 2 } },
    TaskTemplate: { ContainerSpec: { Image: `nginx:1@sha256:${"0".repeat(64)}` } },
  });
  Object.assign(service, { ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 } });
  const [first, second] = swarm.tasks;
  Object.assign(first ?? {}, {
    NodeID: "n2",
    Status: { State: "running", Timestamp: "2026-01-02" },
  });
  Object.assign(second ?? {}, { Status: { State: "pending", Err: "no suitable node" } });
  swarm.tasks.push({
    ID: "old",
    ServiceID: "id-shop_web",
    Slot: 1,
    NodeID: "n1",
    DesiredState: "shutdown",
    Status: { State: "failed", Timestamp: "2026-01-01", ContainerStatus: { ExitCode: 3 } },
  });
  context = swarm.run();
});

describe("getSwarm", () => {
  it("answers who is in it, by name", async () => {
    expect(await getSwarm.invoke(context, {})).toMatchObject({ managers: ["m1"], workers: ["w1"] });
    expect(swarm.writes).toEqual([]);
  });

  it("answers no token", () => {
    expect(Object.keys(getSwarm.outputs.shape).filter((key) => /token|key/i.test(key))).toEqual([]);
  });
});

describe("getNode", () => {
  it("answers one by the first part of its host name, or by its id", async () => {
    const expected = {
      nodeId: "n1",
      hostname: "m1.example.org",
      role: "manager",
      availability: "drain",
      labels: { tier: "db" },
      state: "ready",
      isLeader: true,
      address: "10.0.0.1",
      engineVersion: "29.1.0",
    };
    expect(await getNode.invoke(context, { name: "m1" })).toMatchObject(expected);
    expect(await getNode.invoke(context, { name: "n1" })).toMatchObject(expected);
  });

  it("says which there are", async () => {
    await expect(getNode.invoke(context, { name: "w2" })).rejects.toThrow(
      'name: got "w2"; expected one of m1, w1. Did you mean "w1"?',
    );
  });

  it("asks for an id where two have one name", async () => {
    swarm.nodes.push({ ID: "n3", Description: { Hostname: "w1.elsewhere.org" } });
    await expect(getNode.invoke(context, { name: "w1" })).rejects.toThrow(
      'name: got "w1", which n2 and n3 are called; expected one of these ids',
    );
  });
});

describe("getService", () => {
  it("answers image, mode and how many of its tasks run", async () => {
    expect(await getService.invoke(context, { name: "shop_web" })).toEqual({
      serviceId: "id-shop_web",
      name: "shop_web",
      image: "nginx:1",
      imageDigest: `sha256:${"0".repeat(64)}`,
      mode: "replicated",
      wantedTasks: 2,
      runningTasks: 1,
      labels: { "com.docker.stack.namespace": "shop" },
      publishedPorts: [],
    });
  });

  it("says which there are", async () => {
    await expect(getService.invoke(context, { name: "shop-web" })).rejects.toThrow(
      'service: got "shop-web"; expected one of shop_web. Did you mean "shop_web"?',
    );
    swarm.services.length = 0;
    await expect(getService.invoke(swarm.run(), { name: "web" })).rejects.toThrow(
      'service: got "web"; the swarm has none',
    );
  });
});

describe("getTasks", () => {
  it("answers where they are and what they do", async () => {
    const { tasks } = await getTasks.invoke(context, { service: "shop_web", ended: false });
    expect(tasks).toMatchObject([
      { name: "shop_web.1", node: "w1", state: "running", wanted: "running" },
      { name: "shop_web.2", state: "pending", error: "no suitable node" },
    ]);
    expect(tasks[1]).not.toHaveProperty("node");
  });

  it("answers those that have ended as well, of one name the newest first", async () => {
    const { tasks } = await getTasks.invoke(context, { service: "shop_web", ended: true });
    expect(tasks.map(({ name, state, exitCode }) => [name, state, exitCode])).toEqual([
      ["shop_web.1", "running", undefined],
      ["shop_web.1", "failed", 3],
      ["shop_web.2", "pending", undefined],
    ]);
  });
});
