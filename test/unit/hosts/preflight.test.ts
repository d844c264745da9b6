import { parseFacts } from "../../../hosts/facts-parse";
import { plan } from "../../../hosts/preparation";
import { advice, clusterProblems, preflight } from "../../../hosts/preflight";
import { facts, factsWithEngine, spec } from "./facts-sample";

const engine = spec().engine;

describe("preflight", () => {
  it("finds nothing wrong with a machine that is fit", () => {
    expect(preflight(facts(), spec())).toEqual([]);
  });

  it("names everything at once", () => {
    const bad = facts({
      os: parseFacts("os\n ID=alpine\n NAME=Alpine\n", 0).os,
      architecture: "riscv64",
      clockSkewSeconds: -3600,
    });
    expect(preflight(bad, spec({ addresses: { m1: "10.9.9.9" } }))).toEqual([
      {
        path: "host",
        reason:
          "got operating system Alpine; expected one of the Enterprise Linux, Fedora, Debian or Ubuntu families. Use such a machine.",
      },
      {
        path: "host",
        reason: "got architecture riscv64; expected x86_64 or aarch64. Use such a machine.",
      },
      {
        path: "host",
        reason:
          "got a clock that is 3600 s behind this machine's; expected at most 60 s. Let a time service (chronyd, systemd-timesyncd) set both clocks.",
      },
      {
        path: "addresses.m1",
        reason:
          "got 10.9.9.9; the machine has 10.1.0.11 (vec0), fe80::c6ff:fe12:e20b (vec0). Give the address that the other nodes reach it by: the host's advertiseAddr, where its address is another, as behind address translation.",
      },
    ]);
  });

  it.each([60, -60])("bears a clock that is %d s off", (clockSkewSeconds) => {
    expect(preflight(facts({ clockSkewSeconds }), spec())).toEqual([]);
  });

  it("names modules that the kernel lacks", () => {
    const { modules } = facts();
    const poor = facts({ modules: { ...modules, ip_vs: "missing", nosuch: "missing" } });
    expect(preflight(poor, spec({ modules: ["ip_vs", "nosuch"] }))).toEqual([
      {
        path: "modules",
        reason:
          "got kernel 6.1.176 without ip_vs; the engine and a swarm's networks need them. Run `dnf install kernel-modules-extra-6.1.176` there, or name kernel-modules-extra in the host's packages; if the repositories have none for this kernel any more, bring the kernel up to date as well and reboot.",
      },
      {
        path: "modules",
        reason:
          "got nosuch; kernel 6.1.176 has no such module. Take it out, or install the package that has it.",
      },
    ]);
  });

  describe("a kernel of EL 10, whose xt_addrtype is in a package of its own", () => {
    const { modules } = facts();
    const bare = facts({
      kernel: "6.12.0-55.el10.x86_64",
      modules: { ...modules, xt_addrtype: "missing" },
    });

    it("is refused with the command that helps", () => {
      expect(preflight(bare, spec())).toEqual([
        {
          path: "modules",
          reason: expect.stringMatching(
            /without xt_addrtype; .* Run `dnf install kernel-modules-extra-6\.12\.0-55\.el10\.x86_64` there/,
          ) as string,
        },
      ]);
    });

    it("is fit when the declared packages bring it: they come first, then it is loaded, then the engine", () => {
      const wanted = spec({ packages: ["kernel-modules-extra"] });
      expect(preflight(bare, wanted)).toEqual([]);
      const fresh = { ...bare, packages: {} };
      const ids = plan(fresh, wanted).map(({ id }) => id);
      expect(ids.slice(0, 4)).toEqual(["packages", "modules", "repository", "engine"]);
      expect(plan(fresh, wanted)[1]?.args).toEqual(["xt_addrtype"]);
    });

    it("is refused when the package is there and did not bring it", () => {
      const packages = { ...bare.packages, "kernel-modules-extra": "6.12.0-60.el10" };
      const wanted = spec({ packages: ["kernel-modules-extra"] });
      expect(preflight({ ...bare, packages }, wanted)).toHaveLength(1);
    });
  });

  it.each([
    [
      "ID=amzn\n ID_LIKE=fedora\n VERSION_ID=2023\n PRETTY_NAME=Amazon Linux 2023",
      "got Amazon Linux 2023; Docker makes no packages for it",
    ],
    [
      "ID=kali\n ID_LIKE=debian\n PRETTY_NAME=Kali\n VERSION_CODENAME=kali-rolling",
      "got Kali, whose /etc/os-release does not say which Debian or Ubuntu it stands on",
    ],
    [
      "ID=centos\n VERSION_ID=6\n PRETTY_NAME=CentOS 6",
      "got CentOS 6; expected version 7 or newer",
    ],
  ])("refuses a system without packages of Docker's: %j", (release, reason) => {
    const { os } = parseFacts(`os\n ${release}\n`, 0);
    const [problem, ...others] = preflight(facts({ os }), spec());
    expect(problem?.reason).toContain(reason);
    expect(others).toEqual([]);
  });

  it("refuses an engine from before 20.10 that nobody declares to be updated", () => {
    const old = factsWithEngine({ version: "18.03.1" });
    const [problem] = preflight(old, spec({ engine: { ...engine, version: undefined } }));
    expect(problem?.reason).toMatch(/^got 18\.03\.1; expected 20\.10 or newer, .* API/);
    expect(preflight(old, spec({ engine: { ...engine, version: "20.10" } }))).toEqual([]);
  });

  it("asks for room only before an installation", () => {
    const full = { rootMiB: 100, dockerMiB: 200 };
    expect(preflight(facts({ disk: full }), spec())).toEqual([]);
    const fresh = { ...factsWithEngine({ version: undefined, path: undefined }), disk: full };
    expect(preflight(fresh, spec())).toEqual([
      {
        path: "host",
        reason:
          "got 100 MiB free on /; expected at least 512 MiB before the engine is installed. Make room.",
      },
      {
        path: "host",
        reason:
          "got 200 MiB free on /var/lib/docker; expected at least 1024 MiB before the engine is installed. Make room.",
      },
    ]);
  });

  it.each(["26.1.4", "26.0", "25", "20.10.24"])("refuses to go back to %s", (version) => {
    expect(preflight(facts(), spec({ engine: { ...engine, version } }))).toEqual([
      {
        path: "engine.version",
        reason: `got ${version}; the machine has 26.1.5, and an engine never goes back to an older version, because it may not be able to read its data. Declare 26.1.5 or newer, or prepare a fresh machine.`,
      },
    ]);
  });

  it.each(["26.1.5", "26.1", "26", "26.1.10", "26.2", "27"])("lets %s pass", (version) => {
    expect(preflight(facts(), spec({ engine: { ...engine, version } }))).toEqual([]);
  });

  it("refuses a dockerd that comes from no package", () => {
    const foreign = facts({
      packages: {},
      engine: { ...facts().engine, version: undefined, path: "/usr/local/bin/dockerd" },
    });
    expect(preflight(foreign, spec())).toEqual([
      {
        path: "engine",
        reason:
          "got a dockerd at /usr/local/bin/dockerd that comes from no package known here; expected none, or docker-ce. Remove it.",
      },
    ]);
  });

  it("refuses a daemon.json that is not JSON", () => {
    expect(preflight(factsWithEngine({ daemonJson: "[]" }), spec())).toEqual([
      {
        path: "engine.daemon",
        reason:
          "got an /etc/docker/daemon.json that is not JSON (expected an object in braces). Mend it, or move it away to have a new one written.",
      },
    ]);
  });

  it("refuses live-restore, found or declared, unless it is being turned off", () => {
    const found = factsWithEngine({ daemonJson: '{"live-restore": true}' });
    expect(preflight(found, spec())).toEqual([
      {
        path: "engine.daemon.live-restore",
        reason:
          "got true in /etc/docker/daemon.json; a swarm node cannot have it, the engine refuses to join. Declare it as false to have it turned off; draining a node before its engine restarts keeps services up.",
      },
    ]);
    const declared = (value: boolean) =>
      spec({ engine: { ...engine, daemon: { "live-restore": value } } });
    expect(preflight(found, declared(false))).toEqual([]);
    expect(preflight(facts(), declared(true))).toHaveLength(1);
  });

  it("refuses the rules of nftables, as the engine of a node does, unless they are no rules of its own", () => {
    const found = factsWithEngine({ daemonJson: '{"firewall-backend": "nftables"}' });
    expect(preflight(found, spec())).toEqual([
      {
        path: "engine.daemon.firewall-backend",
        reason:
          'got "nftables" in /etc/docker/daemon.json; expected "iptables": a swarm node cannot have the other, the engine refuses to join. Declare it as "iptables".',
      },
    ]);
    const declared = (daemon: object) => spec({ engine: { ...engine, daemon: { ...daemon } } });
    const nftables = { "firewall-backend": "nftables" };
    expect(preflight(facts(), declared(nftables)).map(({ path }) => path)).toEqual([
      "engine.daemon.firewall-backend",
    ]);
    expect(preflight(found, declared({ "firewall-backend": "iptables" }))).toEqual([]);
    expect(preflight(found, declared({ iptables: false }))).toEqual([]);
    const trying = { ...nftables, features: { "swarm-nftables": true } };
    expect(preflight(facts(), declared(trying))).toEqual([]);
  });

  it("refuses keys that the unit passes as flags", () => {
    const clashing = spec({
      engine: { ...engine, daemon: { hosts: ["fd://"] }, labels: { a: "b" } },
    });
    const unit = factsWithEngine({ flags: ["host", "label"] });
    expect(preflight(unit, clashing).map(({ path }) => path)).toEqual([
      "engine.daemon.hosts",
      "engine.labels",
    ]);
  });
});

