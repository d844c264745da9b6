/**
 * The main job as a user does it, in a clone of its own: bare machines to a WordPress that answers on every node,
 * a change in place, a power cut, and a teardown that leaves nothing.
 *
 * Does not prove: SELinux, a real EL kernel, more than one manager.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Clone } from "./clone";
import { installSite, logIn, readPost, writePost } from "./wordpress-site";
import { left, traces } from "./traces";

const minute = 60_000;
const clone = new Clone("main-job");
const neighbour = new Clone("neighbour");
const hosts = ["manager-1", "worker-1", "worker-2"];
let before: ReturnType<typeof traces>;

beforeAll(async () => {
  await clone.make();
  before = traces(clone.directory, clone.temporary);
}, 15 * minute);

afterAll(async () => {
  await neighbour.clear();
  await clone.clear();
}, 15 * minute);

const oneDebianMachine = `config:
  swarm:lab: { memory: 768MiB, image: debian }
  swarm:hosts: { manager-1: { role: manager } }
`;

/** What Pulumi's own CLI says of the environment. */
async function pulumi(...words: readonly string[]): Promise<string> {
  return clone.npmOk("pulumi", [...words, "--stack", "dev"]);
}

async function nodes(): Promise<Record<string, { id: string; state: string }>> {
  const lines = await clone.on("manager-1", "docker", "node", "ls", "--format", "json");
  return Object.fromEntries(
    lines.split("\n").map((line) => {
      const { Hostname, ID, Status } = JSON.parse(line) as Record<string, string>;
      return [Hostname, { id: ID, state: Status }];
    }),
  ) as Record<string, { id: string; state: string }>;
}

async function container(host: string, service: string): Promise<string> {
  return clone.on(host, "docker", "ps", "--quiet", "--filter", `name=${service}`);
}

