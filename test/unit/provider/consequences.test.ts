import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { entriesIn, recordVariable } from "../../../consequences/record";
import type { Context } from "../../../provider/context";
import { networkType } from "../../../provider/network/network";
import { nodeType } from "../../../provider/node/node";
import type { NodeState } from "../../../provider/node/arguments";
import { secretType } from "../../../provider/secret/secret";
import type { ServiceInputs, ServiceState } from "../../../provider/service/arguments";
import { serviceType } from "../../../provider/service/service";
import { UNKNOWN } from "../../../provider/value";
import { node } from "../consequences/swarm";
import { FakeSwarm } from "./fake-swarm";

// Proves which change reaches the rules, with what is not known yet; the rules have tests of their own.

const image = "busybox:1@sha256:1111";
const declared: ServiceInputs = {
  name: "web",
  image,
  replicas: 2,
  networks: [{ target: "front" }],
};

function deployed(): FakeSwarm {
  const swarm = new FakeSwarm();
  swarm.nodes.push(node("worker-1"), node("worker-2"));
  swarm.addNetwork("front");
  swarm.addService({
    Name: "web",
    Mode: { Replicated: { Replicas: 2 } },
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Secrets: [{ SecretID: "id-pw", SecretName: "pw-00000000", File: { Name: "pw" } }],
      },
      Networks: [{ Target: "id-front" }],
    },
  });
  return swarm;
}

const secrets = (source: string) => ({ secrets: [{ source, target: "pw" }] });
const state: ServiceState = { ...declared, ...secrets("pw-00000000"), publishedPorts: [] };

async function previewed(
  swarm: FakeSwarm,
  context: Context,
  ...[news, old]: [ServiceInputs, ServiceState | undefined]
): Promise<string[]> {
  swarm.said.length = 0;
  await serviceType.preview?.(news, old, context);
  return swarm.said;
}

const updated = async (swarm: FakeSwarm, news: ServiceInputs, context = swarm.run()) =>
  previewed(swarm, context, { ...state, ...news }, state);

const made = async (swarm: FakeSwarm, news: ServiceInputs, context = swarm.run()) =>
  previewed(swarm, context, { ...declared, ...news }, undefined);

