import type { Machine } from "../../../hosts/machine";
import { plainAddress } from "../../../hosts/endpoint";
import { parseWays, readWays } from "../../../hosts/routes";
import { FakeMachine } from "./fake-machine";

// What `ip` of iproute2 4.11 (CentOS 7) and 6.1 print.
const SAID = [
  "10.1.0.12 dev eth0 src 10.1.0.11 uid 0 \\    cache ",
  "10.9.0.12 via 10.8.0.1 dev eth1 src 10.8.0.11 \\    cache ",
  "local 10.1.0.77 dev lo src 10.1.0.77 uid 0 \\    cache <local> ",
  "fd00::12 from :: dev eth0 proto kernel src fd00::11 metric 256 pref medium",
  "local fd00::77 from :: dev lo table local proto kernel src fd00::77 metric 0 pref medium",
  "unreachable fd99::1 from :: dev lo table unspec proto kernel src ::1 metric 4294967295 error -113",
].join("\n");

const WAYS = {
  "10.1.0.12": { from: "10.1.0.11", isOwn: false },
  "10.9.0.12": { from: "10.8.0.11", isOwn: false },
  "10.1.0.77": { from: "10.1.0.77", isOwn: true },
  "fd00::12": { from: "fd00::11", isOwn: false },
  "fd00::77": { from: "fd00::77", isOwn: true },
};

describe("the ways to addresses", () => {
  it("are read from what `ip` says; what cannot be reached has none", () => {
    expect(Object.fromEntries(parseWays(SAID))).toEqual(WAYS);
  });

  it.each([
    [
      "everybody",
      "10.1.0.12 dev eth0 src 0.0.0.0 uid 0\nfd00::12 from :: dev eth0 src :: metric 1",
    ],
    ["a subnet", "10.1.0.12 dev eth0 src 10.0.0.0/8 uid 0"],
    ["a command", "10.1.0.12 dev eth0 src $(reboot) uid 0"],
    ["nothing", "10.1.0.12 dev eth0"],
    ["no address at all", "somewhere dev eth0 src 10.1.0.11"],
  ])("come to nothing where a machine speaks from %s", (_, said) => {
    expect(parseWays(said).size).toBe(0);
  });

  it("are asked for with one program, of addresses alone, and hold no other", async () => {
    const made = new FakeMachine({
      ip: `cat >"$CALLS.input"; printf '%s\\n' '${SAID.replaceAll("\n", "' '")}'; exit 2`,
    });
    const run = async (text: string, args: readonly string[] = []) => {
      const { code, stdout, calls } = made.run(`${text}\ncat "$CALLS.input" >&2`, args);
      expect({ code, calls }).toEqual({ code: 0, calls: ["ip -force -o -batch -"] });
      return Promise.resolve({ stdout });
    };
    try {
      const wanted = ["FD00:0::0012", "10.1.0.12", "10.1.0.12", "eth0", "-V; reboot"];
      const machine = { script: run } as unknown as Machine;
      const ways = await readWays(machine, wanted, { deadlineSeconds: 1 });
      expect(Object.fromEntries(ways)).toEqual({
        "10.1.0.12": WAYS["10.1.0.12"],
        "fd00::12": WAYS["fd00::12"],
      });
    } finally {
      made.remove();
    }
  });

  it("are not asked for where there is no address", async () => {
    const machine = { script: () => Promise.reject(new Error("asked")) } as unknown as Machine;
    expect((await readWays(machine, ["eth0"], { deadlineSeconds: 1 })).size).toBe(0);
  });
});

it.each([
  ["FD00:0::0011", "fd00::11"],
  ["fd00::11", "fd00::11"],
  ["fe80::1%eth0", "fe80::1%eth0"],
  ["10.0.0.1", "10.0.0.1"],
  ["eth0", "eth0"],
])("%s is spelt %s", (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});
