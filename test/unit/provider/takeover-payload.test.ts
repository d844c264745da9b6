import { configType } from "../../../provider/config/config";
import type { PayloadInputs, PayloadState } from "../../../provider/payload/table";
import { secretType } from "../../../provider/secret/secret";
import { UNKNOWN } from "../../../provider/value";
import { FakeSwarm, ofShop } from "./fake-swarm";

// Proves what becomes of the secrets and configs that `docker stack deploy` has made, and what the preview says of it.

type Type = typeof secretType;

const next = /^shop_conf-[0-9a-f]{8}$/;

interface Olds {
  readonly olds?: PayloadInputs;
  readonly replaced?: PayloadInputs;
  readonly seed?: number;
}

/** The two checks of a run, as the adapter makes them. */
async function checked(
  swarm: FakeSwarm,
  type: Type,
  news: PayloadInputs,
  { olds, replaced, seed = 1 }: Olds = {},
) {
  swarm.said.length = 0;
  const context = swarm.run();
  const about = { olds, replaced, name: "conf", randomSeed: new Uint8Array(8).fill(seed) };
  const first = type.check?.({ ...about, news }, context);
  const result = await type.resolve?.({ ...about, news: first?.inputs ?? news }, context);
  if (result === undefined) throw new Error("there is no resolve");
  expect(result.failures).toEqual([]);
  return { context, inputs: result.inputs };
}

async function up(swarm: FakeSwarm, type: Type, news: PayloadInputs, olds: Olds = {}) {
  const { context, inputs } = await checked(swarm, type, news, olds);
  return { inputs, ...(await type.create(context, inputs)) };
}

function changes(type: Type, old: PayloadState, news: PayloadInputs) {
  return type.diff({ id: "x", oldInputs: old, old, news }).changes;
}

describe("a config that docker stack deploy has made", () => {
  const declared = { name: "shop_conf", value: "one", labels: ofShop };
  const deployed = (): FakeSwarm => {
    const swarm = new FakeSwarm();
    swarm.addPayload("configs", "shop_conf", "one");
    return swarm;
  };

  it("is taken over under its own name when it holds what is declared", async () => {
    const swarm = deployed();
    const made = await up(swarm, configType, declared);
    expect(swarm.said).toContain(
      'config "shop_conf" was made by docker stack deploy: taken over as it is',
    );
    expect([made.id, made.inputs.name]).toEqual(["id-shop_conf", "shop_conf"]);
    expect(swarm.writes).toEqual([]);
    const second = await checked(swarm, configType, declared, { olds: made.inputs });
    expect(second.inputs).toEqual(made.inputs);
    expect(changes(configType, made.state, second.inputs)).toEqual({});
    expect(swarm.said).toEqual([]);
  });

  it("gets the declared labels in place", async () => {
    const swarm = deployed();
    const labels = { ...ofShop, tier: "web" };
    await up(swarm, configType, { ...declared, labels });
    expect(swarm.said[0]).toBe(
      'config "shop_conf" was made by docker stack deploy: taken over; changes: labels.tier',
    );
    expect(swarm.writes).toEqual(["POST /configs/id-shop_conf/update"]);
    expect(swarm.configs[0]?.Spec).toEqual({ Name: "shop_conf", Labels: labels, Data: "b25l" });
  });

  it("stays, and a new one is made beside it, when it holds something else", async () => {
    const swarm = deployed();
    const news = { ...declared, value: "two" };
    const seen = await checked(swarm, configType, news);
    expect(seen.inputs.name).toMatch(next);
    expect(swarm.said).toEqual([
      `config "shop_conf" was made by docker stack deploy and differs in value: services move to a new one, "${seen.inputs.name ?? ""}"; ` +
        "the stack's Namespace removes the old one when no service uses it any more",
    ]);
    // Another run, with other random bytes, comes to the same name: one that was killed is found again.
    const made = await up(swarm, configType, news, { seed: 2 });
    expect(made.inputs.name).toBe(seen.inputs.name);
    const again = await up(swarm, configType, news, { seed: 3 });
    expect(again.id).toBe(made.id);
    expect(swarm.names("configs")).toEqual(["shop_conf", made.inputs.name]);
    const second = await checked(swarm, configType, news, { olds: made.inputs });
    expect(changes(configType, made.state, second.inputs)).toEqual({});
  });

  it("is kept as an older version where that is declared", async () => {
    const { inputs } = await checked(deployed(), configType, {
      ...declared,
      value: "two",
      keep: 1,
    });
    expect(inputs.previous).toEqual(["shop_conf"]);
  });

  it("rotates as any other once it is taken over", async () => {
    const swarm = deployed();
    const made = await up(swarm, configType, declared);
    const news = { ...declared, value: "two" };
    const rotated = await checked(swarm, configType, news, { olds: made.inputs });
    expect(rotated.inputs.name).toMatch(next);
    expect(changes(configType, made.state, rotated.inputs)).toEqual({ value: "update-replace" });
    await up(swarm, configType, news, { replaced: made.inputs });
    await configType.delete(swarm.run(), made.id, made.state);
    expect(swarm.names("configs")).toEqual([rotated.inputs.name]);
  });

  it("keeps a name that ends like a version's", async () => {
    const swarm = new FakeSwarm();
    swarm.addPayload("configs", "conf-0123abcd", "one");
    const hashed = { ...declared, name: "conf-0123abcd" };
    const made = await up(swarm, configType, hashed);
    expect(made.inputs.name).toBe("conf-0123abcd");
    const second = await checked(swarm, configType, hashed, { olds: made.inputs });
    expect(second.inputs.name).toBe("conf-0123abcd");
  });

  it("has no name yet while the declared value is not known", async () => {
    const swarm = deployed();
    const { inputs } = await checked(swarm, configType, { ...declared, value: UNKNOWN });
    expect(inputs.name).toBe(UNKNOWN);
    expect(swarm.said).toEqual([
      'config "shop_conf" was made by docker stack deploy: taken over if it holds the value, which is not known yet',
    ]);
  });

  it.each([
    ["of another stack", { "com.docker.stack.namespace": "other" }],
    ["of no stack", {}],
  ])("%s is none of ours", async (_what, labels) => {
    const swarm = new FakeSwarm();
    swarm.addPayload("configs", "shop_conf", "one", labels);
    const { inputs } = await checked(swarm, configType, declared);
    expect(inputs.name).toMatch(next);
    expect(swarm.said).toEqual([]);
  });
});

