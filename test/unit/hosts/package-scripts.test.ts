import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import factsScript from "../../../hosts/scripts/facts.sh";
import { debian } from "../../../hosts/platforms/debian";
import { el } from "../../../hosts/platforms/el";
import { chooseEngine } from "../../../hosts/engine-versions";
import { FakeMachine } from "./fake-machine";

// The scripts are the real ones; the programs print what those of real systems print.

const machines: FakeMachine[] = [];
const machine = (programs: Readonly<Record<string, string>>): FakeMachine => {
  const made = new FakeMachine(programs);
  machines.push(made);
  return made;
};
const prints = (text: string, code = 0): string => `cat <<'END'\n${text}\nEND\nexit ${code}`;
const fails = (text: string): string =>
  prints(text).replace("cat", "cat >&2").replace("exit 0", "exit 1");

afterAll(() => {
  for (const made of machines) made.remove();
});

// Every line is as wide as the widest: the repository of what is installed has an @ before it, the others a blank after it.
const DNF4 = `Installed Packages
docker-ce.x86_64                 3:26.1.4-1.el9                @docker-ce-stable
docker-ce-cli.x86_64             1:26.1.4-1.el9                @docker-ce-stable
Available Packages
${[
  "docker-ce.x86_64                 3:20.10.24-3.el9              docker-ce-stable ",
  "docker-ce.x86_64                 3:26.1.4-1.el9                docker-ce-stable ",
  "docker-ce.x86_64                 3:28.5.2-1.el9                docker-ce-stable ",
  "docker-ce-cli.x86_64             1:26.1.4-1.el9                docker-ce-stable ",
].join("\n")}`;
// What is installed has no @ here.
const DNF5 = `Installed packages
docker-ce.x86_64     3:24.0.9-1.fc41  docker-ce-stable
docker-ce-cli.x86_64 1:24.0.9-1.fc41  docker-ce-stable
`;
const DNF5_AVAILABLE = `
Available packages
docker-ce.x86_64     3:20.10.24-1.el9 docker-ce-stable
docker-ce.x86_64     3:26.1.5-1.el9   docker-ce-stable
docker-ce-cli.x86_64 1:26.1.5-1.el9   docker-ce-stable`;
const YUM3 = `Available Packages
docker-ce.x86_64                3:18.09.9-3.el7                 docker-ce-stable
docker-ce.x86_64                3:26.1.4-1.el7                  docker-ce-stable
docker-ce.x86_64                18.06.3.ce-3.el7                docker-ce-stable
docker-ce-cli.x86_64
                                1:26.1.4-1.el7                  docker-ce-stable`;

