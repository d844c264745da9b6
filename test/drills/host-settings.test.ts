/**
 * Everything about a machine that is not Docker, declared: first contact, the look before anything is done, then users,
 * packages, modules, kernel settings, services, the time service and a name with a domain. Each is made so, found again
 * when it was changed by hand, repaired, and taken back where that is promised.
 *
 * Does not prove: SELinux, swap (the lab's kernel has none), `update` and `dockerCompose` (no such packages there), a
 * clock that is really set.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "../e2e/clone";
import type { Outcome } from "../e2e/clone";
import { minute } from "./node-lab";
import { Rack, site } from "./rack";

const host = "manager-1";
const clone = new Clone("host-settings");
const rack = new Rack(clone, { [host]: "manager" });
const file = join(clone.directory, "Pulumi.site.yaml");
const key = (name: string): string =>
  `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGzVLKcTJYQ1+XJZJs3CcKcHIh1cU0YMsEkDq1VY4cjL ${name}`;
let hostKey = "";

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "640MiB", image: "centos" });
  hostKey = rack.hosts()[host]?.hostKey ?? "";
  await run(packages);
}, 40 * minute);

afterAll(async () => {
  await clone.npm("destroy", ["--yes", ...site]);
  await clone.clear();
}, 20 * minute);

/** A repository on the machine itself with two packages: a time service, and a service of its own. */
const packages = String.raw`set -euo pipefail
work=$(mktemp -d)
spec() {
  cat <<END
Name: $1
Version: 1
Release: 1
Summary: for a drill
License: none
BuildArch: noarch
%description
For a drill.
%install
mkdir -p %{buildroot}/usr/lib/systemd/system
printf '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n' >%{buildroot}/usr/lib/systemd/system/$2.service
%files
/usr/lib/systemd/system/$2.service
END
}
mkdir -p /srv/drill/repodata
for pair in chrony:chronyd sparkle:sparkle; do
  spec "${"$"}{pair%:*}" "${"$"}{pair#*:}" >"$work/one.spec"
  rpmbuild --quiet -bb --define "_topdir $work" --define "_rpmdir /srv/drill" --define '_rpmfilename %%{NAME}.rpm' "$work/one.spec"
done
python3 - <<'END'
import hashlib, os
os.chdir("/srv/drill")
def sha(path): return hashlib.sha256(open(path, "rb").read()).hexdigest()
def package(name):
    path = name + ".rpm"
    version = 'epoch="0" ver="1" rel="1"'
    return ('<package type="rpm"><name>%s</name><arch>noarch</arch><version %s/>'
        '<checksum type="sha256" pkgid="YES">%s</checksum><summary/><description/><packager/><url/>'
        '<time file="0" build="0"/><size package="%d" installed="0" archive="0"/><location href="%s"/>'
        '<format><rpm:license>none</rpm:license><rpm:provides><rpm:entry name="%s" flags="EQ" %s/></rpm:provides></format></package>'
        % (name, version, sha(path), os.path.getsize(path), path, name, version))
names = ["chrony", "sparkle"]
common = 'xmlns="http://linux.duke.edu/metadata/%s"'
open("repodata/primary.xml", "w").write('<metadata %s xmlns:rpm="http://linux.duke.edu/metadata/rpm" packages="2">%s</metadata>'
    % (common % "common", "".join(map(package, names))))
open("repodata/filelists.xml", "w").write('<filelists %s packages="0"></filelists>' % (common % "filelists"))
data = "".join('<data type="%s"><checksum type="sha256">%s</checksum><open-checksum type="sha256">%s</open-checksum><location href="repodata/%s.xml"/></data>'
    % (kind, sha("repodata/%s.xml" % kind), sha("repodata/%s.xml" % kind), kind) for kind in ["primary", "filelists"])
open("repodata/repomd.xml", "w").write('<repomd %s><revision>1</revision>%s</repomd>' % (common % "repo", data))
END
printf '[drill]\nname=drill\nbaseurl=file:///srv/drill\ngpgcheck=0\n' >/etc/yum.repos.d/drill.repo
rm -rf "$work"`;

