import type { Machines } from "../../../hosts/machines";
import {
  foreignAddresses,
  judge,
  lostAddresses,
  parseGround,
} from "../../../provider/swarm/ground";

// Proves the reading of `ip` and the rules; that the machines are asked before a swarm is made is the lab's matter.

const answer = `1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever
2: eth0    inet 192.168.7.11/24 brd 192.168.7.255 scope global eth0\\       valid_lft forever
2: eth0    inet6 fe80::1/64 scope link \\       valid_lft forever
3: docker0    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0

default via 192.168.7.1 dev eth0
10.40.0.0/16 via 192.168.7.9 dev eth0 proto static
blackhole 10.99.0.0/16
172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
192.168.7.0/24 dev eth0 proto kernel scope link src 192.168.7.11
198.51.100.7 via 192.168.7.1 dev eth0
fe80::/64 dev eth0 proto kernel metric 256`;

const ground = parseGround("m1", answer);

describe("parseGround", () => {
  it("reads addresses, and routes but for the default one and Docker's own", () => {
    expect(ground.addresses.map((one) => `${one.interface} ${one.address}`)).toEqual([
      "lo 127.0.0.1",
      "eth0 192.168.7.11",
      "eth0 fe80::1",
      "docker0 172.17.0.1",
    ]);
    expect(ground.routes.map((one) => `${one.subnet} ${one.interface}`)).toEqual([
      "10.40.0.0/16 eth0",
      "10.99.0.0/16 no interface",
      "192.168.7.0/24 eth0",
      "198.51.100.7/32 eth0",
      "fe80::/64 eth0",
    ]);
  });
});

describe("judge", () => {
  it("has nothing against what the host has", () => {
    const news = {
      host: "m1",
      advertiseAddr: "192.168.7.11:2377",
      dataPathAddr: "eth0",
      listenAddr: "0.0.0.0:2377",
      defaultAddrPool: ["10.20.0.0/16"],
    };
    expect(judge(news, [ground])).toEqual({ failures: [], warnings: [] });
  });

  it("names addresses that the host does not have, and the routes that a range overlaps", () => {
    const news = {
      host: "m1",
      advertiseAddr: "203.0.113.9",
      dataPathAddr: "eth7",
      listenAddr: "192.168.7.12:2377",
      defaultAddrPool: ["10.20.0.0/16", "10.32.0.0/11", "198.51.100.0/24"],
    };
    const has = "expected an address or interface of m1, which has 192.168.7.11 (eth0).";
    const free = "Expected a range that leads nowhere else, for Docker's networks alone.";
    expect(judge(news, [ground]).failures.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      `advertiseAddr: got "203.0.113.9"; ${has}`,
      `dataPathAddr: got "eth7"; ${has}`,
      `listenAddr: got "192.168.7.12:2377"; ${has}`,
      `defaultAddrPool[1]: got "10.32.0.0/11"; it overlaps 10.40.0.0/16, a route of m1 by eth0. ${free}`,
      `defaultAddrPool[2]: got "198.51.100.0/24"; it overlaps 198.51.100.7/32, a route of m1 by eth0. ${free}`,
    ]);
  });

  it("takes a range that is written with one of its addresses for the whole", () => {
    const { failures } = judge({ host: "m1", defaultAddrPool: ["10.32.0.7/11"] }, [ground]);
    expect(failures.map(({ reason }) => reason)).toEqual([
      expect.stringContaining("it overlaps 10.40.0.0/16, a route of m1 by eth0"),
    ]);
  });

  it("looks at the routes of every host, and only warns of Docker's default", () => {
    const other = { ...ground, host: "w1" };
    const { failures, warnings } = judge({ host: "m1" }, [other]);
    expect(failures).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("10.0.0.0/8 overlaps 10.40.0.0/16, a route of w1 by eth0");
  });
});

describe("foreignAddresses", () => {
  const machines = (script: () => Promise<{ stdout: string }>): Machines =>
    ({ get: () => ({ script }) }) as unknown as Machines;

  it("names addresses of a node that its machine does not have", async () => {
    const context = { machines: machines(async () => Promise.resolve({ stdout: answer })) };
    const addresses = { advertiseAddr: "192.168.7.12", dataPathAddr: "eth0" };
    expect(await foreignAddresses(context, "w1", addresses)).toEqual([
      {
        path: "advertiseAddr",
        reason:
          'got "192.168.7.12"; expected an address or interface of w1, which has 192.168.7.11 (eth0).',
      },
    ]);
  });

  it("has nothing against a machine that does not answer yet", async () => {
    const context = { machines: machines(async () => Promise.reject(new Error("no route"))) };
    expect(await foreignAddresses(context, "w1", { advertiseAddr: "192.168.7.12" })).toEqual([]);
  });
});

describe("lostAddresses", () => {
  const manager = (name: string, Reachability: "reachable" | "unreachable", Addr: string) => ({
    Description: { Hostname: name },
    ManagerStatus: { Reachability, Addr },
  });
  const machines = {
    has: (name: string) => name !== "stranger",
    get: () => ({ script: async () => Promise.resolve({ stdout: answer }) }),
  } as unknown as Machines;

  it("say why a manager is not reached whose machine answers", async () => {
    const nodes = [
      manager("m1", "reachable", "192.168.7.11:2377"),
      manager("m2", "unreachable", "192.168.7.77:2377"),
      manager("m3", "unreachable", "192.168.7.11:2377"),
      manager("stranger", "unreachable", "192.168.7.78:2377"),
    ];
    expect(await lostAddresses({ machines }, nodes)).toEqual([
      'm2: advertiseAddr: got "192.168.7.77"; expected an address or interface of m2, which has 192.168.7.11 (eth0). ' +
        "The others know it by that address. Give it back to the machine, or declare another one: then it leaves and joins again.",
    ]);
  });
});
