/**
 * What goes wrong on machines: a clock an hour off, a disk that fills up before, during and after the engine is
 * installed, a repository out of reach, without the version that is declared, or with another key, the power lost in
 * the middle of a preparation, a firewall that is reloaded or stopped under a running engine. Each is said with what to
 * do, changes nothing that was there, and is gone with the next `up` once its cause is.
 *
 * Does not prove: SELinux and missing kernel modules, which the lab's kernel cannot show; a disk with bad blocks.
 */
import { Clone } from "../e2e/clone";
import { Rack, site } from "./rack";
import { ask, until } from "./stack-lab";
import { minute, setProgram } from "./story";

const host = "manager-1";
const clone = new Clone("host-failures");
const rack = new Rack(clone, { [host]: "manager" });

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "640MiB", image: "centos" });
  setProgram(clone, "");
  declare();
}, 40 * minute);

// Whatever came of a test, the next one begins with room.
afterEach(async () => run(empty));

afterAll(async () => {
  await clone.npm("destroy", ["--yes", ...site]);
  await clone.clear();
}, 20 * minute);

/** Writes the configuration, with what is to be different about the engine. */
function declare(engine: object = {}): void {
  rack.declare({
    "swarm:engine": { ...rack.engine, ...engine },
    "swarm:ssh": { privateKey: rack.privateKey },
    "swarm:hosts": rack.hosts(),
    "swarm:stacks": { story: { program: "story" } },
  });
}

/** A script on the machine. */
async function run(script: string): Promise<string> {
  const text = Buffer.from(`set -euo pipefail\n${script}`).toString("base64");
  return clone.on(host, `echo ${text} | base64 -d | bash`);
}

/** Takes all room on the machine's disk. Blocks are only reserved, so this is quick. */
const full = `mkdir -p /fill
size=$(($(stat -f -c '%a * %S' /) / 65536 * 65536))
number=0
while [ "$size" -ge 4096 ]; do
  if fallocate -l "$size" "/fill/$number" 2>/dev/null; then number=$((number + 1)); else size=$((size / 2)); fi
done
sync`;

/** The same but for some MiB. */
const fullBut = (mebibytes: number): string => `mkdir -p /fill
fallocate -l $(($(stat -f -c '%a * %S' /) - ${mebibytes} * 1048576)) /fill/0
sync`;

const empty = "rm -rf /fill; sync";

/** What an `up` says that has to fail. */
async function refused(): Promise<string> {
  const { code, stdout, stderr } = await clone.npm("up", ["--yes", "--skip-preview", ...site]);
  expect(code).not.toBe(0);
  return `${stdout}${stderr}`;
}

async function up(): Promise<void> {
  await clone.npmOk("up", ["--yes", "--skip-preview", ...site], { minutes: 20 });
  expect(await clone.planned(site)).toEqual([]);
}

/** Whether anything of Docker is there. */
const traces = "ls -d /etc/docker /usr/bin/dockerd /etc/yum.repos.d/docker* 2>/dev/null || true";

describe("before anything is done", () => {
  it(
    "a clock an hour ahead, and a disk without room, are both said at once",
    async () => {
      await run("date -s '+1 hour'");
      await run(fullBut(300));
      const said = await refused();
      await run("date -s '-1 hour'");
      expect(said).toMatch(
        /got a clock that is 3[56]\d\d s ahead of this machine's; expected at most 60 s/,
      );
      expect(said).toMatch(/got (29|30)\d MiB free on \/; expected at least 512 MiB/);
      expect(await run(traces)).toBe("");
    },
    15 * minute,
  );

  it.each([
    ["out of reach", { repository: "http://127.0.0.1:9/docker" }, /127\.0\.0\.1:9/],
    ["without the version", { version: "27.5" }, /has no docker-ce 27\.5; it has /],
    [
      "signed by another key",
      { repositoryKey: [`060A61C51B558A7F742B77AAC52FEB6B621E9F35`] },
      /060A/,
    ],
  ] as const)(
    "a repository %s is said",
    async (_, engine, words) => {
      declare(engine);
      expect(await refused()).toMatch(words);
      expect(await run("command -v dockerd || true")).toBe("");
      declare();
    },
    15 * minute,
  );
});

describe("in the middle of it", () => {
  it(
    "a disk that fills up while packages are installed is said, and the next run finishes",
    async () => {
      await run(`cat >/root/fill.sh <<'END'
${full}
END
systemd-run --quiet --unit=fill bash -c 'until [ -e /usr/bin/docker ]; do sleep 0.02; done; bash /root/fill.sh'`);
      const said = await refused();
      expect(said).toMatch(
        /No space left on device|more space needed on the \/ filesystem|disk is full/,
      );
      expect(said).toContain("The next run goes on from here.");
      await run(`systemctl stop fill 2>/dev/null || true\n${empty}`);
    },
    20 * minute,
  );

  it(
    "the power lost while packages are installed is said, and the next run finishes",
    async () => {
      await run("dnf -y -q remove docker-ce docker-ce-cli containerd.io");
      const running = clone.start("up", ["--yes", "--skip-preview", ...site]);
      const begun = "[ -e /usr/bin/docker ]";
      await run(`for i in $(seq 1200); do if ${begun}; then exit 0; fi; sleep 0.1; done; exit 1`);
      await clone.npmOk("lab", ["kill", host]);
      const { code, stdout, stderr } = await running.outcome;
      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(
        /manager-1: the connection broke while|no connection to manager-1/,
      );
      await clone.npmOk("lab", ["boot", host]);
      await up();
    },
    30 * minute,
  );
});

describe("under a running engine", () => {
  const page = (): string => `http://${rack.addressOf(host)}:8080/`;

  it.each(["firewall-cmd --reload", "systemctl stop firewalld", "systemctl start firewalld"])(
    "rules that are gone after %s are seen, and made again",
    async (command) => {
      setProgram(
        clone,
        `new Service("web", { image: "nginx", ports: [{ target: 80, published: 8080 }] }, onCluster(cluster));`,
      );
      await up();
      await until(page(), "nginx");
      await run(command);
      await expect(ask(page())).rejects.toThrow();
      expect(await clone.planned(site)).toEqual([`update cluster-host-${host} pending`]);
      await up();
      await until(page(), "nginx");
    },
    20 * minute,
  );

  it(
    "a disk without room for an image is said, and the next run finishes",
    async () => {
      setProgram(clone, "");
      await up();
      await run(fullBut(3));
      setProgram(clone, `new Service("db", { image: "redis" }, onCluster(cluster));`);
      expect(await refused()).toMatch(/No such image|no space left on device/);
      await run(empty);
      await up();
    },
    20 * minute,
  );

  it(
    "a disk that is full under a manager keeps nobody from a change that starts no task",
    async () => {
      const db = (labels: string): void => {
        setProgram(clone, `new Service("db", { image: "redis"${labels} }, onCluster(cluster));`);
      };
      db("");
      await up();
      await run(full);
      db(', labels: { by: "a full disk" }');
      await up();
      const format = "'{{.Spec.Labels.by}}'";
      expect(await run(`docker service inspect db --format ${format}`)).toBe("a full disk");
    },
    30 * minute,
  );
});