/** A script on the machine. */
async function run(script: string): Promise<string> {
  const text = Buffer.from(script).toString("base64");
  return clone.on(host, `echo ${text} | base64 -d | bash`);
}

const settings = `    packages: [sparkle]
    modules: [dummy]
    timeService: chrony
    services: [sparkle]
    sysctls: { net.core.somaxconn: 1000 }
`;
const users = `    users:
      hadoop:
        uid: 1500
        groups: [docker, hadoop-admins]
        authorizedKeys: ["${key("ann")}", "${key("ben")}"]
        sudo: "ALL=(ALL) NOPASSWD: /usr/bin/id"
`;

/** Writes the configuration as a person does, with words of their own in it. */
function declare(common: string, more = "", known = `hostKey: ${hostKey}`): void {
  clone.write(
    "Pulumi.site.yaml",
    `# The drill's own.
config:
  swarm:ssh: { privateKey: ${JSON.stringify(rack.privateKey)} }
  swarm:engine: ${JSON.stringify(rack.engine)}
  swarm:host: # for all
${common}
  swarm:hosts:
    # The first, and the only one.
    ${host}:
      role: manager
      address: ${rack.addressOf(host)} # in the lab
${known === "" ? "" : `      ${known}\n`}      hostname: ${host}.example.org
${more}`,
  );
}

async function hosts(...words: readonly string[]): Promise<Outcome> {
  return clone.npm("hosts", [...words, ...site]);
}

async function up(): Promise<void> {
  await clone.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 20 });
}

async function expectNothingPlanned(): Promise<void> {
  await clone.npmOk("preview", ["--diff", "--expect-no-changes", ...site]);
}

