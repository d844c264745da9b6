import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import factsScript from "../../../hosts/scripts/facts.sh";
import { parseFacts } from "../../../hosts/facts-parse";
import { readFacts } from "../../../hosts/facts";
import type { Facts, FactsRequest } from "../../../hosts/facts";
import type { Machine } from "../../../hosts/machine";
import { plan } from "../../../hosts/preparation";
import type { HostSpec } from "../../../hosts/host-spec";
import { FakeMachine } from "./fake-machine";
import { facts, spec } from "./facts-sample";

// The scripts are the real ones and what they change is looked at; the programs stand for those of a system.

const machines: FakeMachine[] = [];
const machine = (programs: Readonly<Record<string, string>>): FakeMachine => {
  const made = new FakeMachine(programs).file("etc/machine-id", "81aecd5b46774cf4a3f1\n");
  machines.push(made);
  return made;
};

afterAll(() => {
  for (const made of machines) made.remove();
});

/** The only step of a kind that a specification takes. */
function stepOf(id: string, wanted: Partial<HostSpec>, present: Partial<Facts> = {}) {
  const steps = plan(facts(present), spec(wanted)).filter((step) => step.id === id);
  expect(steps).toHaveLength(1);
  const { args = [], files = [], script = "", title } = steps[0] ?? { title: "" };
  return { args, files, script, title };
}

const present = { uid: 1000, groups: ["alice", "docker"], authorizedKeys: [], sudo: undefined };
const key = (name: string): string =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL ${name}`;

describe("making a user", () => {
  const hadoop = { uid: 1500, groups: ["docker", "wheel"] };
  const { args, script, title } = stepOf("user", { users: { hadoop } });

  it("has the number and the groups that are declared, also groups that were missing", () => {
    expect(title).toBe("making the user hadoop");
    const made = machine({
      id: "exit 1",
      getent: "exit 2",
      useradd: "",
      usermod: "",
      groupadd: "",
    });
    expect(made.run(script, args).calls).toEqual([
      "groupadd --force --system docker",
      "groupadd --force --system wheel",
      "id hadoop",
      "getent group hadoop",
      "useradd --create-home --shell /bin/bash --uid 1500 hadoop",
      "usermod --append --groups docker hadoop",
      "usermod --append --groups wheel hadoop",
    ]);
  });

  it("takes a group of the same name that is there, and leaves a user who is there", () => {
    const grouped = machine({ id: "exit 1", getent: "", useradd: "", usermod: "", groupadd: "" });
    expect(grouped.run(script, args).calls).toContain(
      "useradd --create-home --shell /bin/bash --uid 1500 --gid hadoop hadoop",
    );
    const there = machine({ id: "", useradd: "", usermod: "", groupadd: "" });
    expect(there.run(script, args).calls.join()).not.toContain("useradd");
  });
});

describe("the keys of a user", () => {
  const home = (): FakeMachine => {
    const made = machine({
      runuser: 'shift 3\nexec "$@"',
      restorecon: "",
      getent: "",
    });
    made.program("getent", `echo "alice:x:1000:1000::${made.root}/home/alice:/bin/bash"`);
    mkdirSync(join(made.root, "home/alice"), { recursive: true });
    return made;
  };
  const file = "home/alice/.ssh/authorized_keys";
  const read = (made: FakeMachine): string => readFileSync(join(made.root, file), "utf8");
  const users = { alice: { groups: ["docker"], authorizedKeys: [key("one"), key("two")] } };

  it("are added as the user, beside those that are there, with the modes that sshd asks for", () => {
    const { args, script, title } = stepOf("keys", { users }, { users: { alice: present } });
    expect(title).toBe("letting 2 keys log in as alice");
    const made = home();
    expect(made.run(script, args)).toMatchObject({ code: 0, stderr: "" });
    expect(read(made)).toBe(`${key("one")}\n${key("two")}\n`);
    expect(statSync(join(made.root, file)).mode & 0o777).toBe(0o600);
    expect(statSync(join(made.root, "home/alice/.ssh")).mode & 0o777).toBe(0o700);
    made.file(file, `# mine\n${key("three")}`);
    const { calls } = made.run(script, args);
    expect(read(made)).toBe(`# mine\n${key("three")}\n${key("one")}\n${key("two")}\n`);
    expect(calls).toContain(`restorecon -R -- ${made.root}/home/alice/.ssh`);
  });

  it("go when they are not declared any more, and no others", () => {
    const former = { users: { alice: { groups: ["docker"], authorizedKeys: [key("one")] } } };
    const { args, script } = stepOf(
      "keys-out",
      { former },
      { users: { alice: { ...present, authorizedKeys: [key("one"), key("own")] } } },
    );
    const made = home().file(file, `${key("one")}\n${key("own")}\n`);
    made.run(script, args);
    expect(read(made)).toBe(`${key("own")}\n`);
  });
});

