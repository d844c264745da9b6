import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAB_SYSTEMS } from "../../../cluster/configuration";
import { labImages } from "../../../components/lab-args";
import { el } from "../../../hosts/platforms/el";
import { baseImagePath, LAB_IMAGES } from "../../../lab/base-image";
import { sourceFolder } from "../../../lab/source-folder";
import { mmdebstrapArguments } from "../../../lab/toolbox";

describe("the lab's systems", () => {
  it("are the same ones to whoever declares, checks or makes them", () => {
    expect(labImages).toEqual(LAB_IMAGES);
    expect(LAB_SYSTEMS).toEqual(LAB_IMAGES);
  });

  it("are each an image of their own, and all but Debian have files of their own", () => {
    expect(new Set(LAB_IMAGES.map((image) => baseImagePath("/c", image))).size).toBe(5);
    const folder = sourceFolder("lab/base-image");
    const own = LAB_IMAGES.filter((image) => existsSync(join(folder, image, "os-release")));
    expect(own).toEqual(LAB_IMAGES.filter((image) => image !== "debian"));
  });
});

describe("a tree of two suites", () => {
  const tree = {
    ...{ suite: "forky", packages: ["dnf5", "firewalld"], target: "/t" },
    ...{ settings: "/s", manifest: "/m" },
    source: { mirror: "http://deb.example/debian", keyring: "/k", settings: "" },
  };

  it("takes from the other one what is named, and keeps nothing of that choice", () => {
    const alone = mmdebstrapArguments(tree);
    const other = { suite: "trixie", packages: ["firewalld", "python3-firewall"] };
    expect(mmdebstrapArguments({ ...tree, other }).filter((word) => !alone.includes(word))).toEqual(
      [
        `--setup-hook=printf 'Package: firewalld python3-firewall\\nPin: release n=trixie\\nPin-Priority: 990\\n' >"$1/etc/apt/preferences.d/lab"`,
        '--customize-hook=rm "$1/etc/apt/preferences.d/lab"',
        "deb [signed-by=/k] http://deb.example/debian trixie main",
      ],
    );
  });
});

describe("yum of the lab's CentOS 7", () => {
  const folder = mkdtempSync(join(tmpdir(), "yum-"));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it with a dnf that says what it is told to. */
  function yum(words: readonly string[], dnf = ""): SpawnSyncReturns<string> {
    const fake = join(folder, "dnf");
    writeFileSync(fake, `#!/bin/sh\n${dnf}\n`, { mode: 0o755 });
    const text = readFileSync(join(sourceFolder("lab/base-image/centos7"), "yum"), "utf8");
    const program = join(folder, "yum");
    writeFileSync(program, text.replace("/usr/lib/swarm-lab/dnf-3", fake));
    return spawnSync("python3", [program, ...words], { encoding: "utf8" });
  }

  it("lists in its own columns, in which a name that is too long breaks the line", () => {
    const { stdout } = yum(
      ["-q", "--disablerepo=*", "list", "--showduplicates", "docker-ce", "docker-ce-cli"],
      `cat <<'END'
Installed Packages
docker-ce.x86_64                 3:26.1.5-1.el9                @docker-ce-stable
Available Packages
docker-ce.x86_64                 3:26.1.5-1.el9                docker-ce-stable 
docker-ce-cli.x86_64             1:26.1.5-1.el9                docker-ce-stable 
END`,
    );
    expect(stdout).toBe(
      `Installed Packages
docker-ce.x86_64  3:26.1.5-1.el9                @docker-ce-stable
Available Packages
docker-ce.x86_64  3:26.1.5-1.el9                docker-ce-stable
docker-ce-cli.x86_64
                  1:26.1.5-1.el9                docker-ce-stable
`,
    );
    expect(el.readOffers(stdout)).toEqual([
      { name: "docker-ce", version: "3:26.1.5-1.el9" },
      { name: "docker-ce-cli", version: "1:26.1.5-1.el9" },
    ]);
  });

  it("passes over packages that are not there, and installs the others", () => {
    const dnf = `case $* in
  *absent*) echo 'Error: Unable to find a match: absent' >&2; exit 1 ;;
  *) echo "installing $6" ;;
esac`;
    const one = yum(["-y", "install", "jq", "absent"], dnf);
    expect([one.status, one.stdout, one.stderr]).toEqual([
      0,
      "No package absent available.\ninstalling jq\n",
      "",
    ]);
    const none = yum(["-y", "install", "absent"], dnf);
    expect([none.status, none.stderr]).toEqual([1, "Error: Nothing to do\n"]);
  });

  it("says of a list of mirrors that is gone what yum 3 says", () => {
    const { status, stderr } = yum(
      ["-y", "install", "jq"],
      `echo "Error: Failed to download metadata for repo 'base': Cannot prepare internal mirrorlist: Curl error (6): Could not resolve hostname for http://mirrorlist.centos.org/?release=7&arch=x86_64&repo=os&infra=stock [Could not resolve host: mirrorlist.centos.org]" >&2; exit 1`,
    );
    expect(status).toBe(1);
    expect(stderr).toContain(
      "Could not retrieve mirrorlist http://mirrorlist.centos.org/?release=7&arch=x86_64&repo=os&infra=stock error was",
    );
    expect(stderr).toContain("Cannot find a valid baseurl for repo: base/7/x86_64");
  });

  it.each([
    ["--best", "Command line error: no such option: --best\n"],
    ["repoquery", "No such command: repoquery. Please use /usr/bin/yum --help\n"],
  ])("does not know %s, which dnf does", (word, said) => {
    const { status, stderr } = yum([word, "install", "jq"]);
    expect([status, stderr]).toEqual([1, said]);
  });
});