/** What is declared, as the machine itself says it. */
async function state(): Promise<Record<string, string>> {
  const lines = await run(`echo "name=$(hostname)"
echo "docker=$(docker info --format '{{.Name}}' 2>/dev/null)"
echo "user=$(id hadoop 2>/dev/null)"
echo "keys=$(grep -c ssh-ed25519 /home/hadoop/.ssh/authorized_keys 2>/dev/null)"
echo "ann=$(grep -c 'cjL ann$' /home/hadoop/.ssh/authorized_keys 2>/dev/null)"
echo "owner=$(stat -c '%U %a' /home/hadoop/.ssh/authorized_keys 2>/dev/null)"
echo "sudo=$(runuser -u hadoop -- sudo -n /usr/bin/id -un 2>&1)"
echo "units=$(systemctl is-active sparkle chronyd | tr '\\n' ' ')$(systemctl is-enabled sparkle chronyd | tr '\\n' ' ')"
echo "module=$(lsmod | grep -c '^dummy ')"
echo "sysctl=$(sysctl -n net.core.somaxconn)"
echo "hosts=$(grep -c '${host}.example.org$' /etc/hosts)"`);
  return Object.fromEntries(
    lines.split("\n").map((line): [string, string] => {
      const at = line.indexOf("=");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
}

const whole = {
  name: `${host}.example.org`,
  docker: `${host}.example.org`,
  keys: "2",
  ann: "1",
  owner: "hadoop 600",
  sudo: "root",
  units: "active active enabled enabled",
  module: "1",
  sysctl: "1000",
  hosts: "1",
};

describe("first contact", () => {
  it(
    "reads the key that the machine has, and writes it where it is missing",
    async () => {
      declare(settings, "", "");
      const before = readFileSync(file, "utf8");
      const shown = await clone.on(host, `echo '${hostKey}' | ssh-keygen -lf -`);
      const print = shown.split(" ")[1] ?? "";
      const first = await hosts("keys");
      expect(first.code).toBe(0);
      expect(first.stdout).toContain(print);
      expect(first.stdout).toContain("new: compare it");
      expect(readFileSync(file, "utf8")).toBe(before);
      expect((await hosts("keys", "--write")).code).toBe(0);
      const line = `      hostKey: ${hostKey.split(" ").slice(0, 2).join(" ")}\n`;
      expect(readFileSync(file, "utf8")).toBe(
        before.replace(/(address: .*\n)/, `$1${line.replaceAll("$", "$$$$")}`),
      );
      const again = await hosts("keys");
      expect([again.code, again.stdout]).toEqual([0, expect.stringContaining("as in the file")]);
    },
    15 * minute,
  );

  it(
    "never takes another key for granted",
    async () => {
      const other = key("").trim();
      declare(settings, "", `hostKey: ${other}`);
      const before = readFileSync(file, "utf8");
      const said = await hosts("keys", "--write");
      expect(said.code).toBe(1);
      expect(said.stdout).toContain("DIFFERS from the file");
      expect(readFileSync(file, "utf8")).toBe(before);
      expect((await hosts("keys", "--replace", host)).code).toBe(0);
      expect(readFileSync(file, "utf8")).toContain(hostKey.split(" ")[1]);
    },
    15 * minute,
  );

  it(
    "looks the machines through before anything is done, whoever does not answer",
    async () => {
      declare(`${settings}${users}`);
      const ready = await hosts("check");
      expect(ready.stdout).toMatch(/manager-1 +manager +CentOS Stream 9.* none +firewalld/);
      expect(ready.stdout).toContain("to do: setting the host name to manager-1.example.org");
      expect(ready.code).toBe(0);
      // Nobody has that address of the lab's.
      const silent = rack.addressOf(host).replace(/\d+$/, "199");
      declare(
        `${settings}${users.replace("1500", "$(id -u)")}`.replace("$(id -u)", await uidOfBus()),
        `    worker-9: { role: worker, address: ${silent}, hostKey: ${key("").trim()} }\n`,
      );
      const { code, stdout } = await hosts("check", "--json");
      expect(code).toBe(1);
      const [manager, worker] = (JSON.parse(stdout) as { hosts: { problems: string[] }[] }).hosts;
      expect(manager?.problems).toEqual([
        expect.stringMatching(/^users\.hadoop\.uid: got \d+, which is/),
      ]);
      expect(worker?.problems).toEqual([expect.stringMatching(/^worker-9: no connection to/)]);
    },
    15 * minute,
  );
});

async function uidOfBus(): Promise<string> {
  return clone.on(host, "id -u messagebus");
}

describe("a machine", () => {
  it(
    "is as it is declared",
    async () => {
      declare(`${settings}${users}`);
      await up();
      const found = await state();
      expect(found).toMatchObject(whole);
      expect(found.user).toMatch(/^uid=1500\(hadoop\) .*\(docker\).*\(hadoop-admins\)/);
      await expectNothingPlanned();
    },
    30 * minute,
  );

  it(
    "shows what was changed by hand, each thing by its name, and is repaired",
    async () => {
      await run(`gpasswd --delete hadoop hadoop-admins >/dev/null
sed -i '/cjL ann$/d' /home/hadoop/.ssh/authorized_keys
echo 'hadoop ALL=(ALL) ALL' >/etc/sudoers.d/swarm-hadoop
hostname elsewhere
sysctl -q net.core.somaxconn=64
modprobe -r dummy
systemctl -q disable --now sparkle chronyd`);
      expect(await clone.planned(site)).toEqual([
        `update cluster-host-${host} hostname modules[4] services[0] sysctls["net.core.somaxconn"] timeService ` +
          "users.hadoop.authorizedKeys[0] users.hadoop.groups[1] users.hadoop.sudo",
      ]);
      await up();
      expect(await state()).toMatchObject(whole);
      // What the packages of a distribution do themselves when they go.
      await run(`systemctl -q disable --now sparkle chronyd
rpm --erase --noscripts chrony sparkle
systemctl daemon-reload`);
      expect(await clone.planned(site)).toEqual([
        `update cluster-host-${host} packages[0] services[0] timeService`,
      ]);
      await up();
      expect(await state()).toMatchObject(whole);
      await expectNothingPlanned();
    },
    30 * minute,
  );

  it(
    "loses the rights that are declared no more; accounts and packages stay",
    async () => {
      declare(`    packages: [sparkle]\n`);
      await up();
      const found = await state();
      expect(found).toMatchObject({
        keys: "0",
        sudo: expect.not.stringMatching(/^root$/) as string,
      });
      expect(found.user).toMatch(/^uid=1500\(hadoop\)/);
      expect(found.user).not.toMatch(/docker|hadoop-admins/);
      await expectNothingPlanned();
    },
    20 * minute,
  );
});
