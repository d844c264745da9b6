import type { Node, Swarm, SystemInfo } from "@docker/node-sdk";
import type { Engine } from "../../../hosts/engine";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Context } from "../../../provider/context";
import { NoManagerError, QuorumError } from "../../../cluster/managers";
import { nodeType } from "../../../provider/node/node";
import { swarmType } from "../../../provider/swarm/swarm";
import type { SwarmInputs, SwarmState } from "../../../provider/swarm/arguments";
import { UNKNOWN } from "../../../provider/value";

// Proves what a preview says and refuses, against answers as Docker gives them; that Docker gives them is the lab's
// matter.

interface World {
  /** What the machine says of itself; undefined: it does not answer. */
  readonly info?: SystemInfo;
  readonly swarm?: Swarm;
  readonly nodes?: readonly Node[];
  /** Why no manager can be used. */
  readonly refusal?: Error;
}

function world({ info, swarm = {}, nodes = [], refusal }: World): {
  readonly context: Context;
  readonly said: string[];
} {
  const said: string[] = [];
  const request = async (_method: string, path: string): Promise<unknown> => {
    if (path === "/swarm") return Promise.resolve(swarm);
    if (path === "/nodes") return Promise.resolve(nodes);
    if (info === undefined) throw new HostUnreachableError("m1", "m1: no route");
    return Promise.resolve(info);
  };
  const engine = { host: "m1", request, info: async () => request("GET", "/info") };
  const context = {
    machines: { get: () => ({ engine: () => engine }) },
    managers: {
      use: async (call: (engine: Engine) => Promise<unknown>) => {
        if (refusal !== undefined) throw refusal;
        return call(engine as unknown as Engine);
      },
    },
    signal: new AbortController().signal,
    info: (text: string) => said.push(text),
  };
  return { context: context as unknown as Context, said };
}

const plain: SwarmInputs = { host: "m1", advertiseAddr: "10.0.0.1", locked: [] };
const state: SwarmState = {
  ...plain,
  rotate: { workerToken: "a" },
  clusterId: "c",
  managers: [],
  workerToken: "w",
  managerToken: "m",
  unlockKey: "",
};
const leaderless = new QuorumError(
  "the swarm has no leader: more than half of the managers are down. Bring them back; the swarm then goes on by " +
    "itself.\n  m1: it has no leader to ask\n  m2: no route",
);

describe("the preview of a rotation", () => {
  const preview = async (news: SwarmInputs, given: World) =>
    swarmType.preview?.(news, state, world(given).context);

  it("says what is not known before", async () => {
    const news = { ...plain, rotate: { ca: "x" } };
    expect(await preview(news, {})).toEqual({ workerToken: UNKNOWN, managerToken: UNKNOWN });
    expect(await preview(plain, {})).toEqual({});
  });

  it("refuses one of a swarm without quorum", async () => {
    const rotate = { workerToken: "b", ca: "x" };
    await expect(preview({ ...plain, rotate }, { refusal: leaderless })).rejects.toMatchObject({
      message: `rotate.ca, rotate.workerToken: got a change that asks for a rotation; expected a swarm with a quorum, which alone can rotate. Nothing was changed. Bring the managers back first; in a lab, up does that once this change is taken back.
the swarm has no leader: more than half of the managers are down. Bring them back; the swarm then goes on by itself.
  m1: it has no leader to ask
  m2: no route`,
    });
  });

  it("refuses a new authority of a swarm without quorum", async () => {
    const news = { ...plain, caCert: "NEW", caKey: "k" };
    await expect(preview(news, { refusal: leaderless })).rejects.toThrow(
      /^caCert, caKey: got a change that asks for a rotation; expected a swarm with a quorum/,
    );
  });

  it("lets everything else pass, and a rotation while the machines are still to be booted", async () => {
    const other = { ...plain, certExpiry: "720h", rotate: { workerToken: "a" } };
    expect(await preview(other, { refusal: leaderless })).toEqual({});
    const refusal = new NoManagerError("no manager of the swarm can be used");
    expect(await preview({ ...plain, rotate: { workerToken: "b" } }, { refusal })).toEqual({
      workerToken: UNKNOWN,
    });
  });
});

