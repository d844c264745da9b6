import { isIP } from "node:net";
import fc from "fast-check";
import { foreignAddresses, lostAddresses, parseGround } from "../../../cluster/ground";
import type { Machines } from "../../../hosts/machines";

// Proves the reading of `ip`, and what is said of addresses that a machine does not have.

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

describe("any answer", () => {
  const device = fc.stringMatching(/^eth[0-9]{1,3}$/);

  it("of addresses and routes is read as it was meant", () => {
    const one = fc.record({ address: fc.oneof(fc.ipV4(), fc.ipV6()), interface: device });
    const length = fc.integer({ min: 0, max: 32 });
    const way = fc.record({ base: fc.ipV4(), length, interface: device });
    fc.assert(
      fc.property(fc.array(one), fc.array(way), (addresses, ways) => {
        const lines = addresses.map(
          (each, index) =>
            `${index + 1}: ${each.interface}    inet ${each.address}/24 scope global`,
        );
        const routes = ways.map(
          (each) => `${each.base}/${each.length} via x dev ${each.interface} src y`,
        );
        expect(parseGround("m1", `${lines.join("\n")}\n\n${routes.join("\n")}`)).toEqual({
          host: "m1",
          addresses,
          routes: ways.map((each) => ({
            subnet: `${each.base}/${each.length}`,
            interface: each.interface,
          })),
        });
      }),
    );
  });

  it("of nonsense says nothing about routes that are none, and stops nobody", () => {
    const pieces = [
      "1: ",
      "inet ",
      "inet6 ",
      "10.0.0.1",
      "fe80::",
      "/8",
      " dev ",
      "blackhole ",
      "\n",
      "\n\n",
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string()))
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, (said) => {
        for (const { subnet } of parseGround("m1", said).routes)
          expect(isIP(subnet.split("/")[0] ?? "")).not.toBe(0);
      }),
    );
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

  it("names an interface that is not there, with those that are", async () => {
    const context = { machines: machines(async () => Promise.resolve({ stdout: answer })) };
    const found = await foreignAddresses(context, "w1", { advertiseAddr: "eth7:2377" });
    expect(found.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'advertiseAddr: got "eth7:2377"; expected an address or interface of w1, which has 192.168.7.11 (eth0).',
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
