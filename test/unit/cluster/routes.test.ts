import { addressesOn, routesTo, sourcesTo } from "../../../cluster/routes";
import type { Routes } from "../../../cluster/routes";
import { Run } from "../../../cluster/run";
import type { Way } from "../../../hosts/routes";

type Given = Parameters<typeof routesTo>[0];

/** @param answers - what `ip` says on each machine; nothing at all where it is undefined */
function given(answers: Readonly<Record<string, string | Error | undefined>>): {
  readonly context: Given;
  readonly calls: string[];
} {
  const calls: string[] = [];
  const get = (host: string): object => ({
    script: async (_text: string, words: readonly string[]) => {
      calls.push(`${host} ${words.join(" ")}`);
      const answer = answers[host];
      if (answer === undefined) return new Promise(() => undefined);
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve({ stdout: answer });
    },
  });
  const roles = new Map(Object.keys(answers).map((host) => [host, "worker"]));
  const context = { machines: { get }, roles, run: new Run(), lab: undefined };
  return { context: context as unknown as Given, calls };
}

const own = (address: string): string => `local ${address} dev lo src ${address} uid 0`;

describe("the routes between machines", () => {
  it("are asked for once in a run, of all machines, and of none that is still to be made", async () => {
    const answer = own("10.1.0.11");
    const { context, calls } = given({ m1: answer, w1: new Error("no route"), w2: "" });
    const members = ["10.1.0.12", "10.1.0.11"];
    const [first, second] = await Promise.all([
      routesTo(context, members),
      routesTo(context, [...members].reverse()),
    ]);
    expect(second).toBe(first);
    expect([...first.keys()]).toEqual(["m1"]);
    const words = "10.1.0.11 10.1.0.12";
    expect(calls).toEqual([`m1 ${words}`, `w1 ${words}`, `w2 ${words}`]);
    await routesTo(context, ["10.1.0.13"]);
    expect(calls).toHaveLength(6);
    const lab = { machine: () => ({ state: async () => Promise.resolve("absent") }) };
    const absent = { ...context, run: new Run(), lab } as unknown as Given;
    expect((await routesTo(absent, members)).size).toBe(0);
    expect(calls).toHaveLength(6);
  });

  it("do not wait for a machine that says nothing", async () => {
    jest.useFakeTimers();
    try {
      const { context } = given({ m1: own("10.1.0.11"), w1: undefined });
      const asked = routesTo(context, ["10.1.0.11"]);
      await jest.advanceTimersByTimeAsync(8000);
      expect([...(await asked).keys()]).toEqual(["m1"]);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe("the addresses of interfaces that name nodes", () => {
  const said = [
    "2: eth0    inet 10.1.0.11/24 brd 10.1.0.255 scope global eth0",
    "3: eth1    inet 10.9.0.11/24 brd 10.9.0.255 scope global eth1",
    "3: eth1    inet6 fd00::11/64 scope global",
    "4: eth2    inet6 fe80::1/64 scope link",
    "4: eth2    inet6 fd09::11/64 scope global",
  ].join("\n");

  it("are the IPv4 ones where there are any, asked for once in a run", async () => {
    const { context, calls } = given({ m1: said, w1: new Error("no route"), w2: said });
    const interfaces = { m1: ["eth1", "eth2"], w1: ["eth1"], w2: ["eth9"], gone: ["eth1"] };
    const [first, second] = await Promise.all([
      addressesOn(context, interfaces),
      addressesOn(context, { ...interfaces }),
    ]);
    expect(first).toEqual({ m1: ["10.9.0.11", "fd09::11"], w2: [] });
    expect(second).toBe(first);
    expect(calls.map((call) => call.trim())).toEqual(["m1", "w1", "w2"]);
    expect(await addressesOn(context, {})).toEqual({});
    expect(calls).toHaveLength(3);
  });
});

/** Host → what it knows: `own` for one of its addresses, else the one that it speaks from. */
function routes(said: Readonly<Record<string, Readonly<Record<string, string>>>>): Routes {
  const waysOf = (ways: Readonly<Record<string, string>>) =>
    new Map(
      Object.entries(ways).map(([to, from]): [string, Way] => [
        to,
        { from: from === "own" ? to : from, isOwn: from === "own" },
      ]),
    );
  return new Map(Object.entries(said).map(([host, ways]) => [host, waysOf(ways)]));
}

describe("who speaks to a host from where", () => {
  const members = ["10.1.0.11", "10.1.0.77", "10.1.0.13"];
  const known = {};

  it("is nothing to speak of where each speaks from the address that it is known by", () => {
    const all = routes({
      m1: { "10.1.0.11": "own", "10.1.0.13": "10.1.0.11" },
      m3: { "10.1.0.11": "10.1.0.13", "10.1.0.13": "own" },
    });
    expect(sourcesTo("m1", { members, routes: all, known })).toEqual({});
  });

  it("is another address of a machine that has two, and not to itself", () => {
    const all = routes({
      m1: { "10.1.0.11": "own", "10.1.0.77": "10.1.0.11" },
      m2: { "10.1.0.11": "10.1.0.12", "10.1.0.77": "own", "10.1.0.13": "10.1.0.12" },
    });
    expect(sourcesTo("m1", { members, routes: all, known })).toEqual({ m2: ["10.1.0.12"] });
    expect(sourcesTo("m2", { members, routes: all, known })).toEqual({});
  });

  it("is the card's address that leads to it, and no other", () => {
    const cards = ["10.1.0.11", "10.9.0.11", "10.1.0.12", "10.9.0.12"];
    const all = routes({
      m1: { "10.1.0.11": "own", "10.9.0.11": "own" },
      // To m1 by its second card, whose own address is no member; to w2 by its third one.
      w1: { "10.1.0.11": "10.5.0.21", "10.9.0.11": "10.9.0.21", "10.1.0.12": "10.6.0.21" },
      w2: { "10.1.0.12": "own", "10.9.0.12": "own", "10.1.0.11": "10.1.0.12" },
    });
    const given = { members: cards, routes: all, known };
    expect(sourcesTo("m1", given)).toEqual({ w1: ["10.5.0.21", "10.9.0.21"] });
    expect(sourcesTo("w2", given)).toEqual({ w1: ["10.6.0.21"] });
  });

  it("is compared with the members however an address is spelt", () => {
    const all = routes({
      m1: { "fd00::11": "own" },
      m2: { "fd00::11": "fd00::12" },
      m3: { "fd00::11": "fd00::99" },
    });
    const spelt = ["FD00:0::11", "fd00:0:0::0012"];
    expect(sourcesTo("m1", { members: spelt, routes: all, known })).toEqual({ m3: ["fd00::99"] });
  });

  it("is also who is named by an interface; one whose interfaces are not known is as it was", () => {
    const all = routes({
      m1: { "10.9.0.11": "own" },
      w1: { "10.9.0.11": "10.9.0.21" },
      w2: { "10.9.0.11": "10.9.0.22" },
    });
    const interfaces = { m1: ["eth1"], w1: ["eth1", "eth2"], w2: ["eth1"] };
    const named = { m1: ["10.9.0.11"], w1: ["10.8.0.21", "10.9.0.21"] };
    expect(sourcesTo("m1", { members, routes: all, known, named, interfaces })).toEqual({
      w1: ["10.8.0.21", "10.9.0.21"],
    });
    const before = { w2: ["10.9.0.99"] };
    expect(sourcesTo("m1", { members, routes: all, known: before, named, interfaces }).w2).toEqual(
      before.w2,
    );
  });

  it("is what was known, of one that does not answer, and of all where the host does not", () => {
    const before = { m2: ["10.1.0.12"], m3: ["10.1.0.99"] };
    const some = routes({ m1: { "10.1.0.11": "own" }, m3: { "10.1.0.11": "10.1.0.13" } });
    const of = (all: Routes) => sourcesTo("m1", { members, routes: all, known: before });
    expect(of(some)).toEqual({ m2: ["10.1.0.12"] });
    expect(of(routes({ m2: { "10.1.0.11": "10.1.0.14" } }))).toEqual(before);
    expect(of(routes({}))).toEqual(before);
  });
});
