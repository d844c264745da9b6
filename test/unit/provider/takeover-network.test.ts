import type { NetworkInputs } from "../../../provider/network/network";
import { networkType } from "../../../provider/network/network";
import { UNKNOWN } from "../../../provider/value";
import { FakeSwarm, ofShop } from "./fake-swarm";

// Proves what becomes of a network of the same stack that is there already.

const declared: NetworkInputs = { name: "shop_front", labels: ofShop };

function deployed(labels: Record<string, string> = ofShop): FakeSwarm {
  const swarm = new FakeSwarm();
  // As an engine answers for what Docker's command has sent, with what it fills in.
  swarm.addNetwork("shop_front", {
    Labels: labels,
    Attachable: false,
    Internal: false,
    ConfigFrom: { Network: "" },
  });
  return swarm;
}

async function preview(swarm: FakeSwarm, news: NetworkInputs, replaced?: NetworkInputs) {
  const about = { news, olds: undefined, replaced, name: "front", randomSeed: new Uint8Array(8) };
  const result = await networkType.resolve?.(about, swarm.run());
  return (result?.failures ?? []).map(({ path, reason }) =>
    path === "" ? reason : `${path}: ${reason}`,
  );
}

describe("a network that docker stack deploy has made", () => {
  it("is taken over as it is", async () => {
    const swarm = deployed();
    expect(await preview(swarm, declared)).toEqual([]);
    expect(swarm.said).toEqual([
      'network "shop_front" was made by docker stack deploy: taken over as it is',
    ]);
    const made = await networkType.create(swarm.run(), declared);
    expect(made.id).toBe("id-shop_front");
    expect(swarm.writes).toEqual([]);
    const about = { id: made.id, oldInputs: declared, old: made.state, news: declared };
    expect(networkType.diff(about).changes).toEqual({});
  });

  it("is refused at preview when it differs, with the way out", async () => {
    const swarm = deployed();
    const news = { ...declared, attachable: true };
    expect(await preview(swarm, news)).toEqual([
      'network "shop_front" was made by docker stack deploy and differs in attachable; expected it as declared, ' +
        "because Docker cannot change a network. Declare it as it is, or take the stack down first " +
        "(docker stack rm shop; its volumes stay).",
    ]);
    await expect(networkType.create(swarm.run(), news)).rejects.toThrow("differs in attachable");
    expect(swarm.writes).toEqual([]);
  });

  it("is not refused for what is not known yet, nor for what is its own former self", async () => {
    expect(await preview(deployed(), { ...declared, driverOpts: { mtu: UNKNOWN } })).toEqual([]);
    expect(await preview(deployed(), { ...declared, attachable: true }, declared)).toEqual([]);
  });

  it("is somebody else's under another label", async () => {
    const swarm = deployed({ "com.docker.stack.namespace": "other" });
    expect(await preview(swarm, declared)).toEqual([
      'name: got "shop_front"; expected a name that is free: a network of the stack "other" has that name and differs ' +
        'in labels["com.docker.stack.namespace"]. Docker cannot change a network: choose another name, declare it as ' +
        "it is, or remove it (docker network rm shop_front).",
    ]);
    expect(swarm.said).toEqual([]);
    await expect(networkType.create(swarm.run(), declared)).rejects.toThrow("differs in labels");
  });

  it("may be made by hand, and is taken while it is as declared", async () => {
    const swarm = deployed({});
    expect(await preview(swarm, { name: "shop_front" })).toEqual([]);
    expect(swarm.said).toEqual(['network "shop_front" exists already: taken over as it is']);
    const [refusal] = await preview(swarm, { name: "shop_front", attachable: true });
    expect(refusal).toContain(
      "a network that names no stack as its owner has that name and differs in attachable",
    );
  });
});