describe("listing the engines of an EL repository", () => {
  it("reads dnf 4 with the exclusion lifted, and leaves out what is installed only", () => {
    const { stdout, calls } = machine({ dnf: prints(DNF4) }).run(el.scripts.listEngines);
    expect(el.readOffers(stdout).map(({ name, version }) => `${name} ${version}`)).toEqual([
      "docker-ce 3:20.10.24-3.el9",
      "docker-ce 3:26.1.4-1.el9",
      "docker-ce 3:28.5.2-1.el9",
      "docker-ce-cli 1:26.1.4-1.el9",
    ]);
    expect(calls).toEqual([
      "dnf --disableexcludes=docker-ce-stable -q --disablerepo=* --enablerepo=docker-ce-stable list --showduplicates docker-ce docker-ce-cli",
    ]);
  });

  it("has the list of packages fetched anew: one of yesterday has no engine of today", () => {
    const { calls } = machine({ dnf: "" }).run(el.scripts.readRepository);
    expect(calls).toEqual([
      "dnf -y -q makecache --disablerepo=* --enablerepo=docker-ce-stable --setopt=docker-ce-stable.metadata_expire=1",
    ]);
  });

  it("speaks dnf 5's words where dnf is dnf 5", () => {
    const fedora = machine({ dnf5: prints(DNF4) });
    symlinkSync("dnf5", join(fedora.root, "bin/dnf"));
    const { calls } = fedora.run(el.scripts.listEngines);
    expect(calls[0]).toContain(" --setopt=disable_excludes=docker-ce-stable ");
    expect(calls[0]).not.toContain("--disableexcludes");
  });

  it.each([
    [
      "the repository's alone",
      DNF5 + DNF5_AVAILABLE,
      ["docker-ce 3:20.10.24-1.el9", "docker-ce 3:26.1.5-1.el9", "docker-ce-cli 1:26.1.5-1.el9"],
    ],
    ["none where all that there is is installed", DNF5, []],
  ])("reads from dnf 5 the versions that are %s", (_, text, expected) => {
    const { stdout } = machine({ dnf: prints(text) }).run(el.scripts.listEngines);
    expect(el.readOffers(stdout).map(({ name, version }) => `${name} ${version}`)).toEqual(
      expected,
    );
  });

  it("takes the silence of dnf 5 for an answer", () => {
    const { code, stdout } = machine({ dnf: "exit 1" }).run(el.scripts.listEngines);
    expect([code, el.readOffers(stdout)]).toEqual([0, []]);
  });

  it("takes yum where there is no dnf, and the newest by its epoch, in broken lines, too", () => {
    const { stdout } = machine({ yum: prints(YUM3) }).run(el.scripts.listEngines);
    const { engine, client } = chooseEngine(el.readOffers(stdout), "");
    expect([el.pin(engine), client && el.pin(client)]).toEqual([
      "docker-ce-26.1.4-1.el7",
      "docker-ce-cli-26.1.4-1.el7",
    ]);
  });

  it("hands on what the package manager says of a repository that cannot be read", () => {
    const reason =
      "Errors during downloading metadata for repository 'docker-ce-stable':\n  - Curl error (6): Could not resolve host: download.docker.com";
    const { code, stderr } = machine({ dnf: fails(reason) }).run(el.scripts.listEngines);
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });

  it.each(["Error: No matching Packages to list", "No matching packages to list"])(
    "takes %j for an answer",
    (text) => {
      const { code, stdout } = machine({ dnf: fails(text) }).run(el.scripts.listEngines);
      expect(code).toBe(0);
      expect(() => chooseEngine(el.readOffers(stdout), "")).toThrow(
        "has no docker-ce for this system",
      );
    },
  );
});

describe("a repository that is none", () => {
  const whole =
    "as Docker's repository has it: correct engine.repository, which ends before the folder of the system, or have the mirror made whole\n";

  it("is named with what it should have, where dnf and yum found no repodata", () => {
    const reason =
      "Error: Failed to download metadata for repo 'docker-ce-stable': Cannot download repomd.xml: All mirrors were tried";
    for (const name of ["dnf", "yum"]) {
      const { code, stderr } = machine({ [name]: fails(reason) })
        .file(
          "etc/yum.repos.d/docker-ce.repo",
          "[docker-ce-stable]\nbaseurl=http://mirror.example/linux/centos/9/$basearch/stable\nenabled=1\n",
        )
        .run(el.scripts.readRepository);
      expect(code).toBe(1);
      expect(stderr).toBe(
        `${reason}\nexpected http://mirror.example/linux/centos/9/$basearch/stable/repodata/repomd.xml, ${whole}`,
      );
    }
  });

  it("is named with what it should have, where apt found no Release file", () => {
    const reason =
      "E: The repository 'http://mirror.example/linux/debian trixie Release' does not have a Release file.";
    const { code, stderr } = machine({ "apt-get": fails(reason) })
      .file(
        "etc/apt/sources.list.d/docker.list",
        "deb [arch=amd64 signed-by=/etc/apt/keyrings/docker.asc] http://mirror.example/linux/debian trixie stable\n",
      )
      .run(debian.scripts.readRepository);
    expect(code).toBe(1);
    expect(stderr).toBe(
      `${reason}\nexpected http://mirror.example/linux/debian/dists/trixie/InRelease, ${whole}`,
    );
  });
});