describe("the preview of a swarm that is there already", () => {
  const info: SystemInfo = {
    Swarm: { LocalNodeState: "active", ControlAvailable: true, NodeID: "n1" },
  };
  const swarm: Swarm = {
    ID: "cluster",
    Spec: { Labels: { by: "hand" }, CAConfig: { NodeCertExpiry: 7_776_000_000_000_000 } },
    DefaultAddrPool: ["10.0.0.0/8"],
    SubnetSize: 24,
    DataPathPort: 4789,
  };
  const preview = async (news: SwarmInputs, given: World): Promise<string[]> => {
    const { context, said } = world(given);
    expect(await swarmType.preview?.(news, undefined, context)).toEqual({});
    return said;
  };

  it("names it, and what changes in it", async () => {
    expect(await preview({ ...plain, labels: { by: "hand" } }, { info, swarm })).toEqual([
      "m1 manages a swarm already (cluster): it is taken over; nothing changes.",
    ]);
    expect(await preview({ ...plain, autolock: true }, { info, swarm })).toEqual([
      "m1 manages a swarm already (cluster): it is taken over; this changes: autolock, labels.",
    ]);
  });

  it("refuses one that differs in what Docker fixes", async () => {
    const news = { ...plain, dataPathPort: 7777, defaultAddrPool: ["10.20.0.0/16"] };
    await expect(preview(news, { info, swarm })).rejects.toThrow(
      new Error(
        'm1 manages a swarm already (cluster), and Docker fixes some settings when a swarm is made. dataPathPort: got 7777; expected 4789; defaultAddrPool: got ["10.20.0.0/16"]; expected ["10.0.0.0/8"]. Declare it as it is, or take the swarm apart ("docker swarm leave --force" there).',
      ),
    );
  });

  it("refuses a machine that is a worker of a swarm", async () => {
    const worker = { Swarm: { LocalNodeState: "active", ControlAvailable: false } } as const;
    await expect(preview(plain, { info: worker })).rejects.toThrow(
      new Error(
        'm1: the machine is a worker of a swarm; expected it to be in none. It is not taken out of a swarm by itself: run "docker swarm leave" there, or declare it as a worker.',
      ),
    );
  });

  it("says nothing of a machine that does not answer yet, or is in no swarm", async () => {
    expect(await preview(plain, {})).toEqual([]);
    const refusal = new NoManagerError("no manager of the swarm can be used");
    const fresh = { Swarm: { LocalNodeState: "inactive" } } as const;
    expect(await preview(plain, { info: fresh, refusal })).toEqual([]);
  });
});

describe("the preview of a node that is there already", () => {
  const inputs = { host: "w1", role: "worker", state: "ready", drain: "gentle" } as const;
  const info: SystemInfo = {
    Swarm: { LocalNodeState: "active", NodeID: "n1", NodeAddr: "10.0.0.2" },
  };
  const nodes: Node[] = [
    {
      ID: "n1",
      Spec: { Role: "worker", Availability: "drain", Labels: { tier: "db" } },
      Status: { State: "ready", Addr: "10.0.0.2" },
    },
  ];
  const preview = async (news: object, given: World): Promise<string[]> => {
    const { context, said } = world(given);
    await nodeType.preview?.({ ...inputs, ...news }, undefined, context);
    return said;
  };

  it("names it, and what changes on it", async () => {
    const same = { advertiseAddr: "10.0.0.2", availability: "drain", labels: { tier: "db" } };
    expect(await preview(same, { info, nodes })).toEqual([
      "w1 is a node of the swarm already (n1): it is taken over; nothing changes.",
    ]);
    expect(await preview({ labels: { tier: "web" } }, { info, nodes })).toEqual([
      "w1 is a node of the swarm already (n1): it is taken over; this changes: availability, labels.tier.",
    ]);
  });

  it("refuses one under another address, and one of another swarm", async () => {
    await expect(preview({ advertiseAddr: "10.9.9.9" }, { info, nodes })).rejects.toThrow(
      new Error(
        'w1: advertiseAddr: got 10.9.9.9; the machine is in the swarm as 10.0.0.2 already, and Docker fixes this when a node joins. Declare 10.0.0.2, or take the node out first ("docker swarm leave" there).',
      ),
    );
    await expect(preview({}, { info, nodes: [] })).rejects.toThrow(
      new Error(
        'w1: it is in another swarm (node n1, active); expected it to be in none. It is not taken out of a swarm by itself: run "docker swarm leave --force" there if that one is not needed any more.',
      ),
    );
  });

  it("says nothing while there is no swarm", async () => {
    const refusal = new NoManagerError("no manager of the swarm can be used");
    expect(await preview({}, { info, refusal })).toEqual([]);
    expect(await preview({}, {})).toEqual([]);
  });
});
