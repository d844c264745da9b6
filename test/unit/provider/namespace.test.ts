import { namespaceType } from "../../../provider/namespace/namespace";
import { serviceType } from "../../../provider/service/service";
import { FakeSwarm, ofShop } from "./fake-swarm";

// Proves what is seen under a stack's label, what of it goes, and that nothing else does.

const declared = {
  name: "shop",
  services: ["shop_web"],
  networks: ["shop_front"],
  secrets: ["shop_key"],
  configs: ["shop_conf"],
};

type Inputs = typeof declared & { prune?: boolean; others?: readonly string[] };
type State = Inputs & { others: readonly string[] };

function service(swarm: FakeSwarm, name: string, container: object = {}, network?: string): void {
  const networks = network === undefined ? {} : { Networks: [{ Target: `id-${network}` }] };
  const task = { TaskTemplate: { ContainerSpec: { Image: "x", ...container }, ...networks } };
  swarm.addService({ Name: name, Labels: { ...ofShop }, ...task });
}

/** What the files declare, and nothing else. */
function stack(): FakeSwarm {
  const swarm = new FakeSwarm();
  swarm.addNetwork("shop_front", { Labels: { ...ofShop } });
  swarm.addPayload("secrets", "shop_key-0123abcd", "x");
  swarm.addPayload("configs", "shop_conf", "one");
  service(swarm, "shop_web", {}, "shop_front");
  return swarm;
}

/** The same, and what somebody else has put there, with what is of no matter. */
function crowded(): FakeSwarm {
  const swarm = stack();
  swarm.addNetwork("shop_back", { Labels: { ...ofShop } });
  swarm.addPayload("secrets", "shop_token", "x");
  swarm.addPayload("configs", "shop_logo", "x");
  const secret = { SecretID: "id-shop_token", SecretName: "shop_token", File: { Name: "t" } };
  service(swarm, "shop_old", { Secrets: [secret] }, "shop_back");
  swarm.addNetwork("other_net", { Labels: { "com.docker.stack.namespace": "other" } });
  swarm.addNetwork("shop_local", { Labels: { ...ofShop }, Scope: "local" });
  swarm.addPayload("configs", "shop_none", "x", {});
  return swarm;
}

const all = ["config shop_logo", "network shop_back", "secret shop_token", "service shop_old"];

interface Known {
  readonly olds?: Inputs;
  readonly context?: ReturnType<FakeSwarm["run"]>;
}

async function resolve(swarm: FakeSwarm, news: Inputs, { olds, context }: Known = {}) {
  const about = { news, olds, name: "shop", randomSeed: new Uint8Array(8) };
  const result = await namespaceType.resolve?.(about, context ?? swarm.run());
  if (result === undefined) throw new Error("there is no resolve");
  expect(result.failures).toEqual([]);
  return { inputs: result.inputs as Inputs, warnings: result.warnings ?? [] };
}

async function up(swarm: FakeSwarm, news: Inputs) {
  const context = swarm.run();
  const { inputs } = await resolve(swarm, news, { context });
  return { inputs, ...(await namespaceType.create(context, inputs)) };
}

async function refreshed(swarm: FakeSwarm, inputs: Inputs, state: State): Promise<State> {
  const found = await namespaceType.read(swarm.run(), "shop", { inputs, state });
  if (found === undefined) throw new Error("it is gone");
  return found.state as State;
}

function changes(old: State, news: Inputs) {
  return namespaceType.diff({ id: "shop", oldInputs: old, old, news }).changes;
}

describe("a stack that is alone under its label", () => {
  it("has nothing to say, and comes back as it was", async () => {
    const swarm = stack();
    const made = await up(swarm, declared);
    expect(made.id).toBe("shop");
    expect([made.state.others, swarm.said, swarm.writes]).toEqual([[], [], []]);
    const second = await resolve(swarm, declared, { olds: made.inputs });
    const state = await refreshed(swarm, made.inputs, made.state as State);
    expect(changes(state, second.inputs)).toEqual({});
  });
});

describe("what the files call external", () => {
  it("is looked for in every preview", async () => {
    const swarm = stack();
    const externals = [
      { kind: "secret" as const, name: "shop_key-0123abcd", key: "there" },
      { kind: "secret" as const, name: "token", key: "token" },
    ];
    const about = { news: { ...declared, externals }, olds: undefined, name: "shop" };
    const result = await namespaceType.resolve?.(
      { ...about, randomSeed: new Uint8Array(8) },
      swarm.run(),
    );
    expect(result?.failures.map(({ path }) => path)).toEqual(["externals[1]"]);
  });
});