describe("a rule of sudo's", () => {
  const sudo = "ALL=(ALL) NOPASSWD: ALL";
  const { args, files, script } = stepOf(
    "sudo",
    { users: { alice: { groups: ["docker"], sudo } } },
    { users: { alice: present } },
  );
  const written = (visudo: string): FakeMachine => {
    const made = machine({ visudo });
    for (const { path, content } of files) made.file(path, content);
    return made;
  };

  it("counts once sudo has understood it", () => {
    const made = written("exit 0");
    const { calls } = made.run(script, args);
    expect(calls).toEqual(["visudo --check --strict --file=swarm-alice.new"]);
    const rule = readFileSync(join(made.root, "etc/sudoers.d/swarm-alice"), "utf8");
    expect(rule).toBe(`alice ${sudo}\n`);
    expect(files[0]?.mode).toBe("0440");
  });

  it("leaves the old one when sudo does not understand it, and says why", () => {
    const made = written("echo 'syntax error near line 1'; exit 1").file(
      "etc/sudoers.d/swarm-alice",
      "old\n",
    );
    const { code, stderr } = made.run(script, args);
    expect([code, stderr]).toEqual([
      1,
      "sudo does not understand the rule: syntax error near line 1\n",
    ]);
    expect(readFileSync(join(made.root, "etc/sudoers.d/swarm-alice"), "utf8")).toBe("old\n");
    expect(existsSync(join(made.root, "etc/sudoers.d/swarm-alice.new"))).toBe(false);
  });

  it("goes with its declaration, the groups too", () => {
    const former = { users: { alice: { groups: ["docker", "wheel"], sudo } } };
    const out = stepOf(
      "user-out",
      { former },
      { users: { alice: { ...present, groups: ["alice", "docker", "wheel"], sudo } } },
    );
    expect(out.title).toBe("taking alice out of sudo, wheel");
    const made = machine({ id: "echo alice docker wheel", gpasswd: "" });
    made.file("etc/sudoers.d/swarm-alice", "x\n");
    expect(made.run(out.script, out.args).calls).toContain("gpasswd --delete alice wheel");
    expect(existsSync(join(made.root, "etc/sudoers.d/swarm-alice"))).toBe(false);
  });
});

describe("the time service", () => {
  const units = (states: Record<string, [boolean, boolean]>): Facts["units"] =>
    Object.fromEntries(
      Object.entries(states).map(([name, [running, enabled]]) => [
        name,
        { present: true, running, enabled },
      ]),
    );

  it("is nothing to do while the declared one keeps the clock alone", () => {
    const kept = { units: units({ "chrony.service": [true, true] }) };
    for (const timeService of ["chrony", "any"] as const)
      expect(plan(facts(kept), spec({ timeService }))).toEqual([]);
    const both = {
      units: units({ "chrony.service": [true, true], "systemd-timesyncd.service": [true, true] }),
    };
    expect(plan(facts(both), spec({ timeService: "chrony" }))).toHaveLength(1);
  });

  it("is installed where there is none, the one that the system comes with", () => {
    expect(stepOf("clock-package", { timeService: "any" }).args).toEqual(["chrony"]);
    const { args } = stepOf("clock-package", { timeService: "timesyncd" });
    expect(args).toEqual(["systemd-timesyncd"]);
  });

  it("is the first that the machine has, and the others go off", () => {
    const { args, script } = stepOf("clock", { timeService: "chrony" });
    const made = machine({ systemctl: "case $* in *'cat -- chronyd'*) exit 1 ;; esac" });
    expect(made.run(script, args).calls.filter((call) => !call.includes(" cat "))).toEqual([
      "systemctl is-active --quiet systemd-timesyncd.service",
      "systemctl disable --now -- systemd-timesyncd.service",
      ...["ntpd", "ntpsec", "ntp", "openntpd"].flatMap((name) => [
        `systemctl is-active --quiet ${name}.service`,
        `systemctl disable --now -- ${name}.service`,
      ]),
      "systemctl enable --now -- chrony.service",
    ]);
  });

  it("leaves with any the one alone that runs and is only forgotten at boot", () => {
    const state = units({ "chronyd.service": [false, false], "ntpd.service": [true, false] });
    expect(stepOf("clock", { timeService: "any" }, { units: state }).args[0]).toBe("ntpd.service");
  });
});

