/**
 * Machines that are reached as a user whom sudo asks for a password, and who may not open Docker's socket: every call
 * goes through a command, of which sshd allows ten at a time. Three workers join at once, ten services roll out at
 * once, a node leaves, a backup is made; the password is found nowhere.
 *
 * Does not prove: a sudo that wants a terminal; a user with another password for sudo than for the login.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "../e2e/clone";
import type { Outcome } from "../e2e/clone";
import { minute, nodesSeenBy, localState } from "./node-lab";
import { Rack, site } from "./rack";
import { setProgram } from "./story";

const clone = new Clone("sudo-user");
const roles = {
  "manager-1": "manager",
  "worker-1": "worker",
  "worker-2": "worker",
  "worker-3": "worker",
};
const rack = new Rack(clone, roles);
const hosts = Object.keys(roles);
const user = "deployer";
const password = "seven-grey-herons-92";
/** All that any command of the story has printed. */
let said = "";

beforeAll(async () => {
  await clone.make();
  await rack.boot({ memory: "640MiB", image: "debian" });
  for (const host of hosts) await makeUser(host);
}, 40 * minute);

afterAll(async () => {
  await clone.npm("destroy", ["--yes", ...site]);
  await clone.clear();
}, 20 * minute);

async function makeUser(host: string): Promise<void> {
  const home = `/home/${user}`;
  await clone.on(
    host,
    `useradd --create-home --shell /bin/bash ${user} && echo ${user}:${password} | chpasswd && ` +
      `echo '${user} ALL=(ALL:ALL) ALL' > /etc/sudoers.d/${user} && ` +
      `cp -r /root/.ssh ${home}/ && chown -R ${user}: ${home}/.ssh`,
  );
}

function declare(members: readonly string[], login: object): void {
  rack.declare({
    "swarm:ssh": { user, privateKey: rack.privateKey, ...login },
    "swarm:hosts": rack.hosts(...members),
    "swarm:stacks": { story: { program: "story" } },
  });
}

/** With the password as a user gives it: encrypted, since Pulumi shows all else of the configuration. */
function declareWithPassword(members: readonly string[]): void {
  declare(members, {});
  const words = ["config", "set", ...site, "--secret", "--path", "swarm:ssh.sudoPassword"];
  execFileSync("npm", ["run", "--silent", "pulumi", "--", ...words], {
    cwd: clone.directory,
    env: { ...process.env, TMPDIR: clone.temporary },
    input: password,
  });
}

/** Ten services with a secret, a config and a network of their own. */
function deploy(release: string): void {
  setProgram(
    clone,
    `  const network = new Network("front", {}, onCluster(cluster));
  const secret = new Secret("key", { value: "release ${release}" }, onCluster(cluster));
  const config = new Config("page", { value: "release ${release}" }, onCluster(cluster));
  for (let number = 0; number < 10; number++)
    new Service(\`web-\${number}\`, {
      image: "nginx",
      env: { RELEASE: "${release}" },
      networks: [{ target: network.name }],
      secrets: [{ source: secret.name, target: "key" }],
      configs: [{ source: config.name, target: "/page" }],
    }, onCluster(cluster));
  return undefined;`,
  );
}

/** A command on the stack, whose words are kept. */
async function run(task: string, ...args: readonly string[]): Promise<Outcome> {
  const outcome = await clone.npm(task, [...args, ...site], { minutes: 20 });
  said += `${outcome.stdout}\n${outcome.stderr}\n`;
  return outcome;
}

async function runOk(task: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(task, ...args);
  if (code !== 0) throw new Error(`npm run ${task} exited with ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

async function expectNothingPlanned(): Promise<void> {
  await runOk("preview", "--diff", "--expect-no-changes");
}

async function releases(): Promise<string[]> {
  const format = "{{range .Spec.TaskTemplate.ContainerSpec.Env}}{{.}}{{end}} {{.UpdateStatus}}";
  const line = `docker service inspect $(docker service ls -q) --format '${format}'`;
  const lines = (await clone.on("manager-1", line)).split("\n");
  return [...new Set(lines.map((text) => text.split(" ")[0] ?? ""))];
}

describe("machines whose user has to ask sudo", () => {
  it(
    "say so in the preview when no password is given",
    async () => {
      deploy("one");
      declare(hosts, {});
      const { stdout, stderr } = await run("preview");
      for (const host of hosts)
        expect(stdout + stderr).toContain(
          `${host}: sudo asks ${user} for a password and none is given. Give hosts.${host}.ssh.sudoPassword`,
        );
      declare(hosts, { sudoPassword: `not-${password}` });
      const wrong = await clone.npm("preview", site);
      expect(wrong.stdout + wrong.stderr).toContain(
        `manager-1: sudo refused the password of ${user}.`,
      );
    },
    15 * minute,
  );

  it(
    "become a swarm, three of them at once, with ten services",
    async () => {
      declareWithPassword(hosts);
      for (const host of hosts) expect(await clone.on(host, "id", user)).not.toMatch(/docker|root/);
      await runOk("up", "--yes", "--skip-preview");
      const nodes = await nodesSeenBy(clone, "manager-1");
      expect(Object.values(nodes).map(({ state }) => state)).toEqual(hosts.map(() => "ready"));
      expect(await releases()).toEqual(["RELEASE=one"]);
      await expectNothingPlanned();
    },
    45 * minute,
  );

  it(
    "roll ten services out at once",
    async () => {
      deploy("two");
      await runOk("up", "--yes");
      expect(await releases()).toEqual(["RELEASE=two"]);
      await expectNothingPlanned();
    },
    30 * minute,
  );

  it(
    "leave the swarm",
    async () => {
      declareWithPassword(hosts.slice(0, 3));
      await runOk("up", "--yes");
      expect(Object.keys(await nodesSeenBy(clone, "manager-1"))).toEqual(hosts.slice(0, 3));
      expect(await localState(clone, "worker-3")).toBe("inactive");
      await expectNothingPlanned();
    },
    30 * minute,
  );

  it(
    "are asked for their state and saved",
    async () => {
      expect(await runOk("status")).toContain("worker-2");
      const file = join(clone.directory, "swarm.age");
      expect(await runOk("backup", "--file", file)).toMatch(/bytes of manager-1's state/);
      await runOk("status", "--wait", "90");
      await expectNothingPlanned();
    },
    20 * minute,
  );

  it(
    "keep the password to sudo",
    async () => {
      await runOk("preview", "--json");
      await runOk("pulumi", "stack", "export");
      expect(said).not.toContain(password);
      expect(filesWith(join(clone.directory, ".swarm", "state"))).toEqual([]);
      for (const host of hosts) {
        // The pattern does not match itself in a list of processes.
        const pattern = `[${password.slice(0, 1)}]${password.slice(1)}`;
        const places = "/var/log /run /etc /root /home /tmp /var/lib/swarm /proc/[0-9]*/cmdline";
        const line =
          `{ journalctl | grep -a '${pattern}'; ps axeww | grep -a '${pattern}'; ` +
          `grep -rasl --devices=skip '${pattern}' ${places}; } 2>/dev/null || true`;
        expect(await clone.on(host, line)).toBe("");
      }
    },
    15 * minute,
  );
});

/** Files under a folder in which the password stands. */
function filesWith(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(password));
}