describe("advice", () => {
  it("says what will not work and what stays closed", () => {
    const { modules, firewall } = facts();
    const weak = facts({
      modules: { ...modules, esp4: "missing" },
      firewall: { ...firewall, kind: "none" },
    });
    expect(advice(weak, spec())).toEqual([
      "m1: the kernel has no esp4; encrypted overlay networks will not work on it",
      "m1: neither firewalld nor ufw is at work, so whoever reaches the machine reaches 2377/tcp, 7946/udp, esp; a firewall in front of it must let these through between the nodes, and nobody else",
    ]);
    expect(advice(facts(), spec())).toEqual([]);
  });

  it("is told of a firewall that takes each packet before Docker can, also one that is left alone", () => {
    const taking = facts({ firewall: { ...facts().firewall, takesAll: true } });
    expect(advice(taking, spec({ firewall: false }))).toEqual([
      "m1: firewalld (FirewallBackend=iptables) accepts each packet in the table nat before Docker's rules there, so that published ports of containers, and since Docker 29 those of services, do not answer; firewalld 2.5.2 does so. Set FirewallBackend=nftables in /etc/firewalld/firewalld.conf and restart firewalld.",
    ]);
  });
});

describe("clusterProblems", () => {
  it("finds clones, and two machines that are to have one name", () => {
    const hosts = new Map([
      ["m2", { machineId: "81aecd5b46774cf4a3f111d1588c6576", hostname: "m2" }],
      ["m1", { machineId: "81aecd5b46774cf4a3f111d1588c6576" }],
      ["m3", { machineId: "other", hostname: "m2" }],
      ["m4", { machineId: "another" }],
    ]);
    expect(clusterProblems(hosts)).toEqual([
      {
        path: "host",
        reason:
          "got machine-id 81aecd5b46774cf4a3f111d1588c6576 on m1 and m2; expected one of its own for every machine (clones share it). Empty /etc/machine-id on all but one of them and reboot.",
      },
      {
        path: "hostname",
        reason:
          "got m2 for m2 and m3; expected one of its own for every machine, because labels and constraints name nodes by it. Give all but one of them another.",
      },
    ]);
  });
});
