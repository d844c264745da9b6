/**
 * Every worked example of examples/ on one lab, as its README tells it: deployed by name, changed with an editor,
 * changed again, and gone when the command names it no longer. What became of it is asked of Docker on the hosts, and of
 * the ports from outside.
 *
 * Does not prove: the public images (the lab has images of its own under their names), more than one manager.
 */
import { Clone } from "../e2e/clone";
import { ask } from "./name-server";
import { inside, minute, untilOn } from "./story";

const clone = new Clone("examples");
const hosts = ["manager-1", "worker-1", "worker-2"];
let addresses: string[] = [];

const first = [
  "helloworld",
  "ping-app",
  "redis",
  "my-nginx",
  "hu-nginx",
  "volume-test",
  "busybox-secret",
  "config-page",
];
const second = ["my-web", "dns-cache", "kafka"];

const flags = (examples: readonly string[]): string[] =>
  examples.flatMap((name) => ["--example", name]);

async function up(examples: readonly string[]): Promise<string> {
  return clone.npmOk("up", ["--yes", ...flags(examples)], { minutes: 20 });
}

/** Changes an example's program. */
function edit(example: string, from: string, to: string, file = "index.ts"): void {
  clone.edit(`examples/${example}/${file}`, from, to);
}

async function onManager(...command: readonly string[]): Promise<string> {
  return clone.on("manager-1", ...command);
}

/** Services with how many of their tasks run: `helloworld 3/3`. */
async function services(): Promise<string[]> {
  const list = await onManager("docker", "service", "ls", "--format", "{{.Name}} {{.Replicas}}");
  return list.split("\n").filter(Boolean).sort();
}

/** A page, asked for until it has a text; up to three minutes. */
async function page(url: string, text: string): Promise<string> {
  const deadline = Date.now() + 3 * minute;
  for (;;) {
    const body = await fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
      async (answer) => answer.text(),
      (error: unknown) => String(error),
    );
    if (body.includes(text)) return body;
    if (Date.now() > deadline) throw new Error(`${url} does not say "${text}":\n${body}`);
    await new Promise((resolve) => setTimeout(resolve, 500)); // nothing announces it from outside
  }
}

/** The page on every node. */
async function pages(port: number, text: string, path = "/"): Promise<void> {
  await Promise.all(addresses.map((address) => page(`http://${address}:${port}${path}`, text)));
}

beforeAll(async () => {
  await clone.make();
  clone.write(
    "Pulumi.dev.yaml",
    `config:
  swarm:lab: { memory: 768MiB, image: debian }
  swarm:hosts:
    manager-1: { role: manager }
    worker-1: { role: worker }
    worker-2: { role: worker }
`,
  );
}, 15 * minute);

afterAll(() => clone.clear(), 15 * minute);