describe("npm run up", () => {
  let urls: string[];

  it(
    "takes bare machines to a swarm whose nodes are all Ready",
    async () => {
      const output = await clone.npmOk("up", ["--yes"], { minutes: 30 });
      for (const host of hosts) expect(output).toContain(host);
      expect(Object.values(await nodes()).map(({ state }) => state)).toEqual([
        "Ready",
        "Ready",
        "Ready",
      ]);
      const endpoints = JSON.parse(await pulumi("stack", "output", "--json", "endpoints")) as {
        wordpress: string[];
      };
      urls = endpoints.wordpress;
      expect(urls).toHaveLength(3);
      // What is gone in the end.
      expect(left(before, traces(clone.directory, clone.temporary))).toContainEqual(
        expect.stringMatching(/^links: swarm-/),
      );
    },
    32 * minute,
  );

  it(
    "serves WordPress' own page on every host",
    async () => {
      for (const url of urls) {
        const page = await (await fetch(`${url}/wp-admin/install.php`)).text();
        expect(page).toContain("WordPress");
      }
    },
    minute,
  );

  it(
    "plans nothing afterwards",
    async () => {
      expect(await clone.planned()).toEqual([]);
    },
    5 * minute,
  );

  it(
    "runs beside the lab of another clone, which has another system",
    async () => {
      await neighbour.make();
      neighbour.write("Pulumi.dev.yaml", oneDebianMachine);
      await neighbour.npmOk("up", ["--yes"]);
      const release = await neighbour.on("manager-1", "cat", "/etc/os-release");
      expect(release).toContain("ID=debian");
      expect(await clone.on("manager-1", "cat", "/etc/os-release")).toContain('ID="centos"');
      const swarm = ["docker", "info", "--format", "{{.Swarm.NodeAddr}} {{.Swarm.Nodes}}"];
      const [address, count] = (await neighbour.on("manager-1", ...swarm)).split(" ");
      expect(count).toBe("1");
      expect(urls).not.toContain(`http://${address}`);
    },
    15 * minute,
  );

  it(
    "stops at a wrong host key, key and user, all named in one preview",
    async () => {
      const lab = join(clone.directory, ".swarm", "lab");
      const hostKey = (host: string) =>
        readFileSync(join(lab, "machines", host, "host_key.pub"), "utf8").trim();
      const rightKey = readFileSync(join(lab, "id_ed25519"), "utf8");
      const wrongKey = readFileSync(join(neighbour.directory, ".swarm/lab/id_ed25519"), "utf8");
      const host = (index: number, key: string, ssh: object) => ({
        role: index === 0 ? "manager" : "worker",
        address: urls[index]?.replace("http://", ""),
        hostKey: hostKey(key),
        ssh,
      });
      const configuration = {
        "swarm:hosts": {
          a: host(0, "worker-1", { privateKey: rightKey }),
          b: host(1, "worker-1", { privateKey: wrongKey }),
          c: host(2, "worker-2", { privateKey: rightKey, user: "nobody" }),
        },
      };
      neighbour.write("Pulumi.outside.yaml", JSON.stringify({ config: configuration }));
      const { code, stdout } = await neighbour.npm("preview", ["--stack", "outside"]);
      expect(code).not.toBe(0);
      expect(stdout).toMatch(/a: the machine at \S+ showed ssh-ed25519 \S+; expected ssh-ed25519/);
      expect(stdout).toMatch(/b: \S+ refused user root \(tried: private key\)/);
      expect(stdout).toMatch(/c: \S+ refused user nobody \(tried: private key\)/);
      expect(stdout).not.toContain("PRIVATE KEY");
    },
    5 * minute,
  );

  it(
    "lets the other clone's lab go without a trace, and stays up itself",
    async () => {
      await neighbour.npmOk("destroy", ["--yes"]);
      expect(traces(neighbour.directory, neighbour.temporary).processes).toEqual([]);
      for (const url of urls) expect((await fetch(url)).ok).toBe(true);
      neighbour.remove();
    },
    5 * minute,
  );

  it(
    "keeps a post when the database's task is killed",
    async () => {
      const [first = "", second = ""] = urls;
      await installSite(first);
      const session = await logIn(first);
      const post = await writePost(first, session, "A fact worth keeping");
      const killed = await container("worker-1", "mysql");
      await clone.on("worker-1", "docker", "kill", killed);
      expect(await readPost(second, post)).toContain("A fact worth keeping");
      expect(await container("worker-1", "mysql")).not.toEqual(killed);
    },
    10 * minute,
  );

  it(
    "changes labels and replicas in place, and says just that before",
    async () => {
      const ids = await nodes();
      clone.edit("Pulumi.dev.yaml", "tier: db", "tier: db, disk: ssd");
      clone.edit("Pulumi.dev.yaml", "component: WordPress", "component: WordPress, replicas: 2");
      const plan = await clone.planned();
      expect(plan).toEqual([
        "update cluster-node-worker-1 labels.disk",
        "update wordpress-web replicas",
      ]);
      await clone.npmOk("up", ["--yes"]);
      expect(await nodes()).toEqual(ids);
      const labels = ["docker", "node", "inspect", "worker-1", "--format", "{{json .Spec.Labels}}"];
      expect(JSON.parse(await clone.on("manager-1", ...labels))).toEqual({
        tier: "db",
        disk: "ssd",
      });
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "shows a machine without power as not running, and brings it back into the swarm",
    async () => {
      const ids = await nodes();
      await clone.npmOk("lab", ["kill", "worker-2"]);
      expect(await clone.planned()).toContain("update cluster-machine-worker-2 running");
      await clone.npmOk("up", ["--yes"]);
      expect(await nodes()).toEqual(ids);
      expect(await clone.planned()).toEqual([]);
    },
    20 * minute,
  );

  it(
    "shows no password: not in the state, not on a command line, not in a container's environment",
    async () => {
      const shown = await clone.npmOk("preview", ["--diff"]);
      const password = await clone.on(
        "worker-1",
        "docker exec $(docker ps -q --filter name=mysql) cat /run/secrets/mysql-password",
      );
      expect(password.length).toBeGreaterThan(15);
      expect(shown).not.toContain(password);
      expect(await pulumi("stack", "export")).not.toContain(password);
      for (const host of hosts) {
        const inspected = await clone.on(
          host,
          "docker inspect $(docker ps -q); ps axww; journalctl --no-pager -q",
        );
        expect(inspected).not.toContain(password);
      }
    },
    5 * minute,
  );

  it(
    "leaves nothing behind when it is destroyed",
    async () => {
      await clone.npmOk("destroy", ["--yes"]);
      expect(left(before, traces(clone.directory, clone.temporary))).toEqual([]);
    },
    10 * minute,
  );
});
