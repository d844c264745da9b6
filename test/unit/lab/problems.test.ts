import { findProblems, type MachineFacts } from "../../../lab/problems";

const fine: MachineFacts = {
  platform: "linux",
  architecture: "x64",
  root: true,
  tun: true,
  missing: [],
  keyring: true,
  availableMemoryMiB: 8000,
  freeDiskMiB: 20_000,
};
const needed = { memoryMiB: 4800, diskMiB: 11_000, folder: "/srv/clone/.swarm/lab" };

describe("findProblems", () => {
  it("finds none on a machine that has all", () => {
    expect(findProblems(fine, needed)).toEqual([]);
  });

  const table: readonly { readonly facts: Partial<MachineFacts>; readonly problem: string }[] = [
    {
      facts: { platform: "darwin", root: false },
      problem:
        "got a machine with darwin; expected Linux. Run the lab on a Debian machine, or use an environment with machines of its own.",
    },
    {
      facts: { architecture: "arm64" },
      problem:
        "got a processor of type arm64; expected x64, the only one that User-Mode Linux runs on.",
    },
    {
      facts: { root: false },
      problem:
        "got an ordinary user; expected root, who alone may make network interfaces. Run it as root (sudo -i).",
    },
    {
      facts: { tun: false },
      problem:
        "/dev/net/tun: not found; expected the device that machines are plugged in with. Run `modprobe tun`, or give it to the container.",
    },
    {
      facts: { missing: ["apt-get", "perl"] },
      problem:
        "got no apt-get, no perl in PATH; expected them, as on any Debian. Install apt, dpkg, util-linux and perl.",
    },
    {
      facts: { keyring: false },
      problem:
        "/usr/share/keyrings/debian-archive-keyring.gpg: not found; expected the Debian archive's keys. Install debian-archive-keyring.",
    },
    {
      facts: { availableMemoryMiB: 4799 },
      problem:
        "got 4799 MiB of memory available; expected at least 4800 MiB for the machines that are to be booted. " +
        "Give them less (swarm:lab memory), configure fewer hosts, or stop what else runs here.",
    },
    {
      facts: { freeDiskMiB: 10_999 },
      problem:
        "/srv/clone/.swarm/lab: got 10999 MiB free on its disk; expected at least 11000 MiB for what is still to be made. Free some space there.",
    },
  ];
  it.each(table)("$problem", ({ facts, problem }) => {
    expect(findProblems({ ...fine, ...facts }, needed)).toEqual([problem]);
  });

  it("finds all of them at once", () => {
    const bad = { ...fine, root: false, tun: false, availableMemoryMiB: 0, freeDiskMiB: 0 };
    expect(findProblems(bad, needed)).toHaveLength(4);
  });
});