describe("examples of services", () => {
  it(
    "run, each as its README says",
    async () => {
      await up(first);
      const nodes = await clone.npmOk("pulumi", [
        ...["stack", "output", "--json", "nodes", "--stack", "dev"],
      ]);
      addresses = Object.values(JSON.parse(nodes) as Record<string, { address: string }>).map(
        ({ address }) => address,
      );
      expect(await services()).toEqual([
        "demo 1/1",
        "helloworld 1/1",
        "hu_nginx 3/3",
        "my-nginx 1/1",
        "page 2/2",
        "ping_app 2/2",
        "redis 3/3",
        "uchin_v_test 1/1",
      ]);
      for (const service of ["helloworld", "ping_app"])
        await untilOn(
          clone,
          "manager-1",
          `docker service logs ${service} 2>&1 | grep -q 'bytes from'`,
        );
      await pages(8888, "nginx");
      await pages(8070, "Version 1 of this page, by page.");
      expect(await inside(clone, "demo", "cat /run/secrets/mysql-pass")).toHaveLength(20);
    },
    30 * minute,
  );

  it(
    "keep what a task wrote into a volume for the next one",
    async () => {
      await inside(clone, "uchin_v_test", "sh -c 'echo kept > /data/fact'");
      await clone.on("worker-2", "docker kill $(docker ps -q --filter name=uchin_v_test.)");
      await untilOn(
        clone,
        "manager-1",
        "[ $(docker service ps uchin_v_test --format '{{.CurrentState}}' | grep -c Running) = 1 ]",
      );
      expect(await inside(clone, "uchin_v_test", "cat /data/fact")).toBe("kept");
    },
    10 * minute,
  );

  it(
    "are scaled, and read what is new in a secret and in a config",
    async () => {
      edit("helloworld", "replicas: 1", "replicas: 3");
      edit("ping-app", "replicas: 2", "replicas: 1");
      edit("my-nginx", "replicas: 1", "replicas: 3");
      edit("hu-nginx", "replicas: 3", "replicas: 4");
      edit("busybox-secret", "length: 20", "length: 24");
      edit("config-page", "Version 1", "Version 2", "index.html");
      await up(first);
      expect(await services()).toEqual([
        "demo 1/1",
        "helloworld 3/3",
        "hu_nginx 4/4",
        "my-nginx 3/3",
        "page 2/2",
        "ping_app 1/1",
        "redis 3/3",
        "uchin_v_test 1/1",
      ]);
      expect(await inside(clone, "demo", "cat /run/secrets/mysql-pass")).toHaveLength(24);
      expect(await onManager("docker", "secret", "ls", "--format", "{{.Name}}")).toMatch(
        /^mysql-pass-[0-9a-f]{8}$/,
      );
      await pages(8070, "Version 2 of this page");
    },
    20 * minute,
  );

  it(
    "pause a rolling update whose task dies, and go on with the next up",
    async () => {
      edit("helloworld", "replicas: 3", "replicas: 1");
      edit("my-nginx", "replicas: 3", "replicas: 2");
      edit("hu-nginx", "replicas: 4", "replicas: 2");
      edit("redis", "redis:3.0.6", "redis:3.0.7");
      // Somebody on each host who ends the first new task there is.
      const wait =
        "until [ -e /tmp/enough ]; do docker ps --format '{{.ID}} {{.Image}}' | grep redis:3.0.7 | cut -d' ' -f1 | xargs -r docker kill; sleep 1; done";
      const killers = hosts.map((host) => clone.start("lab", ["ssh", host, wait]));
      const { code, stdout } = await clone.npm("up", ["--yes", ...flags(first)]);
      for (const host of hosts) await clone.on(host, "touch", "/tmp/enough");
      await Promise.all(killers.map(async ({ outcome }) => outcome));
      expect(stdout).toMatch(/redis.*paused/s);
      expect(code).not.toBe(0);
      const state = [
        "docker",
        "service",
        "inspect",
        "redis",
        "--format",
        "{{.UpdateStatus.State}}",
      ];
      expect(await onManager(...state)).toBe("paused");

      edit("helloworld", "replicas: 1", "replicas: 5");
      await up(first);
      expect(await onManager(...state)).toBe("completed");
      const running = await onManager(
        "docker service ps redis --filter desired-state=running --format '{{.Image}}'",
      );
      expect(running.split("\n")).toEqual(["redis:3.0.7", "redis:3.0.7", "redis:3.0.7"]);
      expect(await services()).toEqual(
        expect.arrayContaining(["helloworld 5/5", "hu_nginx 2/2", "my-nginx 2/2"]),
      );
    },
    30 * minute,
  );

  it(
    "survive an engine that stops and a container that is stopped",
    async () => {
      edit("helloworld", "replicas: 5", "replicas: 2");
      edit("hu-nginx", "replicas: 2", "replicas: 3");
      await up(first);
      expect(await clone.planned(flags(first))).toEqual([]);
      const running = "docker service ps hu_nginx --filter desired-state=running";
      await clone.on("worker-1", "systemctl", "stop", "docker.socket", "docker");
      await untilOn(clone, "manager-1", "docker node ls | grep worker-1 | grep -q Down");
      await untilOn(
        clone,
        "manager-1",
        `[ $(${running} --format '{{.Node}} {{.CurrentState}}' | grep -v worker-1 | grep -c Running) = 3 ]`,
      );
      await clone.on("worker-1", "systemctl", "start", "docker.socket", "docker");
      await untilOn(clone, "manager-1", "docker node ls | grep worker-1 | grep -q Ready");
      const node = await onManager(`${running} --format '{{.Node}}' | head -1`);
      const stopped = await clone.on(node, "docker ps -q --filter name=hu_nginx. | head -1");
      await clone.on(node, "docker", "stop", stopped);
      await untilOn(
        clone,
        "manager-1",
        `[ $(${running} --format '{{.CurrentState}}' | grep -c Running) = 3 ]`,
      );
      const now = await clone.on(node, "docker", "ps", "--quiet", "--filter", "name=hu_nginx.");
      expect(now.split("\n")).not.toContain(stopped);
    },
    20 * minute,
  );
});

