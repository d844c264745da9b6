import type { Node } from "@docker/node-sdk";
import { atWorkOn } from "../../../provider/host/at-work";
import type { NodeInputs } from "../../../provider/node/arguments";
import { blockedManagers, tryBeforeJoin } from "../../../provider/node/reach";
import { rounds } from "../../../provider/node/rounds";
import { FakeLan } from "./fake-lan";

// Proves what is tried between whom, and what follows; that packets really go there is a matter of the scripts.

/** Declared as a node, by its address. */
function declared(lan: FakeLan, host: string, more: Partial<NodeInputs> = {}): NodeInputs {
  const role = host.startsWith("m") ? "manager" : "worker";
  const advertiseAddr = lan.addressOf(host);
  return { host, role, advertiseAddr, state: "ready", drain: "gentle", ...more };
}

/** A machine tries the network, and gives up at once. */
async function join(
  lan: FakeLan,
  news: NodeInputs,
  nodes: readonly Node[],
  patience = 0,
): Promise<void> {
  await tryBeforeJoin(
    lan.context(),
    news,
    async () => Promise.resolve(lan.view(...nodes)),
    patience,
  );
  lan
    .context()
    .run.get(rounds)
    .hasEntered(news.host ?? "", true);
}

const encrypted = { Scope: "swarm", Driver: "overlay", Options: { encrypted: "" } };

const toWorker = ["7946/tcp", "7946/udp", "4789/udp"];

describe("a machine that is about to join", () => {
  it("is tried with every node that is there, both ways", async () => {
    const lan = new FakeLan("m1", "w1", "w2", "w3");
    lan.engines.set("m1", {});
    const down = lan.node("w2", { Status: { State: "down", Addr: lan.addressOf("w2") } });
    await join(lan, declared(lan, "w1"), [lan.node("m1"), down]);
    expect(lan.tried.sort()).toEqual(
      // An engine answers to tcp alone.
      [
        ...toWorker.map((port) => `m1>w1 ${port}`),
        ...["2377/tcp", "7946/tcp"].map((port) => `w1>m1 ${port}`),
      ].sort(),
    );
    expect(lan.warned).toEqual([]);
  });

  it("does not join where something is in the way: who, which way, which rule", async () => {
    const lan = new FakeLan("m1", "w1");
    lan.closed.add("w1>m1 2377/tcp").add("m1>w1 7946/udp").add("m1>w1 4789/udp");
    await expect(join(lan, declared(lan, "w1"), [lan.node("m1")])).rejects.toThrow(
      /^w1: it does not join, because it and the other nodes would not reach each other\.\n {2}network: 2377\/tcp from w1 to m1 \(10\.0\.0\.1\) does not get there; expected a rule that lets it in from 10\.0\.0\.2\. .*\n {2}network: 7946\/udp, 4789\/udp from m1 to w1 \(10\.0\.0\.2\) does not get there; expected a rule that lets it in from 10\.0\.0\.1\./,
    );
  });

  it("needs ESP where the swarm has an encrypted network, and has it tried nowhere else", async () => {
    const lan = new FakeLan("m1", "w1");
    lan.closed.add("m1>w1 esp");
    const nodes = [lan.node("m1")];
    await join(lan, declared(lan, "w1"), nodes);
    expect(lan.tried.filter((way) => way.endsWith(" esp"))).toEqual([]);
    lan.networks = [encrypted];
    await expect(join(lan, declared(lan, "w1"), nodes)).rejects.toThrow(
      "network: protocol 50 (ESP) from m1 to w1 (10.0.0.2) does not get there; expected a rule that lets it in from 10.0.0.1.",
    );
  });

  it("joins where it is not known whether all is open, which is said", async () => {
    const lan = new FakeLan("m1", "w1");
    lan.silent.add("m1");
    await join(lan, declared(lan, "w1"), [lan.node("m1"), lan.node("x1")]);
    expect(lan.warned).toEqual([
      "network: whether m1 reaches the others was not tried: m1: no connection",
    ]);
  });

  it("tries what it can with a node that is no host of this configuration", async () => {
    const lan = new FakeLan("m1", "w1");
    const foreign = lan.node("w7", { Status: { State: "ready", Addr: "10.0.0.77" } });
    lan.closed.add("w1>10.0.0.77 7946/tcp");
    await expect(join(lan, declared(lan, "w1"), [lan.node("m1"), foreign])).rejects.toThrow(
      "network: 7946/tcp from w1 to w7 (10.0.0.77) does not get there",
    );
  });

  it("waits for what this run opens elsewhere", async () => {
    const lan = new FakeLan("m1", "w1", "w2");
    lan.closed.add("w1>w2 7946/tcp");
    const { run } = lan.context();
    let opened: () => void = () => undefined;
    const preparing = atWorkOn(
      run,
      "w2",
      async () => new Promise<void>((resolve) => (opened = resolve)),
    );
    let trials = 0;
    lan.afterwards = () => {
      trials += 1;
      if (trials < 4) return;
      lan.closed.clear();
      opened();
    };
    await join(lan, declared(lan, "w1"), [lan.node("m1"), lan.node("w2")], 5);
    await preparing;
    expect(lan.progress).toContainEqual(
      expect.stringMatching(/^waiting for a way to open: network: 7946\/tcp from w1 to w2/),
    );
  });

  it("is known by the address that it speaks from, where Docker is to find one", async () => {
    const lan = new FakeLan("m1", "w1");
    lan.closed.add("m1>w1 7946/tcp");
    const nodes = [lan.node("m1")];
    const unsaid: NodeInputs = { host: "w1", role: "worker", state: "ready", drain: "gentle" };
    for (const news of [unsaid, { ...unsaid, advertiseAddr: "eth0" }])
      await expect(join(lan, news, nodes)).rejects.toThrow(
        "from m1 to w1 (10.0.0.2) does not get there",
      );
  });

  it("is tried at the data paths that engines were given", async () => {
    const lan = new FakeLan("m1", "w1");
    lan.engines.set("m1", { DataPathAddr: "10.9.0.1" });
    lan.networks = [encrypted];
    const news = declared(lan, "w1", { dataPathAddr: "10.9.0.2" });
    const view = { ...lan.view(lan.node("m1")), dataPathPort: 5789 };
    await tryBeforeJoin(lan.context(), news, async () => Promise.resolve(view));
    expect(lan.tried).toEqual(
      expect.arrayContaining([
        "m1>w1/10.9.0.2 5789/udp",
        "m1>w1/10.9.0.2 esp",
        "w1>m1/10.9.0.1 esp",
      ]),
    );
  });
});

