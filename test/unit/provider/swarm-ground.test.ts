import type { Ground } from "../../../cluster/ground";
import { judge } from "../../../provider/swarm/ground";
import { UNKNOWN } from "../../../provider/value";

// Proves the rules; that the machines are asked before a swarm is made is the lab's matter.

const ground: Ground = {
  host: "m1",
  addresses: [
    { interface: "lo", address: "127.0.0.1" },
    { interface: "eth0", address: "192.168.7.11" },
    { interface: "eth0", address: "fe80::1" },
    { interface: "docker0", address: "172.17.0.1" },
  ],
  routes: [
    { subnet: "10.40.0.0/16", interface: "eth0" },
    { subnet: "10.99.0.0/16", interface: "no interface" },
    { subnet: "192.168.7.0/24", interface: "eth0" },
    { subnet: "198.51.100.7/32", interface: "eth0" },
    { subnet: "fe80::/64", interface: "eth0" },
  ],
};

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

  it("has nothing against an address that is not known yet", () => {
    const news = { host: "m1", advertiseAddr: UNKNOWN, defaultAddrPool: ["10.20.0.0/16"] };
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
