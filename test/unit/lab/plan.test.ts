import fc from "fast-check";
import {
  conflictingRoute,
  parseAddresses,
  parseRoutes,
  planLab,
  toAddress,
  toNumber,
} from "../../../lab/plan";

const directory = "/srv/clone/.swarm/lab";
const none = { directory, routes: [], hosts: [], recorded: undefined };

describe("planLab", () => {
  it("answers the same names and addresses for the same folder and hosts", () => {
    const plan = planLab({ ...none, hosts: ["worker-1", "manager-1"] });
    expect({
      namespace: plan.namespace,
      subnet: plan.subnet,
      gateway: plan.gateway,
      machineAddress: plan.machineAddress,
      manager: plan.addressOf("manager-1"),
      worker: plan.addressOf("worker-1"),
      mac: plan.macOf("worker-1"),
      tap: plan.tapOf("worker-1"),
    }).toEqual({
      namespace: "swarm-dc3156",
      subnet: "198.19.167.0/24",
      gateway: "198.19.167.1",
      machineAddress: "198.19.167.2",
      manager: "198.19.167.11",
      worker: "198.19.167.12",
      mac: "02:00:c6:13:a7:0c",
      tap: "tap12",
    });
  });

  it("gives another folder another namespace and subnet", () => {
    const other = planLab({ ...none, directory: "/srv/other/.swarm/lab" });
    expect(other.namespace).not.toBe(planLab(none).namespace);
    expect(other.subnet).not.toBe(planLab(none).subnet);
  });

  it("keeps recorded addresses and fills the gaps in the order of names", () => {
    const recorded = { subnet: "198.18.5.0/24", hosts: { b: 12 } };
    const plan = planLab({ ...none, recorded, hosts: ["c", "b", "a"] });
    expect(plan.addresses).toEqual({ subnet: "198.18.5.0/24", hosts: { a: 11, b: 12, c: 13 } });
  });

  it("knows a recorded host that is no longer configured", () => {
    const recorded = { subnet: "198.18.5.0/24", hosts: { gone: 11 } };
    expect(planLab({ ...none, recorded, hosts: ["a"] }).addressOf("gone")).toBe("198.18.5.11");
  });

  it("steps aside for a route of the machine", () => {
    const { subnet } = planLab(none);
    const address = toNumber(subnet.replace("/24", ""));
    const route = { interface: "eth0", address, prefix: 24 };
    expect(planLab({ ...none, routes: [route] }).subnet).toBe(`${toAddress(address + 256)}/24`);
  });

  it("does not step aside for its own interface", () => {
    const plan = planLab(none);
    const address = toNumber(plan.subnet.replace("/24", ""));
    const route = { interface: plan.namespace, address, prefix: 24 };
    expect(planLab({ ...none, routes: [route] }).subnet).toBe(plan.subnet);
    expect(conflictingRoute(plan, [route])).toBeUndefined();
  });

  it("fails when routes take the whole block", () => {
    const route = { interface: "eth0", address: toNumber("198.0.0.0"), prefix: 8 };
    expect(() => planLab({ ...none, routes: [route] })).toThrow(
      "lab: routes of this machine meet every subnet of 198.18.0.0/15; expected a free /24 for the lab. " +
        "See `ip route` and remove what is not needed.",
    );
  });

  it("fails for a host that it does not know, and says whom it knows", () => {
    expect(() => planLab({ ...none, hosts: ["b", "a"] }).addressOf("c")).toThrow(
      'lab: got the host "c"; expected one of the lab\'s hosts: a, b.',
    );
    expect(() => planLab(none).addressOf("c")).toThrow(
      'lab: got the host "c"; expected one of the lab\'s hosts: there are none.',
    );
  });

  it("fails for more hosts than a subnet has addresses", () => {
    const hosts = Array.from({ length: 245 }, (_, index) => `host-${index}`);
    expect(planLab({ ...none, hosts: hosts.slice(1) }).addressOf("host-99")).toMatch(/\.254$/);
    expect(() => planLab({ ...none, hosts })).toThrow(
      "lab: got 245 hosts; expected at most 244, the addresses of 198.19.167.0/24.",
    );
  });

  it("never gives two hosts one address, nor an interface a name that is too long", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/), { maxLength: 40 });
    fc.assert(
      fc.property(names, names, fc.string({ minLength: 1 }), (first, second, folder) => {
        const before = planLab({
          directory: `/${folder}`,
          routes: [],
          hosts: first,
          recorded: undefined,
        });
        const plan = planLab({
          directory: `/${folder}`,
          routes: [],
          hosts: second,
          recorded: before.addresses,
        });
        const all = [...new Set([...first, ...second])];
        expect(new Set(all.map((host) => plan.addressOf(host))).size).toBe(all.length);
        for (const host of first) expect(plan.addressOf(host)).toBe(before.addressOf(host));
        expect(plan.namespace.length).toBeLessThanOrEqual(15);
        for (const host of all) expect(plan.tapOf(host).length).toBeLessThanOrEqual(15);
      }),
    );
  });
});

describe("conflictingRoute", () => {
  const plan = planLab({ ...none, recorded: { subnet: "198.18.5.0/24", hosts: {} } });
  const table = [
    { route: "198.18.5.128/25", meets: true },
    { route: "198.18.0.0/16", meets: true },
    { route: "198.18.5.7/32", meets: true },
    { route: "198.18.4.0/24", meets: false },
    { route: "198.18.6.0/23", meets: false },
    { route: "10.0.0.0/8", meets: false },
  ];
  it.each(table)("$route meets 198.18.5.0/24: $meets", ({ route, meets }) => {
    const [address = "", prefix] = route.split("/");
    const other = { interface: "eth0", address: toNumber(address), prefix: Number(prefix) };
    expect(conflictingRoute(plan, [other])).toEqual(meets ? other : undefined);
  });
});

describe("parseRoutes", () => {
  it("reads the kernel's table and leaves default routes out", () => {
    const text = [
      "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
      "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
      "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
      "swarm-a\t004D13C6\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
      "",
    ].join("\n");
    expect(parseRoutes(text)).toEqual([
      { interface: "eth0", address: toNumber("192.0.2.0"), prefix: 24 },
      { interface: "swarm-a", address: toNumber("198.19.77.0"), prefix: 24 },
    ]);
  });
});

describe("parseAddresses", () => {
  it("reads what was kept and refuses anything else", () => {
    expect(parseAddresses('{"subnet":"198.18.5.0/24","hosts":{"a":11}}')).toEqual({
      subnet: "198.18.5.0/24",
      hosts: { a: 11 },
    });
    expect(parseAddresses("[]")).toBeUndefined();
    expect(parseAddresses('{"hosts":{}}')).toBeUndefined();
  });
});

describe("toAddress", () => {
  it("undoes toNumber", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(toAddress(toNumber(address))).toBe(address);
      }),
    );
  });
});
