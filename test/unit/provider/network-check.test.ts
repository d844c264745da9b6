import fc from "fast-check";
import type { Network, Node } from "@docker/node-sdk";
import { checkNetwork } from "../../../provider/network/check";
import type { NetworkInputs } from "../../../provider/network/network";
import { ipv6Failures } from "../../../provider/network/ipv6";
import { conflicts, isAllocated } from "../../../provider/network/room";
import { UNKNOWN } from "../../../provider/value";
import { contains, overlap, parseRange } from "../../../units/ranges";

function range(text: string) {
  const parsed = parseRange(text);
  if (parsed === undefined) throw new Error(`${text} is no range`);
  return parsed;
}

describe("an address range", () => {
  it.each([
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.7/24",
    "fd00::/129",
    "10.0.0.0/8/8",
    "x/8",
    "10.0.0.0/",
  ])("is not %s", (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it.each([
    ["10.20.0.0/16", "10.20.255.255", true],
    ["10.20.0.0/16", "10.21.0.0", false],
    ["10.20.0.0/16", "fd00::1", false],
    ["fd00:10::/64", "fd00:10::9", true],
    ["fd00:10::/64", "fd00:11::9", false],
    ["0.0.0.0/0", "192.0.2.1", true],
  ])("%s has %s in it: %s", (text, address, expected) => {
    expect(contains(range(text), address)).toBe(expected);
  });

  it("overlaps with another exactly when they have an address in common", () => {
    const some = fc
      .tuple(fc.integer({ min: 24, max: 32 }), fc.integer({ min: 0, max: 255 }))
      .map(([prefix, byte]) => {
        const size = 2 ** (32 - prefix);
        return { text: `192.0.2.${Math.floor(byte / size) * size}/${prefix}` };
      });
    const addresses = Array.from({ length: 256 }, (_, byte) => `192.0.2.${byte}`);
    fc.assert(
      fc.property(some, some, ({ text: a }, { text: b }) => {
        const [one, other] = [range(a), range(b)];
        const common = addresses.some(
          (address) => contains(one, address) && contains(other, address),
        );
        expect(overlap(one, other)).toBe(common);
      }),
    );
  });

  it("never overlaps with one of the other family", () => {
    expect(overlap(range("0.0.0.0/1"), range("::/1"))).toBe(false);
  });
});

describe("a network is told at preview", () => {
  const told = (inputs: NetworkInputs) =>
    checkNetwork(inputs).map(({ path, reason }) => `${path}: ${reason}`);

  it.each<[string, NetworkInputs, string[]]>([
    [
      "nothing when all is well",
      { subnets: [{ subnet: "10.1.0.0/16", gateway: "10.1.0.1", ipRange: "10.1.9.0/24" }] },
      [],
    ],
    [
      "nothing of what is not known yet",
      { subnets: [{ subnet: UNKNOWN, gateway: "10.9.0.1" }] },
      [],
    ],
    [
      "of addresses outside",
      { subnets: [{ subnet: "10.1.0.0/16", gateway: "10.2.0.1", ipRange: "10.0.0.0/8" }] },
      [
        'subnets[0].gateway: got "10.2.0.1"; expected an address within 10.1.0.0/16.',
        'subnets[0].ipRange: got "10.0.0.0/8"; expected an address within 10.1.0.0/16.',
      ],
    ],
    [
      "of a name that engines have taken",
      { name: "host" },
      [
        'name: got "host", which every engine has of its own; expected another name. Services are put on "host" or "bridge" by that name alone.',
      ],
    ],
    [
      "of two answers to one question",
      { encrypted: false, driverOpts: { encrypted: "yes" } },
      [
        "driverOpts.encrypted: got the option beside encrypted: false; expected one of the two. Docker encrypts when it is there, whatever it says.",
      ],
    ],
    [
      "of an option that is the managers'",
      { driverOpts: { "com.docker.network.driver.overlay.vxlanid_list": "4097" } },
      [
        'driverOpts["com.docker.network.driver.overlay.vxlanid_list"]: the managers choose these numbers. Leave it out.',
      ],
    ],
    [
      "of host bits",
      { subnets: [{ subnet: "10.1.0.5/16" }] },
      ['subnets[0].subnet: got "10.1.0.5/16"; expected an address range such as "10.20.0.0/16".'],
    ],
    [
      "of ranges that overlap",
      { subnets: [{ subnet: "10.1.0.0/16" }, { subnet: "10.1.4.0/24" }] },
      [
        'subnets[1].subnet: got "10.1.4.0/24", which overlaps with "10.1.0.0/16" of subnets[0]; expected ranges apart.',
      ],
    ],
    [
      "of IPv6 in a network without it",
      { subnets: [{ subnet: "fd00:10::/64" }] },
      [
        'subnets[0].subnet: got the IPv6 range "fd00:10::/64" in a network without IPv6. Set ipv6: true, or leave the range out.',
      ],
    ],
    ["nothing of IPv6 in one with it", { ipv6: true, subnets: [{ subnet: "fd00:10::/64" }] }, []],
    [
      "of addresses that Docker would give away",
      { subnets: [{ subnet: "10.1.0.0/16", auxAddresses: { printer: "10.1.0.9" } }] },
      [
        "subnets[0].auxAddresses: Docker does not keep these for a network of the swarm: it would give the addresses to tasks. Leave them out, and let ipRange end before them.",
      ],
    ],
  ])("%s", (_, inputs, expected) => {
    expect(told(inputs)).toEqual(expected);
  });
});

describe("a network finds its range", () => {
  const networks: Network[] = [
    { Name: "front", IPAM: { Config: [{ Subnet: "10.1.0.0/16" }] } },
    { Name: "bare" },
  ];
  const nodes: Node[] = [
    {
      Description: { Hostname: "manager-1" },
      Status: { Addr: "192.0.2.11" },
      ManagerStatus: { Addr: "192.0.2.11:2377" },
    },
    { ID: "abc", Status: { Addr: "2001:db8::2" } },
  ];

  it.each<[string, string, string[]]>([
    ["free", "10.2.0.0/16", []],
    [
      "in another network",
      "10.1.4.0/24",
      [
        'subnets[0].subnet: got "10.1.4.0/24", which overlaps with 10.1.0.0/16 of network "front"; expected a range of its own.',
      ],
    ],
    [
      "around a node",
      "192.0.2.0/24",
      [
        'subnets[0].subnet: got "192.0.2.0/24", in which node manager-1 has its address 192.0.2.11; expected a range that is used nowhere else on the nodes.',
      ],
    ],
    [
      "around a node of the other family",
      "2001:db8::/64",
      [
        'subnets[0].subnet: got "2001:db8::/64", in which node abc has its address 2001:db8::2; expected a range that is used nowhere else on the nodes.',
      ],
    ],
  ])("%s", (_, subnet, expected) => {
    expect(conflicts({ name: "new", subnets: [{ subnet }] }, networks, nodes)).toEqual(expected);
  });

  it("does not stand in its own way", () => {
    const inputs = { name: "front", subnets: [{ subnet: "10.1.0.0/16" }] };
    expect(conflicts(inputs, networks, [])).toEqual([]);
  });
});

describe("isAllocated", () => {
  it.each<[Network, boolean]>([
    [{ Driver: "" }, false],
    [{ Driver: "overlay" }, false],
    [
      { Driver: "overlay", Options: { "com.docker.network.driver.overlay.vxlanid_list": "4097" } },
      true,
    ],
    [{ Driver: "macvlan" }, true],
  ])("%j: %s", (network, expected) => {
    expect(isAllocated(network)).toBe(expected);
  });
});

describe("an IPv6 range", () => {
  const manager = (name: string, version: string): Node => ({
    Description: { Hostname: name, Engine: { EngineVersion: version } },
    ManagerStatus: { Reachability: "reachable" },
  });
  const worker = { Description: { Hostname: "w", Engine: { EngineVersion: "28.5.2" } } };
  const six: NetworkInputs = {
    ipv6: true,
    subnets: [{ subnet: "10.20.0.0/24" }, { subnet: "fd00:10::/64" }],
  };
  const refused = (
    nodes: readonly Node[],
    declared: Readonly<Record<string, string>> = {},
    news = six,
  ): string[] =>
    ipv6Failures(news, nodes, {
      versions: new Map(Object.entries(declared)),
      managers: Object.keys(declared),
    }).map(({ path, reason }) => `${path}: ${reason}`);

  it("is refused where a manager would never give it out, whatever the others have", () => {
    expect(refused([manager("a", "26.1.5"), manager("b", "28.5.2+dfsg4")])).toEqual([
      'subnets[1].subnet: got the IPv6 range "fd00:10::/64", which Docker 27 to 29 gives no network of a swarm: tasks on ' +
        "it would never start, and b is to have 28.5.2+dfsg4. Leave the range out, or stay with Docker 26.",
    ]);
    expect(refused([manager("a", "26.1.5"), worker])).toEqual([]);
    expect(refused([manager("a", "30.0.0")])).toEqual([]);
  });

  it("is refused before the first manager is there, and before one is updated", () => {
    expect(refused([], { a: "28" })).toHaveLength(1);
    expect(refused([manager("a", "26.1.5")], { a: "29.8.1" })).toHaveLength(1);
    expect(refused([manager("a", "26.1.5")], { a: "26.1.5" })).toEqual([]);
    expect(refused([])).toEqual([]);
  });

  it("is no business of the managers' with another driver, or another driver of addresses", () => {
    const nodes = [manager("a", "28.5.2")];
    expect(refused(nodes, {}, { ...six, driver: "macvlan" })).toEqual([]);
    expect(refused(nodes, {}, { ...six, ipamDriver: "own" })).toEqual([]);
    expect(refused(nodes, {}, { ...six, subnets: [{ subnet: "10.20.0.0/24" }] })).toEqual([]);
    expect(refused(nodes, {}, { ...six, subnets: UNKNOWN as never })).toEqual([]);
  });
});
