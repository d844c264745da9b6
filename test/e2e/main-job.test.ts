/**
 * The main job as a user does it, in a clone of its own: bare machines to a WordPress that answers on every node,
 * a change in place, a power cut, and a teardown that leaves nothing.
 *
 * Does not prove: SELinux, a real EL kernel, more than one manager.
 */
import { Clone } from "./clone";
import { installSite, logIn, readPost, writePost } from "./wordpress-site";
import { traces } from "./traces";

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Record<string, { kind: string }> | null;
}

const minute = 60_000;
const clone = new Clone("main-job");
const hosts = ["manager-1", "worker-1", "worker-2"];
let before: ReturnType<typeof traces>;

beforeAll(async () => {
  await clone.make();
  before = traces(clone.directory);
}, 15 * minute);

afterAll(async () => {
  await clone.npm("destroy", ["--yes"]);
  clone.remove();
}, 15 * minute);

/** What a preview would do, apart from what stays as it is. */
async function planned(): Promise<string[]> {
  const { steps } = JSON.parse(await clone.npmOk("preview", ["--json"])) as { steps: Step[] };
  return steps
    .filter(({ op }) => op !== "same" && op !== "read" && op !== "refresh")
    .map(({ op, urn, detailedDiff }) => {
      const paths = Object.keys(detailedDiff ?? {}).sort();
      return [op, urn.split("::").at(-1), ...paths].join(" ");
    })
    .sort();
}

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
      expect(await planned()).toEqual([]);
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
      const plan = await planned();
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
      expect(await planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "shows a machine without power as not running, and brings it back into the swarm",
    async () => {
      const ids = await nodes();
      await clone.npmOk("lab", ["kill", "worker-2"]);
      expect(await planned()).toContain("update cluster-machine-worker-2 running");
      await clone.npmOk("up", ["--yes"]);
      expect(await nodes()).toEqual(ids);
      expect(await planned()).toEqual([]);
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
      expect(traces(clone.directory)).toEqual(before);
    },
    10 * minute,
  );
});