describe("machines that join at once", () => {
  it("are tried with each other, each pair once", async () => {
    const lan = new FakeLan("m1", "w1", "w2", "w3");
    const nodes = [lan.node("m1")];
    const first = ["w1", "w2"].map(async (host) => join(lan, declared(lan, host), nodes));
    await Promise.all(first);
    // The managers do not know the others yet.
    await join(lan, declared(lan, "w3"), nodes);
    const tried = lan.tried.filter((way) => way.endsWith(" 7946/tcp")).sort();
    const hosts = ["m1", "w1", "w2", "w3"];
    expect(tried).toEqual(
      hosts.flatMap((from) =>
        hosts.filter((to) => to !== from).map((to) => `${from}>${to} 7946/tcp`),
      ),
    );
  });

  it("leave the ports to an engine that is joining: the next are tried once it has them", async () => {
    const lan = new FakeLan("m1", "w1", "w2");
    const view = async () => Promise.resolve(lan.view(lan.node("m1")));
    await tryBeforeJoin(lan.context(), declared(lan, "w1"), view, 0);
    const before = lan.tried.length;
    const second = join(lan, declared(lan, "w2"), [lan.node("m1")]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(lan.tried).toHaveLength(before);
    lan.context().run.get(rounds).hasEntered("w1", true);
    await second;
    expect(lan.tried).toContain("w2>w1 7946/tcp");
    // Nobody but the engine listens there, and it says nothing to a stranger's datagram.
    expect(lan.tried).not.toContain("w2>w1 7946/udp");
    expect(lan.listened).toEqual(["w1", "w2"]);
  });

  it("are not tried with one that did not get in after all", async () => {
    const lan = new FakeLan("m1", "w1", "w2");
    const view = async () => Promise.resolve(lan.view(lan.node("m1")));
    await tryBeforeJoin(lan.context(), declared(lan, "w1"), view, 0);
    lan.context().run.get(rounds).hasEntered("w1", false);
    lan.closed.add("w2>w1 7946/tcp");
    await join(lan, declared(lan, "w2"), [lan.node("m1")]);
  });

  it("are let through each for itself", async () => {
    const lan = new FakeLan("m1", "w1", "w2", "w3");
    lan.closed.add("w2>w1 7946/tcp");
    const nodes = [lan.node("m1")];
    const all = await Promise.allSettled(
      ["w1", "w2", "w3"].map(async (host) => join(lan, declared(lan, host), nodes)),
    );
    expect(all.map(({ status }) => status)).toEqual(["rejected", "rejected", "fulfilled"]);
  });
});

describe("whether a machine reaches the managers", () => {
  it("says what does not get there", async () => {
    const lan = new FakeLan("m1", "m2", "w1");
    const nodes = [lan.node("m1"), lan.node("m2"), lan.node("w1")];
    expect(await blockedManagers(lan.context(), "w1", nodes)).toBe("");
    lan.closed.add("w1>m2 2377/tcp");
    expect(await blockedManagers(lan.context(), "w1", nodes)).toMatch(
      /^network: 2377\/tcp from w1 to m2 \(10\.0\.0\.2\) does not get there; expected a rule that lets it in from 10\.0\.0\.3\./,
    );
  });

  it.each(["x/1; reboot; :2377", "$(reboot):2377", "10.0.0.1/../x:2377", "a\nb:1", ""])(
    "does not try %j, and says so",
    async (address) => {
      const lan = new FakeLan("m1", "w1");
      const node = lan.node("m1", { ManagerStatus: { Reachability: "reachable", Addr: address } });
      const said = await blockedManagers(lan.context(), "w1", [node]);
      expect(said).toContain(`The managers name ${JSON.stringify(address)} as the address of one`);
      expect(lan.tried).toEqual([]);
    },
  );

  it("tries nothing that a node calls its address and is none", async () => {
    const lan = new FakeLan("m1", "w1");
    const nodes = ["$(reboot)", "0.0.0.0", ""].map((address, at) =>
      lan.node(`w${at + 5}`, { Status: { State: "ready", Addr: address } }),
    );
    await join(lan, declared(lan, "w1"), nodes);
    expect(lan.tried).toEqual([]);
  });
});
