import type { Node, SystemInfo } from "@docker/node-sdk";
import {
  argumentsIn,
  diffOf,
  problemsIn,
  specWith,
  stateOf,
} from "../../../provider/node/arguments";
import type { NodeInputs } from "../../../provider/node/arguments";
import { movesWithoutGap } from "../../../provider/node/drain";
import {
  joinAddresses,
  membershipOf,
  namesakeOf,
  staleEntries,
  whyManagerMustStay,
} from "../../../provider/node/membership";
import { UNKNOWN } from "../../../provider/value";
import { checkAddress } from "../../../provider/node/joining";

// Proves the decisions; joining, draining and leaving are the lab's matter.

interface Sketch {
  readonly id: string;
  readonly hostname?: string;
  readonly state?: "ready" | "down";
  readonly address?: string;
  /** Takes part in the quorum: reachable or not. */
  readonly manager?: "reachable" | "unreachable";
}

function node({ id, hostname = id, state = "ready", address = id, manager }: Sketch): Node {
  return {
    ID: id,
    Description: { Hostname: hostname, Engine: { EngineVersion: "26.1.5" } },
    Status: { State: state, Addr: address },
    Spec: {
      Role: manager === undefined ? "worker" : "manager",
      Availability: "active",
      Labels: {},
    },
    ...(manager === undefined
      ? {}
      : { ManagerStatus: { Reachability: manager, Addr: `${address}:2377` } }),
  };
}

const inputs: NodeInputs = {
  host: "w1",
  role: "worker",
  advertiseAddr: "10.0.0.5",
  state: "ready",
  drain: "gentle",
};

describe("Node", () => {
  it("reads what the managers know, and nothing that was not declared", () => {
    const found = node({ id: "w1", address: "10.0.0.5" });
    expect(stateOf(found, inputs)).toEqual({
      ...inputs,
      nodeId: "w1",
      address: "10.0.0.5",
      engineVersion: "26.1.5",
    });
    expect(argumentsIn(stateOf(found, inputs))).toEqual(inputs);
  });

  const state = stateOf(node({ id: "w1" }), inputs);
  it.each<[string, object, object, object]>([
    ["nothing", {}, {}, {}],
    [
      "a label that was added by hand",
      { labels: { a: "b", x: "y" } },
      { labels: { a: "b" } },
      { "labels.x": "delete" },
    ],
    ["a new label", { labels: { a: "b" } }, { labels: { a: "b", c: "d" } }, { "labels.c": "add" }],
    ["a promotion", {}, { role: "manager" }, { role: "update" }],
    [
      "a drained node that should be active",
      { availability: "drain" },
      {},
      { availability: "delete" },
    ],
    ["a node that is down", { state: "down" }, {}, { state: "update" }],
    ["another machine", {}, { host: "w2" }, { host: "update-replace" }],
    [
      "no address that Docker found out by itself",
      { advertiseAddr: undefined },
      { advertiseAddr: "w1" },
      {},
    ],
    ["no address that is left to Docker", {}, { advertiseAddr: undefined }, {}],
    ["another address", {}, { advertiseAddr: "10.0.0.6" }, { advertiseAddr: "update-replace" }],
  ])("shows %s", (_what, old, news, changes) => {
    const diff = diffOf({ ...state, ...old }, { ...inputs, ...news });
    expect(diff).toEqual({ changes, deleteBeforeReplace: true });
  });

  it("changes a spec in its own properties alone", () => {
    const spec = {
      Name: "x",
      Role: "worker",
      Availability: "drain",
      Labels: { by: "hand" },
    } as const;
    expect(specWith(spec, { ...inputs, role: "manager", labels: { tier: "db" } })).toEqual({
      Name: "x",
      Role: "manager",
      Availability: "active",
      Labels: { tier: "db" },
    });
  });

  it("fails with everything that is wrong", () => {
    const news: NodeInputs = {
      ...inputs,
      host: "w9",
      advertiseAddr: "0.0.0.0",
      labels: { "": "x", "my tier": "db", tier: "a\nb" },
    };
    expect(problemsIn(news, ["w2", "w1"])).toEqual([
      { path: "host", reason: 'got "w9"; expected one of the configured hosts: w1, w2.' },
      {
        path: "advertiseAddr",
        reason:
          'got "0.0.0.0", which stands for every address; expected the one that the other nodes reach this host by.',
      },
      { path: 'labels[""]', reason: "got an empty name; expected a name." },
      {
        path: 'labels["my tier"]',
        reason: 'got "my tier"; expected a name of letters, digits and . _ - / without spaces.',
      },
      { path: "labels.tier", reason: "got a line break; expected one line of text." },
    ]);
  });

  it("breaks no rule with a value that is not known yet", () => {
    const news = { ...inputs, host: UNKNOWN, labels: UNKNOWN as unknown as Record<string, string> };
    expect(problemsIn(news, ["w1"])).toEqual([]);
  });
});