describe("swap", () => {
  it("goes off for now and for the next boot, and comes back", () => {
    const off = stepOf("swap", { swap: false }, { swapMiB: 512 });
    const made = machine({ systemctl: "", swapoff: "" });
    expect(made.run(off.script, off.args).calls).toEqual([
      "systemctl mask swap.target",
      "swapoff --all",
    ]);
    const on = stepOf("swap", { swap: true }, { swapMasked: true });
    expect(machine({ systemctl: "" }).run(on.script, on.args).calls).toEqual([
      "systemctl unmask swap.target",
      "systemctl daemon-reload",
      "systemctl start swap.target",
    ]);
  });

  it("is the machine's own business where nothing is declared", () => {
    for (const swapMasked of [true, false])
      expect(plan(facts({ swapMasked, swapMiB: 100 }), spec())).toEqual([]);
    expect(plan(facts({ swapMasked: true, swapMiB: 0 }), spec({ swap: false }))).toEqual([]);
  });
});

describe("services", () => {
  const { args, script, title } = stepOf("services", { services: ["node_exporter", "a.timer"] });

  it("are enabled and started", () => {
    expect(title).toBe("turning on a.timer, node_exporter.service");
    expect(machine({ systemctl: "" }).run(script, args).calls).toEqual([
      "systemctl daemon-reload",
      "systemctl enable -- a.timer",
      "systemctl start -- a.timer",
      "systemctl enable -- node_exporter.service",
      "systemctl start -- node_exporter.service",
    ]);
  });

  it("say why they do not start", () => {
    const made = machine({
      systemctl: "case $1 in start) exit 1 ;; esac",
      journalctl: "echo bind: address already in use",
    });
    expect(made.run(script, args)).toMatchObject({
      code: 1,
      stderr: "bind: address already in use\n",
    });
  });
});

