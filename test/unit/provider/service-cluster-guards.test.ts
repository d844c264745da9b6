import type { Node, Service } from "@docker/node-sdk";
import type { ServiceInputs } from "../../../provider/service/arguments";
import { judgeInCluster } from "../../../provider/service/cluster-guards";
import type { Surroundings } from "../../../provider/service/cluster-guards";
import { meets } from "../../../consequences/constraints";
import { UNKNOWN } from "../../../provider/value";

function node(name: string, role: "manager" | "worker", labels: Record<string, string> = {}): Node {
  return {
    ID: `id-${name}`,
    Spec: { Role: role, Labels: labels, Availability: "active" },
    Description: {
      Hostname: name,
      Platform: { OS: "linux", Architecture: "x86_64" },
      Engine: { Labels: { disk: "ssd" } },
    },
    Status: { State: "ready", Addr: "10.0.0.7" },
  };
}

const nodes = [node("m", "manager"), node("w1", "worker", { tier: "db" }), node("w2", "worker")];
const publishing = (name: string, published: number, protocol: "tcp" | "udp" = "tcp"): Service => ({
  ID: `id-${name}`,
  Spec: { Name: name },
  Endpoint: { Ports: [{ PublishedPort: published, Protocol: protocol, PublishMode: "ingress" }] },
});

function judge(inputs: ServiceInputs, around: Partial<Surroundings> = {}) {
  return judgeInCluster(
    { name: "web", ...inputs },
    {
      services: [],
      nodes,
      hosts: ["m", "w1", "w2"],
      declared: new Map(),
      formerName: undefined,
      ...around,
    },
  );
}

describe("constraints", () => {
  it.each([
    ["node.role==manager", ["m"]],
    ["node.role != manager", ["w1", "w2"]],
    ["node.hostname == W1", ["w1"]],
    ["node.labels.tier==db", ["w1"]],
    ["node.labels.tier!=db", ["m", "w2"]],
    ["node.id==id-m", ["m"]],
    ["engine.labels.disk==ssd", ["m", "w1", "w2"]],
    ["node.platform.os==windows", []],
    ["node.platform.arch==X86_64", ["m", "w1", "w2"]],
    ["node.platform.arch==amd64", []],
    ["node.ip==10.0.0.0/8", ["m", "w1", "w2"]],
    ["node.ip!=10.0.0.7", []],
    ["node.ip==10.0.0.7", ["m", "w1", "w2"]],
    ["node.ip==fd00::/8", []],
    ["node.ip!=somewhere", []],
    ["node.label.tier==db", []],
  ])("%s is met by %j", (constraint, names) => {
    const met = nodes.filter((one) => meets(one, [constraint]));
    expect(met.map((one) => one.Description?.Hostname)).toEqual(names);
  });
});

it("says how nodes call an architecture that registries call otherwise", () => {
  const constraints = ["node.platform.arch==amd64", "node.platform.arch==x86_64"];
  expect(judge({ placement: { constraints } }).warnings).toEqual([
    expect.stringMatching(/^placement\.constraints\[0\]: .*the node's own word, which is "x86_64"/),
  ]);
});

describe("a published port", () => {
  const ports = [{ target: 80, published: 80 }];
  it.each<[string, Partial<Surroundings>, string | undefined]>([
    ["free", {}, undefined],
    ["of a foreign service", { services: [publishing("old", 80)] }, 'service "old" publishes'],
    ["of itself", { services: [publishing("web", 80)] }, undefined],
    [
      "of itself under its former name",
      { services: [publishing("was", 80)], formerName: "was" },
      undefined,
    ],
    ["of another protocol", { services: [publishing("old", 80, "udp")] }, undefined],
    [
      "of another service of the program",
      { declared: new Map([["api", { ports }]]) },
      'service "api" of this program publishes',
    ],
    [
      "that another service of the program gives up",
      { services: [publishing("api", 80)], declared: new Map([["api", {}]]) },
      undefined,
    ],
  ])("%s", (_what, around, refused) => {
    const { failures } = judge({ ports }, around);
    expect(failures.map(({ path }) => path)).toEqual(
      refused === undefined ? [] : ["ports[0].published"],
    );
    if (refused !== undefined) expect(failures[0]?.reason).toContain(refused);
  });

  it("of mode host may be published by many, one that Docker picks by nobody else", () => {
    const services = [publishing("old", 80)];
    expect(
      judge({ ports: [{ target: 80, published: 80, mode: "host" }] }, { services }).failures,
    ).toEqual([]);
    expect(judge({ ports: [{ target: 80 }] }, { services }).failures).toEqual([]);
    expect(judge({ ports: UNKNOWN as never }, { services }).failures).toEqual([]);
  });
});

describe("a port of mode host", () => {
  const ports = [{ target: 80, published: 80, mode: "host" as const }];
  it("is refused for more replicas than there can be nodes", () => {
    expect(judge({ ports, replicas: 4 }).failures).toMatchObject([
      { path: "replicas", reason: expect.stringContaining("got 4 with port 80") as string },
    ]);
    expect(judge({ ports, replicas: 4 }, { hosts: ["m", "w1", "w2", "w3"] }).failures).toEqual([]);
  });

  it("is warned of for more replicas than nodes that can take a task now", () => {
    const placement = { constraints: ["node.role==worker"] };
    expect(judge({ ports, replicas: 2, placement })).toEqual({ failures: [], warnings: [] });
    expect(judge({ ports, replicas: 3, placement }).warnings).toEqual([
      expect.stringContaining("2 nodes that can take a task now (w1, w2)"),
    ]);
  });
});

describe("a local volume", () => {
  const mounts = [{ source: "data", target: "/data" }];
  it.each<[string, ServiceInputs, boolean]>([
    ["that may move", { mounts }, true],
    ["bound to one node", { mounts, placement: { constraints: ["node.labels.tier==db"] } }, false],
    ["of a global service", { mounts, mode: "global" }, false],
    ["of a shared driver", { mounts: [{ source: "d", target: "/d", volumeDriver: "nfs" }] }, false],
    [
      "on a file server",
      { mounts: [{ source: "d", target: "/d", volumeOptions: { type: "nfs" } }] },
      false,
    ],
    ["without a name", { mounts: [{ target: "/d" }] }, false],
    ["of another type", { mounts: [{ type: "bind", source: "/d", target: "/d" }] }, false],
    [
      "whose place is not known yet",
      { mounts, placement: { constraints: UNKNOWN as never } },
      false,
    ],
  ])("%s", (_what, inputs, warned) => {
    const { failures, warnings } = judge(inputs);
    expect(failures).toEqual([]);
    expect(warnings).toHaveLength(warned ? 1 : 0);
    if (warned) expect(warnings[0]).toMatch(/volume "data" is another one on each node.*m, w1, w2/);
  });
});