describe("membershipOf", () => {
  const nodes = [node({ id: "m1", manager: "reachable" }), node({ id: "w1" })];
  const swarm = { nodes, clusterId: "ours" };
  const info = (part: SystemInfo["Swarm"]): SystemInfo => ({ Swarm: part ?? {} });

  it.each<[string, SystemInfo["Swarm"], object]>([
    ["joins a machine in no swarm", { LocalNodeState: "inactive" }, { kind: "join" }],
    [
      "takes over a node of this swarm",
      { LocalNodeState: "active", NodeID: "w1" },
      { kind: "member", nodeId: "w1" },
    ],
    [
      "starts again for a node of this swarm that does not find its managers",
      { LocalNodeState: "pending", NodeID: "w1" },
      { kind: "rejoin", why: "pending" },
    ],
    [
      "starts again for a join to this swarm that was left alone",
      {
        LocalNodeState: "pending",
        NodeID: "new",
        RemoteManagers: [{ NodeID: "", Addr: "m1:2377" }],
      },
      { kind: "rejoin", why: "pending" },
    ],
    [
      "starts again for a worker that was removed here",
      { LocalNodeState: "active", NodeID: "gone", RemoteManagers: [{ NodeID: "m1" }] },
      { kind: "rejoin", why: "it was removed from the swarm" },
    ],
    [
      "starts again for a manager that was removed here",
      { LocalNodeState: "active", NodeID: "gone", Cluster: { ID: "ours" } },
      { kind: "rejoin", why: "it was removed from the swarm" },
    ],
    [
      "starts again for a node of this swarm in trouble",
      { LocalNodeState: "error", NodeID: "w1", Error: "certificate expired" },
      { kind: "rejoin", why: "certificate expired" },
    ],
    [
      "refuses a node of another swarm",
      { LocalNodeState: "active", NodeID: "x", RemoteManagers: [{ NodeID: "y" }] },
      {
        kind: "refuse",
        reason:
          'w1: it is in another swarm (node x, active); expected it to be in none. It is not taken out of a swarm by itself: run "docker swarm leave --force" there if that one is not needed any more.',
      },
    ],
    [
      "refuses a locked manager",
      { LocalNodeState: "locked" },
      {
        kind: "refuse",
        reason:
          'w1: its swarm is locked after a restart; expected it to be unlocked. Run "docker swarm unlock" there.',
      },
    ],
  ])("%s", (_what, part, expected) => {
    expect(membershipOf("w1", info(part), swarm)).toEqual(expected);
  });

  it("starts again after a join that came to nothing", () => {
    for (const state of ["pending", "error"] as const) {
      const trying = info({ LocalNodeState: state, NodeID: "" });
      expect(membershipOf("w1", trying, swarm).kind).toBe("refuse");
      expect(membershipOf("w1", trying, { ...swarm, neverJoined: true })).toEqual({
        kind: "rejoin",
        why: "an earlier attempt to join did not come to an end",
      });
    }
  });

  it("knows by its former id a machine that has forgotten who it was", () => {
    const broken = info({ LocalNodeState: "error", NodeID: "", Error: "no raft" });
    expect(membershipOf("w1", broken, swarm).kind).toBe("refuse");
    expect(membershipOf("w1", broken, { ...swarm, knownId: "w1" })).toEqual({
      kind: "rejoin",
      why: "no raft",
    });
  });
});

describe("joinAddresses", () => {
  it("are those of the managers that can be reached", () => {
    const nodes = [
      node({ id: "m2", manager: "reachable" }),
      node({ id: "m3", manager: "unreachable" }),
      node({ id: "w1" }),
      node({ id: "m1", manager: "reachable" }),
    ];
    expect(joinAddresses(nodes)).toEqual(["m1:2377", "m2:2377"]);
  });
});