describe("the facts", () => {
  const SHOW = `MainPID=0
Id=docker.service
LoadState=not-found
ActiveState=inactive
UnitFileState=

MainPID=0
Id=firewalld.service
LoadState=not-found
ActiveState=inactive
UnitFileState=
`;
  const unit = (id: string, load: string, active: string, file: string): string =>
    `\nMainPID=0\nId=${id}\nLoadState=${load}\nActiveState=${active}\nUnitFileState=${file}\n`;

  const found = async (made: FakeMachine, request: FactsRequest): Promise<Facts> => {
    const script = (text: string, args: readonly string[]) => Promise.resolve(made.run(text, args));
    return readFacts({ script } as unknown as Machine, request);
  };

  it("tell users by name and by number, with their keys and rights", async () => {
    const made = machine({
      ip: "",
      systemctl: "",
      df: "",
      id: "case $2 in alice) echo alice docker ;; *) echo other ;; esac",
    });
    const passwd = `alice:x:1000:1000::${made.root}/home/alice:/bin/bash\nsvc:x:1500:1500::/:/bin/false`;
    // By its name and by its number.
    const twice = `${passwd}\n${passwd.split("\n")[0] ?? ""}`;
    made.program("getent", `cat <<'END'\n${twice}\nEND\nexit 2`);
    made
      .file("home/alice/.ssh/authorized_keys", `# mine\n\n${key("one")}\n${key("two")}`)
      .file("etc/sudoers.d/swarm-alice", "alice ALL=(ALL) ALL\n");
    const { users } = await found(made, { users: ["alice", "nobody-there"], uids: [1500] });
    expect(users).toEqual({
      alice: {
        uid: 1000,
        groups: ["alice", "docker"],
        authorizedKeys: [key("one"), key("two")],
        sudo: "ALL=(ALL) ALL",
      },
      svc: { uid: 1500, groups: ["other"], authorizedKeys: [], sudo: undefined },
    });
    expect(made.run("true").calls).toContain("getent passwd alice nobody-there 1500");
  });

  it.each([
    ["before its name", (lines: string[]) => lines],
    ["after its name, as systemd 262 does", (lines: string[]) => lines.reverse()],
  ])("know a unit's process that systemd tells of %s", async (_, order) => {
    const block = (pid: number, id: string): string =>
      `${order([`MainPID=${pid}`, `Id=${id}`]).join("\n")}\nLoadState=loaded\nActiveState=active\nUnitFileState=enabled\n`;
    const told = async (engine: number, firewalld: number): Promise<Facts> => {
      const units = `${block(engine, "docker.service")}\n${block(firewalld, "firewalld.service")}`;
      const made = machine({ ip: "", df: "", busctl: "", dockerd: "" });
      made.program("systemctl", `cat <<'END'\n${units}END`);
      return found(made, {});
    };
    // No engine's: this test's own.
    const both = await told(process.pid, 725);
    expect([both.engine.restartPending, both.firewall.kind]).toEqual([true, "firewalld"]);
    const none = await told(0, 0);
    expect([none.engine.restartPending, none.firewall.kind]).toEqual([false, "none"]);
    const one = await told(0, 725);
    expect([one.engine.restartPending, one.firewall.kind]).toEqual([false, "firewalld"]);
  });

  describe("tell of the mesh's rules", () => {
    const jump = "-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER";
    const port =
      "-A DOCKER-INGRESS -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80";
    const since29 =
      "-A DOCKER ! -i docker_gwbridge -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.18.0.2:80";
    const mark = "-A PREROUTING -p tcp -m tcp --dport 80 -j MARK --set-xmark 0x100/0xffffffff";
    const meshed = (own: string, sandbox: string, hasMesh = true): FakeMachine => {
      const made = machine({ ip: "", df: "", systemctl: "", sleep: "" });
      if (hasMesh) made.file("run/docker/netns/ingress_sbox", "");
      made.program("iptables", `echo '-P PREROUTING ACCEPT'; echo '${own}'`);
      made.program("nsenter", `echo '-P PREROUTING ACCEPT'; echo '${sandbox}'`);
      return made;
    };
    const lost = async (made: FakeMachine): Promise<boolean> =>
      (await found(made, {})).engine.rulesLost;

    it.each([
      ["that are there", `${jump}\n${port}`, mark, false],
      ["that are there as 29 has them", `${jump}\n${since29}`, mark, false],
      ["of another port alone", `${jump}\n${since29.replace("80", "8080")}`, mark, true],
      ["where nothing is published", jump, "", false],
      ["that a reload took", jump, mark, true],
      ["that went with all of Docker's", "", mark, true],
      ["that went with all of Docker's, where nothing is published", "", "", true],
    ])("%s", async (_, own, sandbox, isLost) => {
      expect(await lost(meshed(own, sandbox))).toBe(isLost);
    });

    it("where there is no mesh, and where nobody can say", async () => {
      expect(await lost(meshed("", mark, false))).toBe(false);
      const silent = meshed("", mark);
      silent.program("iptables", "exit 4");
      expect(await lost(silent)).toBe(false);
    });

    it("that are being written", async () => {
      const made = meshed(jump, mark);
      const more = `if [ -e '${made.root}/second' ]; then echo '${port}'; fi; touch '${made.root}/second'`;
      made.program("iptables", `echo '${jump}'; ${more}`);
      expect(await lost(made)).toBe(false);
    });
  });

  it.each([
    [
      "never ends",
      (path: string) => {
        symlinkSync("/dev/zero", path);
      },
    ],
    [
      "is larger than any",
      (path: string) => {
        writeFileSync(path, `${key("one")}\n`.repeat(4000));
      },
    ],
    [
      "is no text, and has no end that anybody would wait for",
      (path: string) => {
        writeFileSync(path, `${key("one")}\n`);
        truncateSync(path, 2 ** 40);
      },
    ],
  ])("do not read a file of keys that %s", async (_, make) => {
    const made = machine({ ip: "", systemctl: "", df: "", id: "echo x" });
    made.program("getent", `echo "alice:x:1000:1000::${made.root}/home/alice:/bin/bash"`);
    mkdirSync(join(made.root, "home/alice/.ssh"), { recursive: true });
    make(join(made.root, "home/alice/.ssh/authorized_keys"));
    const { users } = await found(made, { users: ["alice"] });
    expect(users.alice?.authorizedKeys).toEqual([]);
  });

  it("start a program for each question that bash cannot answer, and no other", () => {
    const os = "ID=debian\n";
    const made = machine({ ip: "", df: "", systemctl: "", "dpkg-query": "" }).file(
      "etc/os-release",
      os,
    );
    // What is found neither among these nor in bash is noted, too.
    const bare = `PATH=\${PATH%%:*}\ncommand_not_found_handle() { echo "$1" >>"$CALLS"; }\n${factsScript}`;
    const { calls } = made.run(bare, ["", "", "docker-ce", "", "", "", "", "10.1.0.12"]);
    expect(calls.map((call) => call.split(" ")[0]).sort()).toEqual([
      "df",
      "dpkg-query",
      "ip",
      "systemctl",
    ]);
  });

  it("tell units by the name that they were asked by", () => {
    const blocks =
      SHOW +
      unit("ntpsec.service", "loaded", "active", "enabled") +
      unit("b.service", "loaded", "inactive", "disabled") +
      unit("c.service", "not-found", "inactive", "") +
      unit("d.service", "loaded", "active", "");
    const made = machine({ ip: "", df: "", systemctl: `cat <<'END'\n${blocks}END` });
    const asked = "ntp.service b.service c.service d.service";
    const { stdout } = made.run(factsScript, ["", "", "", "", "", "", asked]);
    expect(parseFacts(stdout, 0).units).toMatchObject({
      "ntp.service": { present: true, running: true, enabled: true },
      "b.service": { present: true, running: false, enabled: false },
      "c.service": { present: false, running: false, enabled: false },
      "d.service": { present: false, running: true, enabled: false },
    });
  });

  it("see swap that is masked, and sudo", async () => {
    const made = machine({ ip: "", df: "", systemctl: "", visudo: "" });
    mkdirSync(join(made.root, "etc/systemd/system"), { recursive: true });
    symlinkSync("/dev/null", join(made.root, "etc/systemd/system/swap.target"));
    expect(await found(made, {})).toMatchObject({ swapMasked: true, hasSudo: true });
  });
});