describe("the preview of a service", () => {
  it("says what restarts, and that nothing does", async () => {
    const swarm = deployed();
    expect(await updated(swarm, { env: { A: "1" } })).toEqual([
      expect.stringMatching(/^web: both tasks restart, one at a time/),
    ]);
    expect(await updated(swarm, { labels: { a: "1" } })).toEqual([
      "web: nothing restarts (labels only)",
    ]);
    expect(await updated(swarm, { registryLogin: "another" })).toEqual([
      "web: nothing restarts (account for the registry only)",
    ]);
    expect(await updated(swarm, { replicas: 3 })).toEqual(["web: 2 → 3, nothing restarts"]);
  });

  it("takes a secret's next version, which is still to be made, for a change", async () => {
    expect(await updated(deployed(), secrets("pw-11111111"))).toEqual([
      expect.stringMatching(/^web: both tasks restart/),
    ]);
  });

  it("takes what is not known yet for a change, and says nothing where tasks cannot be counted", async () => {
    const swarm = deployed();
    const env = { env: { A: UNKNOWN } } as ServiceInputs;
    expect(await updated(swarm, env)).toEqual([expect.stringMatching(/^web: both tasks restart/)]);
    const labels = { labels: { a: UNKNOWN } } as ServiceInputs;
    expect(await updated(swarm, labels)).toEqual(["web: nothing restarts"]);
    const limits = { limits: UNKNOWN } as unknown as ServiceInputs;
    expect(await updated(swarm, limits)).toEqual([expect.stringMatching(/^web: both tasks/)]);
    const count = { replicas: UNKNOWN } as unknown as ServiceInputs;
    expect(await updated(swarm, count)).toEqual([]);
  });

  it("knows one that is made again from one that is taken over, and from a new one", async () => {
    const swarm = deployed();
    const kept = { ...secrets("pw-00000000"), labels: { a: "1" } };
    expect(await made(swarm, kept)).toEqual(["web: nothing restarts (labels only)"]);
    expect(await made(swarm, { name: "other" })).toEqual([]);
    const context = swarm.run();
    await serviceType.read(context, "id-web", { inputs: declared, state });
    expect(await made(swarm, kept, context)).toEqual([
      "web: made anew: both tasks stop, then new ones start: a gap",
    ]);
  });

  it("says that no node has room for a new one", async () => {
    const news = { name: "big", reservations: { memory: "8G" } };
    expect(await made(deployed(), news)).toEqual([
      "big: 2 tasks will find no node: no memory to spare on worker-1, worker-2 (each task reserves 8 GiB)",
    ]);
  });

  it("asks for each list once, however many services there are", async () => {
    const swarm = deployed();
    const context = swarm.run();
    for (const env of ["1", "2", "3"]) await updated(swarm, { env: { A: env } }, context);
    expect(swarm.lists.filter((path) => path === "/tasks")).toHaveLength(1);
    expect(swarm.lists.filter((path) => path === "/nodes")).toHaveLength(1);
    expect(swarm.writes).toEqual([]);
  });

  it("is as it was while nobody answers, and where something goes wrong", async () => {
    const swarm = deployed();
    swarm.isDown = true;
    expect(await updated(swarm, { env: { A: "1" } })).toEqual([]);
    const heard = jest.spyOn(console, "error").mockImplementation(() => undefined);
    const broken = { ...deployed().run(), run: undefined } as unknown as Context;
    const foreseen = await serviceType.preview?.(declared, state, broken);
    expect(foreseen).toMatchObject({ publishedPorts: [] });
    expect(heard.mock.calls.flat().join()).toMatch(
      /^what the change does to what runs is not known/,
    );
    heard.mockRestore();
  });
});

describe("the preview of others", () => {
  it("names the services on a network, and with a secret, that is replaced", async () => {
    const swarm = deployed();
    const context = { ...swarm.run(), isReplacement: true };
    await networkType.preview?.({ name: "front" }, undefined, context);
    await secretType.preview?.({ name: "pw-11111111" }, undefined, context);
    expect(swarm.said).toEqual([
      "network front is replaced: 1 service stops and starts (web)",
      "secret pw is rotated: web restarts",
    ]);
  });

  it("says what leaves a node", async () => {
    const swarm = deployed();
    for (const task of swarm.tasks) task.NodeID = "id of worker-1";
    const old = {
      host: "worker-1",
      nodeId: "id of worker-1",
      role: "worker",
      availability: "active",
      state: "ready",
    } as NodeState;
    const news = { host: "worker-1", role: "worker", state: "ready", drain: "gentle" } as const;
    await nodeType.preview?.({ ...news, availability: "drain" }, old, swarm.run());
    expect(swarm.said).toEqual([
      "worker-1 drained: 2 tasks move (web); web has a gap of some seconds",
    ]);
    swarm.said.length = 0;
    await nodeType.preview?.({ ...news, availability: "active" }, old, swarm.run());
    expect(swarm.said).toEqual([]);
  });
});

describe("what a preview keeps for its end", () => {
  it("is the swarm and each finding, when somebody waits for it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "consequences-"));
    const file = join(folder, "record");
    process.env[recordVariable] = file;
    try {
      await updated(deployed(), { env: { PASSWORD: "secret" } });
      const text = await readFile(file, "utf8");
      expect(entriesIn(text)).toEqual([
        { world: expect.objectContaining({ services: [expect.anything()] }) as unknown },
        expect.objectContaining({ finding: expect.objectContaining({ restarted: 2 }) as unknown }),
      ]);
      expect(text).not.toContain('secret"');
      expect(text).not.toContain("PASSWORD");
    } finally {
      Reflect.deleteProperty(process.env, recordVariable);
      await rm(folder, { recursive: true });
    }
  });
});
