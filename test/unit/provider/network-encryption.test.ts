import type { Context } from "../../../provider/context";
import { tryEncryption } from "../../../provider/network/encryption";
import { tryBeforeJoin } from "../../../provider/node/reach";
import { rounds } from "../../../provider/node/rounds";
import { FakeLan } from "./fake-lan";

const hosts = ["m1", "w1", "w2"];

/** All hosts are nodes, and their engines have their ports. */
function world(): { readonly lan: FakeLan; readonly context: Context } {
  const lan = new FakeLan(...hosts);
  for (const host of hosts) lan.engines.set(host, {});
  const context = lan.context(hosts.map((host) => lan.node(host)));
  return { lan, context };
}

describe("the first encrypted network of a run", () => {
  it("has ESP tried from each node to each, once, and nothing else", async () => {
    const { lan, context } = world();
    await tryEncryption(context, "back");
    await tryEncryption(context, "front");
    expect(lan.tried.sort()).toEqual(
      hosts.flatMap((from) => hosts.filter((to) => to !== from).map((to) => `${from}>${to} esp`)),
    );
    expect(lan.warned).toEqual([]);
  });

  it("is warned of where a node has its data path at another address: Docker encrypts by the node's", async () => {
    const { lan, context } = world();
    lan.engines.set("w1", { DataPathAddr: "10.9.0.2" });
    lan.engines.set("w2", { DataPathAddr: "10.0.0.3" });
    await tryEncryption(context, "back");
    expect(lan.warned).toEqual([
      expect.stringMatching(
        /^network: w1 has a data path of its own, 10\.9\.0\.2, and is a node as 10\.0\.0\.2: Docker/,
      ),
    ]);
  });

  it("is not made where packets would get lost: who, which way, which rule", async () => {
    const { lan, context } = world();
    lan.closed.add("w2>w1 esp");
    await expect(tryEncryption(context, "back", 0)).rejects.toThrow(
      /^network "back" is not made: it is encrypted, and what its tasks say would not get from node to node\.\n {2}network: protocol 50 \(ESP\) from w2 to w1 \(10\.0\.0\.2\) does not get there; expected a rule that lets it in from 10\.0\.0\.3\./,
    );
  });

  it("has it tried with those who began to join before, and needed by those who join after", async () => {
    const lan = new FakeLan("m1", "w1", "w2");
    for (const host of hosts) lan.engines.set(host, {});
    const context = lan.context([lan.node("m1")]);
    const joins = async (host: string): Promise<void> => {
      const news = { host, role: "worker", advertiseAddr: lan.addressOf(host) } as const;
      const view = async () => Promise.resolve(lan.view(lan.node("m1")));
      await tryBeforeJoin(context, { ...news, state: "ready", drain: "gentle" }, view, 0);
      context.run.get(rounds).hasEntered(host, true);
    };
    await joins("w1");
    const ofEsp = (): string[] => lan.tried.filter((way) => way.endsWith(" esp")).sort();
    expect(ofEsp()).toEqual([]);
    await tryEncryption(context, "back");
    expect(ofEsp()).toEqual(["m1>w1 esp", "w1>m1 esp"]);
    lan.closed.add("w2>w1 esp");
    await expect(joins("w2")).rejects.toThrow("protocol 50 (ESP) from w2 to w1 (10.0.0.2)");
  });

  it("is made where that is not known, which is said", async () => {
    const { lan, context } = world();
    lan.silent.add("w2");
    await tryEncryption(context, "back");
    expect(lan.warned).toEqual([
      "network: whether protocol 50 (ESP) gets to w2 was not tried: w2: no connection",
      "network: whether w2 reaches the others was not tried: w2: no connection",
    ]);
  });
});