describe("a transaction on EL", () => {
  it("says where the packages of CentOS 7 are when its mirror list is gone", () => {
    const base =
      "[base]\nmirrorlist=http://mirrorlist.centos.org/?release=$releasever&repo=os\n#baseurl=http://mirror.centos.org/centos/$releasever/os/\n";
    const old = machine({ yum: fails("Cannot find a valid baseurl for repo: base/7/x86_64") }).file(
      "etc/yum.repos.d/CentOS-Base.repo",
      base,
    );
    const { code, stderr } = old.run(el.scripts.installPackages, ["jq"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Cannot find a valid baseurl[\s\S]*CentOS-Base\.repo: CentOS took mirrorlist\.centos\.org down[\s\S]*vault\.centos\.org/,
    );
    // The advice is a command that works.
    const command = /sed -i .*$/m.exec(stderr)?.[0] ?? "false";
    execFileSync("bash", ["-c", command]);
    const repaired = readFileSync(join(old.root, "etc/yum.repos.d/CentOS-Base.repo"), "utf8");
    expect(repaired).toContain("\n#mirrorlist=");
    expect(repaired).toContain("\nbaseurl=https://vault.centos.org/centos/");
  });

  it("says nothing of it where the mirrors are others", () => {
    const { stderr } = machine({ dnf: fails("Error: disk full") })
      .file("etc/yum.repos.d/rocky.repo", "mirrorlist=https://mirrors.rockylinux.org/mirrorlist\n")
      .run(el.scripts.installPackages, ["jq"]);
    expect(stderr).toBe("Error: disk full\n");
  });

  it("installs what was chosen, and leaves its marker until it is all there", () => {
    const packages = ["docker-ce-26.1.4-1.el9", "docker-ce-cli-26.1.4-1.el9", "containerd.io"];
    const marker = "var/lib/swarm-preparation/engine-install";
    const good = machine({ dnf: "", rpm: "" });
    expect(good.run(el.scripts.installEngine, packages).calls[0]).toBe(
      `dnf --disableexcludes=docker-ce-stable -y install ${packages.join(" ")}`,
    );
    expect(existsSync(join(good.root, marker))).toBe(false);
    const bad = machine({ dnf: fails("nothing provides container-selinux"), rpm: "exit 1" });
    expect(bad.run(el.scripts.installEngine, packages)).toMatchObject({ code: 1 });
    expect(existsSync(join(bad.root, marker))).toBe(true);
  });

  it("puts in again what a run that was interrupted has left, which may be empty files", () => {
    const [engine, ...others] = [
      "docker-ce-26.1.4-1.el9",
      "docker-ce-cli-26.1.4-1.el9",
      "containerd.io",
    ];
    const all = [engine, ...others];
    const dnf = (made: FakeMachine): string[] => {
      made.file("var/lib/swarm-preparation/engine-install", "");
      const { calls } = made.run(el.scripts.installEngine, all);
      return calls.filter((call) => call.startsWith("dnf "));
    };
    const call = (what: string): string => `dnf --disableexcludes=docker-ce-stable -y ${what}`;
    const half = `if [ "$*" = "-q ${engine}" ]; then exit 1; fi`;
    expect(dnf(machine({ dnf: "", rpm: half }))).toEqual([
      call(`reinstall ${others.join(" ")}`),
      call(`install ${all.join(" ")}`),
    ]);
    expect(dnf(machine({ dnf: "", rpm: "" }))).toEqual([call(`reinstall ${all.join(" ")}`)]);
    expect(dnf(machine({ dnf: "", rpm: "if [ $# -eq 2 ]; then exit 1; fi" }))).toEqual([
      call(`install ${all.join(" ")}`),
    ]);
  });

  it("takes the further modules of the kernel that runs, where there are some", () => {
    const programs = { uname: "echo 6.12.0-55.el10.x86_64", rpm: "" };
    const named = machine({ ...programs, dnf: "" }).run(el.scripts.installPackages, [
      "kernel-modules-extra",
    ]);
    expect(named.calls).toContain("dnf -y install kernel-modules-extra-6.12.0-55.el10.x86_64");
    const gone = machine({ ...programs, dnf: "case $* in *list*) exit 1 ;; esac" });
    expect(gone.run(el.scripts.installPackages, ["kernel-modules-extra"]).calls).toContain(
      "dnf -y install kernel-modules-extra",
    );
  });
});

describe("fetching a key", () => {
  it("goes the way that the package manager goes, with its password in no list of arguments", () => {
    const proxied = machine({ curl: "cat >&2; echo KEY" }).file(
      "etc/dnf/dnf.conf",
      "[main]\ngpgcheck=1\nproxy = http://proxy:3128\nproxy_username=me\nproxy_password=hunter2\n",
    );
    const { stdout, stderr, calls } = proxied.run(el.scripts.fetchKey, ["https://a.example/gpg"]);
    expect(stdout).toBe("KEY\n");
    expect(stderr).toBe('proxy = "http://proxy:3128"\nproxy-user = "me:hunter2"\n');
    expect(calls.join()).not.toContain("hunter2");
    expect(calls.join()).toContain("https://a.example/gpg");
  });

  it("prints the key alone on Debian", () => {
    const helper = 'echo "Get:1 $2"; echo KEY >"$3"';
    const { stdout } = machine({ "apt-helper": helper }).run(debian.scripts.fetchKey, [
      "https://a/gpg",
    ]);
    expect(stdout).toBe("KEY\n");
  });
});

describe("listing the engines of a Debian repository", () => {
  it("reads apt's table", () => {
    const table = ` docker-ce | 5:20.10.24~3-0~debian-bullseye | https://a/linux/debian bullseye/stable amd64 Packages
 docker-ce | 5:26.1.4-1~debian.11~bullseye | https://a/linux/debian bullseye/stable amd64 Packages
docker-ce-cli | 5:26.1.4-1~debian.11~bullseye | https://a/linux/debian bullseye/stable amd64 Packages`;
    const { stdout } = machine({ "apt-cache": prints(table) }).run(debian.scripts.listEngines);
    const offers = debian.readOffers(stdout);
    expect(debian.pin(chooseEngine(offers, "20.10").engine)).toBe(
      "docker-ce=5:20.10.24~3-0~debian-bullseye",
    );
    expect(chooseEngine(offers, "26").client).toEqual({
      name: "docker-ce-cli",
      version: "5:26.1.4-1~debian.11~bullseye",
    });
  });
});

describe("the facts of dpkg's journal", () => {
  const found = (made: FakeMachine): string[] =>
    made
      .run(factsScript)
      .stdout.split("\n")
      .filter((line) => line === " package-manager");
  const interrupted = () =>
    machine({ ip: "", systemctl: "", df: "" })
      .file("etc/machine-id", "81aecd5b46774cf4a3f111d1588c6576\n")
      .file("var/lib/dpkg/updates/0001", "")
      .file("var/lib/dpkg/lock", "")
      .file("var/lib/dpkg/lock-frontend", "");

  it("count when nobody holds dpkg's locks", () => {
    const made = interrupted().file("proc/locks", "1: POSIX  ADVISORY  WRITE 812 fe:01:1 0 EOF\n");
    expect(found(made)).toHaveLength(1);
  });

  it.each(["lock", "lock-frontend"])("do not while somebody holds %s", (name) => {
    const made = interrupted();
    const { ino } = statSync(join(made.root, "var/lib/dpkg", name));
    made.file("proc/locks", `1: POSIX  ADVISORY  WRITE 812 fe:01:${ino} 0 EOF\n`);
    expect(found(made)).toHaveLength(0);
  });
});