describe("what somebody else has put under a stack's label", () => {
  it("is named in every preview, and left alone", async () => {
    const swarm = crowded();
    const made = await up(swarm, declared);
    expect(made.state.others).toEqual(all);
    expect(swarm.writes).toEqual([]);
    const second = await resolve(swarm, declared, { olds: made.inputs });
    expect(second.warnings).toEqual(
      all.map(
        (text) =>
          `shop: ${text} is under this stack's label and not in its files; it is left alone. Remove it, or set prune: true`,
      ),
    );
    expect(
      changes(await refreshed(swarm, made.inputs, made.state as State), second.inputs),
    ).toEqual({});
  });

  it("goes with prune: what goes is in the diff, services go first, and the next preview is empty", async () => {
    const swarm = crowded();
    const before = await up(swarm, declared);
    const context = swarm.run();
    const pruned = { ...declared, prune: true };
    const { inputs, warnings } = await resolve(swarm, pruned, { olds: before.inputs, context });
    expect(warnings).toEqual([]);
    expect(changes(before.state as State, inputs)).toEqual({
      "others[0]": "delete",
      "others[1]": "delete",
      "others[2]": "delete",
      "others[3]": "delete",
    });
    const state = (await namespaceType.update(context, "shop", before.state, inputs)) as State;
    expect(swarm.writes[0]).toBe("DELETE /services/id-shop_old");
    expect([...swarm.writes].sort()).toEqual([
      "DELETE /configs/id-shop_logo",
      "DELETE /networks/id-shop_back",
      "DELETE /secrets/id-shop_token",
      "DELETE /services/id-shop_old",
    ]);
    expect(state.others).toEqual([]);
    const second = await resolve(swarm, pruned, { olds: inputs });
    expect(changes(await refreshed(swarm, inputs, state), second.inputs)).toEqual({});
  });

  it("stays in spite of prune while a service of others uses it", async () => {
    const swarm = stack();
    swarm.addNetwork("shop_back", { Labels: { ...ofShop } });
    swarm.addService({
      Name: "proxy",
      TaskTemplate: { ContainerSpec: {}, Networks: [{ Target: "id-shop_back" }] },
    });
    const pruned = { ...declared, prune: true };
    const { inputs, warnings } = await resolve(swarm, pruned);
    expect(warnings).toEqual([
      "shop: network shop_back is under this stack's label and not in its files; it is left alone while it is used by service proxy",
    ]);
    const made = await up(swarm, pruned);
    expect(swarm.writes).toEqual([]);
    expect(changes(made.state as State, inputs)).toEqual({});
  });
});

describe("what is the stack's own", () => {
  it("is not somebody else's in the run that takes it out of the files", async () => {
    const swarm = stack();
    const made = await up(swarm, declared);
    const news = { ...declared, services: [], prune: true };
    const { inputs, warnings } = await resolve(swarm, news, { olds: made.inputs });
    expect(warnings).toEqual([]);
    await namespaceType.update(swarm.run(), "shop", made.state, inputs);
    expect(swarm.writes).toEqual([]);
  });

  it("are versions, those that are kept, and those that were taken over", async () => {
    const swarm = stack();
    swarm.addPayload("secrets", "shop_key-11111111", "x");
    const labels = { ...ofShop, "swarm.previous": "shop_key" };
    swarm.addPayload("secrets", "shop_key-22222222", "x", labels);
    swarm.addPayload("secrets", "shop_key", "x");
    expect((await resolve(swarm, { ...declared, prune: true })).inputs.others).toEqual([]);
    expect(swarm.said).toEqual([]);
  });

  it("is not outdated by another that is called like a version of it", async () => {
    const swarm = stack();
    swarm.addPayload("configs", "shop_conf-0123abcd", "x");
    const news = { ...declared, configs: ["shop_conf", "shop_conf-0123abcd"] };
    await up(swarm, news);
    expect(swarm.said).toEqual([]);
    expect(swarm.writes).toEqual([]);
  });
});

describe("a config whose place a newer version has taken", () => {
  function moved(source: string): FakeSwarm {
    const swarm = stack();
    swarm.addPayload("configs", "shop_conf-0123abcd", "two");
    const config = { ConfigID: `id-${source}`, ConfigName: source, File: { Name: "/c" } };
    service(swarm, "shop_api", { Configs: [config] });
    return swarm;
  }
  const news = { ...declared, services: ["shop_api", "shop_web"] };

  it("goes once no service uses it", async () => {
    const swarm = moved("shop_conf-0123abcd");
    const made = await up(swarm, news);
    expect(swarm.said).toEqual([
      "shop: config shop_conf: a newer version has taken its place; it is removed",
    ]);
    expect(swarm.writes).toEqual(["DELETE /configs/id-shop_conf"]);
    expect(made.state.others).toEqual([]);
  });

  it("stays while one does", async () => {
    const swarm = moved("shop_conf");
    const made = await up(swarm, news);
    expect(swarm.writes).toEqual([]);
    expect(made.state.others).toEqual(["config shop_conf"]);
    const second = await resolve(swarm, news, { olds: made.inputs });
    expect(second.warnings).toEqual([
      "shop: config shop_conf: a newer version has taken its place; it is left alone while it is used by service shop_api",
    ]);
    expect(changes(made.state as State, second.inputs)).toEqual({});
  });

  it("is not kept by a service that leaves it in the same run", async () => {
    const swarm = moved("shop_conf");
    const context = swarm.run();
    const configs = [{ source: "shop_conf-0123abcd", target: "/c" }];
    const about = {
      olds: { name: "shop_api", image: "x" },
      name: "api",
      randomSeed: new Uint8Array(8),
    };
    const api = { name: "shop_api", image: "x", imageRefresh: "never" as const, configs };
    await serviceType.resolve?.({ ...about, news: api }, context);
    const { inputs } = await resolve(swarm, news, { olds: news, context });
    expect(inputs.others).toEqual([]);
    const state = { ...news, others: ["config shop_conf"] };
    expect(changes(state, inputs)).toEqual({ "others[0]": "delete" });
  });
});

describe("nobody to ask", () => {
  it("changes nothing", async () => {
    const swarm = crowded();
    const made = await up(swarm, declared);
    swarm.isDown = true;
    const { inputs, warnings } = await resolve(
      swarm,
      { ...declared, prune: true },
      { olds: made.inputs },
    );
    expect(warnings).toEqual([]);
    expect(changes(made.state as State, inputs)).toEqual({});
  });
});

it("makes another of it for another stack, and takes nothing down with it", async () => {
  const swarm = crowded();
  const made = await up(swarm, declared);
  const { inputs } = await resolve(swarm, { ...declared, name: "store" });
  expect(changes(made.state as State, inputs).name).toBe("update-replace");
  await namespaceType.delete(swarm.run(), "shop", made.state);
  expect(swarm.writes).toEqual([]);
});