describe("ufw", () => {
  const rule = "allow proto tcp from 10.1.0.12 to any port 7946";
  const { script } = stepOf(
    "firewall",
    { firewall: { source: "members", ports: ["7946/tcp"] } },
    {
      firewall: {
        kind: "ufw",
        zone: "",
        takesAll: false,
        runtime: { openings: [], rules: [] },
        permanent: { openings: [], rules: [] },
      },
    },
  );

  it("is asked again while an engine that starts has the lock of iptables, and reads its rules anew then", () => {
    const busy = machine({
      ufw: `if [ "$(grep -c . "$CALLS")" -gt 2 ]; then echo 'Rule added'; exit 0; fi
echo "ERROR: problem running iptables: Can't lock /run/xtables.lock: Resource temporarily unavailable" >&2
echo 'Another app is currently holding the xtables lock. Perhaps you want to use the -w option?' >&2
exit 1`,
    });
    const { code, calls } = busy.run(script, [rule]);
    expect(code).toBe(0);
    expect(calls).toEqual([...Array<string>(3).fill(`ufw ${rule}`), "ufw reload"]);
  });

  it("is believed when it says anything else", () => {
    const wrong = machine({ ufw: "echo 'ERROR: Bad port' >&2; exit 1" });
    const { code, stderr, calls } = wrong.run(script, [rule]);
    expect([code, stderr, calls]).toEqual([1, "ERROR: Bad port\n", [`ufw ${rule}`]]);
  });
});
