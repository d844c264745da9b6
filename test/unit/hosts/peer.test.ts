import { addressesOf } from "../../../hosts/peer";

const own = [
  { interface: "eth0", address: "203.0.113.11" },
  { interface: "eth1", address: "fe80::1" },
  { interface: "eth1", address: "fd00::11" },
  { interface: "eth1", address: "10.0.0.11" },
  { interface: "eth2", address: "fd01::11" },
];

describe("where a node is spoken to", () => {
  it.each<[string, Parameters<typeof addressesOf>[0], object]>([
    ["by what is known of it", { role: "worker" }, { address: "192.0.2.1" }],
    [
      "at addresses",
      { role: "worker", advertiseAddr: "10.0.0.11", dataPathAddr: "fd01::11" },
      { address: "10.0.0.11", dataPathAddress: "fd01::11" },
    ],
    [
      "on interfaces, by IPv4 where there is one",
      { role: "worker", advertiseAddr: "eth1", dataPathAddr: "eth2" },
      { address: "10.0.0.11", dataPathAddress: "fd01::11" },
    ],
    [
      "by what is known where an interface has none",
      { advertiseAddr: "eth9" },
      { address: "192.0.2.1" },
    ],
    [
      "as a manager",
      { role: "manager", advertiseAddr: "fd00::11" },
      { address: "fd00::11", managerPort: 2377 },
    ],
    [
      "as a manager that listens elsewhere",
      { role: "manager", advertiseAddr: "eth1", listenAddr: "eth1:2400" },
      { address: "10.0.0.11", managerPort: 2400 },
    ],
    [
      "as a manager that is known at another port than it listens at",
      { role: "manager", advertiseAddr: "[fd00::11]:2401", listenAddr: "[::]:2400" },
      { address: "fd00::11", managerPort: 2401 },
    ],
  ])("%s", (_, declared, expected) => {
    expect(addressesOf(declared, own, "192.0.2.1")).toEqual(expected);
  });
});
