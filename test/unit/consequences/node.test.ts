import type { Node } from "@docker/node-sdk";
import { lineOf } from "../../../consequences/lines";
import { nodeFinding } from "../../../consequences/node";
import { gib, node, running, swarm } from "./swarm";

// Proves what is said of a node from lists as Docker gives them; that tasks then go so is the lab's matter.

const [one, two, three] = [
  node("worker-1", { Labels: { tier: "db" } }),
  node("worker-2"),
  node("worker-3"),
];
const startFirst = { UpdateConfig: { Order: "start-first" as const } };
const bound = (constraint: string) => ({
  TaskTemplate: { Placement: { Constraints: [constraint] } },
});
const agent = running("agent", ["worker-1", "worker-2", "worker-3"], { Mode: { Global: {} } });

const drained: Node = { ...two, Spec: { ...two.Spec, Availability: "drain" } };

describe("a node that is drained", () => {
  it("says how many tasks move, what has a gap, and what stops", () => {
    const world = swarm(
      [one, two, three],
      running("web", ["worker-1", "worker-2", "worker-2"], startFirst),
      running("db", ["worker-2"]),
      agent,
    );
    expect(lineOf(nodeFinding(world, { node: two, after: drained }))).toBe(
      "worker-2 drained: 3 tasks move (db, web); db has a gap of some seconds; all tasks of web restart, start-first; " +
        "agent stops here (global)",
    );
    expect(lineOf(nodeFinding(world, { node: two, after: drained, isGentle: false }))).toBe(
      "worker-2 drained: 3 tasks move (db, web); db has a gap of some seconds; agent stops here (global)",
    );
  });

  it("names a service that no other node may take, and a volume that stays behind", () => {
    const volume = { Type: "volume" as const, Source: "cache-data", Target: "/c" };
    const cache = running("cache", ["worker-2"], {
      TaskTemplate: {
        ContainerSpec: { Mounts: [volume] },
        Placement: { Constraints: ["node.hostname==worker-2"] },
      },
    });
    const world = swarm([one, two], cache);
    expect(lineOf(nodeFinding(world, { node: two, after: drained }))).toBe(
      "worker-2 drained: cache has no other node that may take it: " +
        "its constraints are not met on worker-1; cache-data of cache stays behind",
    );
  });

  it("counts the room that the others have left", () => {
    const heavy = (memory: number) => ({
      TaskTemplate: { Resources: { Reservations: { MemoryBytes: memory * gib } } },
    });
    const world = swarm(
      [one, two],
      running("big", ["worker-1"], heavy(3)),
      running("web", ["worker-2"], heavy(2)),
    );
    expect(lineOf(nodeFinding(world, { node: two, after: drained }))).toContain(
      "web has no other node that may take it: no memory to spare on worker-1 (each task reserves 2 GiB)",
    );
  });
});

describe("a node that changes otherwise", () => {
  it("loses what its labels no longer let in, and nothing while it is paused", () => {
    const world = swarm([one, two], running("db", ["worker-1"], bound("node.labels.tier==db")));
    const bare: Node = { ...one, Spec: { ...one.Spec, Labels: {} } };
    expect(lineOf(nodeFinding(world, { node: one, after: bare }))).toContain(
      "worker-1: db has no other node that may take it",
    );
    const paused: Node = { ...bare, Spec: { ...bare.Spec, Availability: "pause" } };
    expect(lineOf(nodeFinding(world, { node: one, after: paused }))).toBe(
      "worker-1 paused: no task moves",
    );
  });

  it("gets the global services that it lets in, and tasks that wait for such a node", () => {
    const logs = running("logs", [], { Mode: { Global: {} }, ...bound("node.labels.logs==yes") });
    const pending = running("lost", [], {
      Mode: { Replicated: { Replicas: 1 } },
      ...bound("node.labels.logs==yes"),
    });
    const labelled: Node = { ...two, Spec: { ...two.Spec, Labels: { logs: "yes" } } };
    expect(
      lineOf(nodeFinding(swarm([one, two], logs, pending), { node: two, after: labelled })),
    ).toBe("worker-2: logs, lost start here");
  });

  it("loses everything when it leaves", () => {
    const world = swarm([one, two], running("web", ["worker-1", "worker-2"]), agent);
    expect(lineOf(nodeFinding(world, { node: two, after: undefined }))).toBe(
      "worker-2 removed: 1 task moves (web); agent stops here (global)",
    );
  });
});
