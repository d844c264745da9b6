import type { Node, Task } from "@docker/node-sdk";
import { managerToCopy } from "../../../operations/choice";

type Kind = "leader" | "reachable" | "unreachable" | "worker";

function node(name: string, kind: Kind): Node {
  return {
    ID: name,
    Description: { Hostname: name },
    ...(kind === "worker"
      ? {}
      : {
          ManagerStatus: {
            Leader: kind === "leader",
            Reachability: kind === "unreachable" ? kind : "reachable",
          },
        }),
  };
}

const task = (host: string): Task => ({ NodeID: host, Status: { State: "running" } });
const choose = (nodes: Record<string, Kind>, tasks: string[] = [], hosts = Object.keys(nodes)) =>
  managerToCopy(
    Object.entries(nodes).map(([name, kind]) => node(name, kind)),
    tasks.map(task),
    hosts,
  );

describe("the manager whose state is saved", () => {
  it.each<[string, Record<string, Kind>, string[], string, string | undefined]>([
    ["not the leader", { a: "leader", b: "reachable", c: "reachable" }, [], "b", undefined],
    [
      "the one with fewer tasks",
      { a: "leader", b: "reachable", c: "reachable" },
      ["b", "b", "c"],
      "c",
      "1 task there starts again",
    ],
    [
      "the only one",
      { a: "leader", w: "worker" },
      [],
      "a",
      "the swarm cannot be changed for these seconds",
    ],
    [
      "one of two",
      { a: "leader", b: "reachable" },
      ["b", "b"],
      "b",
      "the swarm cannot be changed for these seconds, and 2 tasks there start again",
    ],
    [
      "one of five, with one away",
      { a: "leader", b: "unreachable", c: "reachable", d: "reachable", e: "reachable" },
      [],
      "c",
      undefined,
    ],
  ])("is %s", (_case, nodes, tasks, host, warning) => {
    expect(choose(nodes, tasks)).toEqual({ host, warning });
  });

  it("is none while the swarm would stand still because another one is away", () => {
    expect(() => choose({ a: "leader", b: "reachable", c: "unreachable" })).toThrow(
      "2 of 3 managers can be reached, and a backup stops one of them: the swarm would stand still. Bring c back first.",
    );
  });

  it("is a configured one", () => {
    expect(choose({ a: "leader", b: "reachable", c: "reachable" }, [], ["a"]).host).toBe("a");
    expect(() => choose({ a: "leader" }, [], [])).toThrow("got no reachable manager");
  });
});