describe("staleEntries", () => {
  const current = node({ id: "new", hostname: "w1", address: "10.0.0.5" });

  it.each<[string, Sketch, boolean]>([
    [
      "down, same hostname",
      { id: "old", hostname: "w1", state: "down", address: "10.0.0.9" },
      true,
    ],
    ["not noticed yet, same address", { id: "old", hostname: "w1", address: "10.0.0.5" }, true],
    [
      "alive elsewhere under the same hostname",
      { id: "old", hostname: "w1", address: "10.0.0.9" },
      false,
    ],
    ["another machine that is down", { id: "old", hostname: "w2", state: "down" }, false],
  ])("%s", (_what, sketch, isStale) => {
    expect(staleEntries([current, node(sketch)], current)).toHaveLength(isStale ? 1 : 0);
  });
});

describe("whyManagerMustStay", () => {
  const up = (id: string): Node => node({ id, manager: "reachable" });
  const lost = (id: string): Node => node({ id, manager: "unreachable" });

  it.each<[string, Node[], string, string | undefined]>([
    ["a worker may go", [up("m1"), node({ id: "w1" })], "w1", undefined],
    ["one of three may go", [up("m1"), up("m2"), up("m3")], "m1", undefined],
    ["a lost one of three may go", [up("m1"), up("m2"), lost("m3")], "m3", undefined],
    ["one of two may go", [up("m1"), up("m2")], "m1", undefined],
    [
      "the last one must stay",
      [up("m1"), node({ id: "w1" })],
      "m1",
      "it is the last manager; make another node a manager first",
    ],
    [
      "one of three must stay while another is lost",
      [up("m1"), up("m2"), lost("m3")],
      "m1",
      "of the other 2 managers 1 can be reached and 2 are needed for a quorum; bring m3 back first",
    ],
  ])("%s", (_what, nodes, id, reason) => {
    expect(whyManagerMustStay(nodes, id)).toBe(reason);
  });
});

describe("namesakeOf", () => {
  it.each<[string, Sketch, boolean]>([
    ["a node that is up elsewhere", { id: "x", hostname: "w1", address: "10.0.0.9" }, true],
    ["the machine's former self", { id: "x", hostname: "w1", address: "10.0.0.5" }, false],
    ["one that is down", { id: "x", hostname: "w1", address: "10.0.0.9", state: "down" }, false],
    ["another name", { id: "x", hostname: "w2", address: "10.0.0.9" }, false],
  ])("%s", (_what, sketch, isOne) => {
    const found = namesakeOf([node(sketch)], "w1", "10.0.0.5");
    expect(found?.ID).toBe(isOne ? "x" : undefined);
  });
});

describe("movesWithoutGap", () => {
  const replicated = { Replicated: { Replicas: 1 } };
  it.each([
    ["start-first", { Mode: replicated, UpdateConfig: { Order: "start-first" as const } }, true],
    ["stop-first", { Mode: replicated, UpdateConfig: { Order: "stop-first" as const } }, false],
    ["Docker's default order", { Mode: replicated }, false],
    ["global", { Mode: { Global: {} }, UpdateConfig: { Order: "start-first" as const } }, false],
  ])("%s", (_what, spec, moves) => {
    expect(movesWithoutGap({ Spec: spec })).toBe(moves);
  });
});

describe("the address that Docker fixes", () => {
  const check = (advertiseAddr: string, known: string): void => {
    checkAddress({ host: "m1", advertiseAddr } as NodeInputs, { Swarm: { NodeAddr: known } });
  };

  it.each([
    ["10.0.0.1", "10.0.0.1"],
    ["10.0.0.1:2377", "10.0.0.1"],
    ["fd00::10", "fd00::10"],
    ["[fd00::10]:2377", "fd00::10"],
    ["eth1", "10.0.0.1"],
  ])("takes %s for %s", (declared, known) => {
    expect(() => {
      check(declared, known);
    }).not.toThrow();
  });

  it.each([
    ["10.0.0.2:2377", "got 10.0.0.2; the machine is in the swarm as 10.0.0.1 already"],
    ["fd00::10", "got fd00::10; the machine is in the swarm as 10.0.0.1 already"],
  ])("refuses %s", (declared, message) => {
    expect(() => {
      check(declared, "10.0.0.1");
    }).toThrow(message);
  });
});