describe("examples of ports and networks", () => {
  const answers = async (protocol: "tcp" | "udp"): Promise<(string | undefined)[]> =>
    Promise.all(addresses.map(async (address) => ask(address, protocol)));
  const every = (answer: string | undefined): (string | undefined)[] => hosts.map(() => answer);

  it(
    "take the place of those that are no longer named",
    async () => {
      await up(second);
      expect(await services()).toEqual([
        "dns-cache 1/1",
        "haproxy 1/1",
        "my-nginx 1/1",
        "my-web 2/2",
        "uchin_test 2/2",
      ]);
      expect(await answers("tcp")).toEqual(every("192.0.2.1"));
      await pages(8080, "nginx");
      await pages(8090, "nginx");
      await pages(8090, "Statistics Report", "/haproxy?stats");
    },
    20 * minute,
  );

  it(
    "share a network of one's own addresses with plain containers, and a volume with each other",
    async () => {
      const ipam = await onManager("docker network inspect kafka --format '{{json .IPAM.Config}}'");
      expect(JSON.parse(ipam)).toEqual([{ Subnet: "172.30.0.0/16", Gateway: "172.30.0.1" }]);
      const plain = "docker run --rm --network kafka busybox wget -qO- http://my-nginx";
      expect(await clone.on("worker-2", plain)).toContain("nginx");
      await inside(clone, "uchin_test", "sh -c 'echo shared > /home/fact'");
      expect(await inside(clone, "my-nginx", "cat /home/fact")).toBe("shared");
    },
    10 * minute,
  );

  it.each([
    ["tcp", "tcp and udp", "192.0.2.1", "192.0.2.1"],
    ["tcp and udp", "udp", undefined, "192.0.2.1"],
    ["udp", "host", undefined, "192.0.2.1"],
  ])(
    "publish port 53 as %s, then as %s",
    async (before, after, overTcp, overUdp) => {
      edit("dns-cache", `= "${before}"`, `= "${after}"`);
      if (after === "udp")
        edit(
          "my-web",
          "published: 8080 }],",
          "published: 8080 }, { target: 80, published: 8081 }],",
        );
      await up(second);
      expect(await answers("tcp")).toEqual(every(overTcp));
      expect(await answers("udp")).toEqual(every(overUdp));
    },
    20 * minute,
  );

  it(
    "have the port that was added, and a task of a global service on each node",
    async () => {
      await pages(8080, "nginx");
      await pages(8081, "nginx");
      expect(await services()).toEqual(expect.arrayContaining(["dns-cache 3/3", "my-web 2/2"]));
      expect(await clone.planned(flags(second))).toEqual([]);
    },
    10 * minute,
  );
});

describe("the four WordPress examples", () => {
  const installation = "/wp-admin/install.php";

  it(
    "(a) and (b) answer side by side",
    async () => {
      await up(["wordpress-a", "wordpress-b"]);
      await pages(80, "WordPress", installation);
      await pages(8000, "WordPress", installation);
    },
    20 * minute,
  );

  it(
    "(c) answers with three web servers",
    async () => {
      await up(["wordpress-c"]);
      await pages(8080, "WordPress", installation);
      expect(await services()).toEqual(["mysql 1/1", "web 3/3"]);
    },
    20 * minute,
  );

  it(
    "(d) answers likewise, with its password in a file in memory alone",
    async () => {
      // MySQL takes a password only into an empty volume, and (c) has one of the same name.
      await clone.npmOk("up", ["--yes"]);
      await up(["wordpress-d"]);
      await pages(8080, "WordPress", installation);
      const password = await inside(clone, "mysql", "cat /run/secrets/my-pw");
      expect(password).toHaveLength(32);
      const shown = await onManager("docker", "service", "inspect", "mysql", "web");
      expect(shown).toContain("/run/secrets/my-pw");
      expect(shown).not.toContain(password);
      expect(await clone.planned(flags(["wordpress-d"]))).toEqual([]);
    },
    20 * minute,
  );

  it(
    "are gone, data included, when none is named",
    async () => {
      await clone.npmOk("up", ["--yes"]);
      expect(await services()).toEqual([]);
      const left = "docker volume ls -q; docker secret ls -q; docker config ls -q";
      for (const volume of ["mysql-data", "db_data"])
        expect(await onManager(left)).not.toContain(volume);
    },
    10 * minute,
  );
});