describe("a secret that docker stack deploy has made", () => {
  const declared = { name: "shop_conf", value: "one", labels: ofShop };
  const deployed = (): FakeSwarm => {
    const swarm = new FakeSwarm();
    swarm.addPayload("secrets", "shop_conf", "whatever");
    return swarm;
  };

  it("gives way to a new one, because Docker does not say what is in it", async () => {
    const swarm = deployed();
    const made = await up(swarm, secretType, declared);
    expect(made.inputs.name).toMatch(next);
    expect(swarm.said).toEqual([
      `secret "shop_conf" was made by docker stack deploy, and Docker does not say its value: services move to a new one, "${made.inputs.name ?? ""}"; ` +
        "the stack's Namespace removes the old one when no service uses it any more; to keep it as it is set adopt: true",
    ]);
    expect(swarm.names("secrets")).toEqual(["shop_conf", made.inputs.name]);
  });

  it.each(["one", UNKNOWN])("is taken over as it is when told to: %s", async (value) => {
    const swarm = deployed();
    const news = { ...declared, adopt: true };
    const { inputs } = await checked(swarm, secretType, { ...news, value });
    expect(inputs.name).toBe("shop_conf");
    expect(swarm.said).toEqual([
      'secret "shop_conf" was made by docker stack deploy: taken over as it is; Docker does not say its value',
    ]);
    const made = await up(swarm, secretType, news);
    expect(made.id).toBe("id-shop_conf");
    expect(swarm.writes).toEqual([]);
    const second = await checked(swarm, secretType, news, { olds: made.inputs });
    expect(second.inputs).toEqual(made.inputs);
    expect(changes(secretType, made.state, second.inputs)).toEqual({});
    // And when the value changes, it goes on as every secret does.
    const rotated = await checked(
      swarm,
      secretType,
      { ...news, value: "two" },
      { olds: made.inputs },
    );
    expect(rotated.inputs.name).toMatch(next);
  });

  it("is taken over as it is, without being told to, when a driver brings its value", async () => {
    const swarm = deployed();
    const driver = { Name: "vault" };
    Object.assign(swarm.secrets[0]?.Spec ?? {}, { Driver: driver });
    const news = { name: "shop_conf", labels: ofShop, driver: "vault" };
    expect((await checked(swarm, secretType, news)).inputs.name).toBe("shop_conf");
    const other = await checked(swarm, secretType, { ...news, driver: "safe" });
    expect(other.inputs.name).toMatch(next);
    expect(swarm.said[0]).toContain(
      "made by docker stack deploy and differs in driver: services move",
    );
  });

  it("is taken over although services use it", async () => {
    const swarm = deployed();
    const reference = { SecretID: "id-shop_conf", SecretName: "shop_conf" };
    swarm.addService({
      Name: "shop_web",
      TaskTemplate: { ContainerSpec: { Secrets: [reference] } },
    });
    const made = await up(swarm, secretType, { ...declared, adopt: true });
    expect([made.id, swarm.writes]).toEqual(["id-shop_conf", []]);
  });

  it("is made anew when a run that was killed has left it", async () => {
    const swarm = deployed();
    const first = await up(swarm, secretType, declared);
    swarm.writes.length = 0;
    await up(swarm, secretType, { ...declared, value: "two" });
    expect(swarm.writes).toEqual([`DELETE /secrets/${first.id}`, "POST /secrets/create"]);
  });
});

describe("nobody to ask", () => {
  it("means that nothing is taken over, and nothing refused", async () => {
    const swarm = new FakeSwarm();
    swarm.isDown = true;
    const news = { name: "shop_conf", value: "one", labels: ofShop };
    expect((await checked(swarm, secretType, news)).inputs.name).toMatch(next);
  });
});
