/**
 * Plain containers beside a swarm of three: made and left alone, changed by hand and repaired, changed in place without
 * a restart, replaced, on an attachable overlay with services, in front of the mesh while a node is lost, failing with
 * their last lines, and gone without a trace but for their volume. What became of it is asked of Docker on the hosts.
 *
 * Does not prove: a lost node that has tasks of the service (the mesh sends requests there until a manager knows), other
 * engines than the lab's.
 */
import { ask, until } from "./stack-lab";
import { cloneOf, inside, minute, setProgram, up } from "./story";

const hosts = ["manager-1", "worker-1", "worker-2"];
const clone = cloneOf("containers", {
  hosts: hosts.map((host) => `${host}: { role: ${host.replace(/-\d$/, "")} }`),
});

/** Statements of the program, as they are changed from one test to the next. */
const parts = {
  hello: `new Container("hello", { host: "worker-1", image: "hello-world", job: true }, on);`,
  keeper: `new Container("keeper", {
    host: "worker-1", image: "busybox", command: ["sleep", "infinity"], stopGracePeriod: "1s", env: { MODE: "one" },
    networks: [{ target: lan.name, aliases: ["the-keeper"] }], mounts: [{ source: data.name, target: "/data" }],
    restartPolicy: { name: "unless-stopped" }, limits: { memory: "64M" },
  }, on);`,
  more: "",
};

function declare(change: Partial<typeof parts> = {}): void {
  Object.assign(parts, change);
  setProgram(
    clone,
    `  const on = onCluster(cluster);
  const lan = new Network("lan", { attachable: true }, on);
  const data = new Volume("data", { host: "worker-1" }, on);
  new Service("web", {
    image: "nginx", networks: [{ target: lan.name }], convergeTimeout: "3m",
    placement: { constraints: ["node.hostname == worker-1"] }, stopSignal: "SIGKILL",
  }, on);
  ${parts.hello}
  ${parts.keeper}
  ${parts.more}`,
  );
}

interface Seen {
  readonly Id: string;
  readonly State: { readonly Status: string; readonly StartedAt: string };
  readonly HostConfig: {
    readonly Memory: number;
    readonly RestartPolicy: { readonly Name: string };
  };
  readonly Config: { readonly Env: readonly string[]; readonly Image: string };
}

/** Docker's own word on a container. */
async function seen(host: string, name: string): Promise<Seen> {
  const [one] = JSON.parse(await clone.on(host, "docker", "inspect", name)) as Seen[];
  if (one === undefined) throw new Error(`no container ${name} on ${host}`);
  return one;
}

/** How Docker names the containers of a service's tasks. */
const ofTask = /^\S+\.\d+\.\w{25} /;

/** Plain containers, and how they stand. */
async function containersOn(host: string): Promise<string[]> {
  const list = await clone.on(host, "docker ps --all --format '{{.Names}} {{.State}}'");
  return list
    .split("\n")
    .filter((line) => line !== "" && !ofTask.test(line))
    .sort();
}

describe("plain containers", () => {
  it(
    "are made, one runs on, one to its end, and then there is nothing to do",
    async () => {
      declare();
      await up(clone);
      expect(await containersOn("worker-1")).toEqual(["hello exited", "keeper running"]);
      expect(await clone.on("worker-1", "docker logs hello")).toBe("Hello from Docker!");
      expect((await seen("worker-1", "keeper")).Config.Image).toMatch(/^busybox:latest@sha256:/);
      expect(await clone.planned()).toEqual([]);
    },
    30 * minute,
  );

  it(
    "talk with the tasks of services on an attachable overlay, by name and by alias",
    async () => {
      const page = "docker exec keeper wget -qO- http://web";
      expect(await clone.on("worker-1", page)).toContain("nginx");
      expect(await inside(clone, "web", "getent hosts the-keeper")).toContain("the-keeper");
    },
    10 * minute,
  );

  it(
    "show what was done by hand, and are repaired without a new container",
    async () => {
      const before = await seen("worker-1", "keeper");
      await clone.on(
        "worker-1",
        "docker update --restart no --memory 96m --memory-swap 192m keeper && docker network disconnect lan keeper && docker stop keeper",
      );
      expect(await clone.planned()).toEqual([
        "update keeper limits.memory networks restartPolicy.name state",
      ]);
      await up(clone);
      const after = await seen("worker-1", "keeper");
      expect(after.Id).toBe(before.Id);
      expect(after.State.Status).toBe("running");
      expect(after.HostConfig.RestartPolicy.Name).toBe("unless-stopped");
      expect(after.HostConfig.Memory).toBe(64 * 1024 ** 2);
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "change their limits while they run",
    async () => {
      const before = await seen("worker-1", "keeper");
      declare({ keeper: parts.keeper.replace("64M", "80M") });
      const { stdout } = await clone.npm("preview");
      expect(stdout).toContain(
        "container keeper on worker-1: nothing restarts (limits.memory only)",
      );
      await up(clone);
      const after = await seen("worker-1", "keeper");
      expect(after.HostConfig.Memory).toBe(80 * 1024 ** 2);
      expect(after.State.StartedAt).toBe(before.State.StartedAt);
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "are replaced where Docker cannot change them, and keep their volume",
    async () => {
      const before = await seen("worker-1", "keeper");
      await clone.on("worker-1", "docker exec keeper sh -c 'echo kept > /data/fact'");
      declare({ keeper: parts.keeper.replace('"one"', '"two"') });
      const { stdout } = await clone.npm("preview");
      expect(stdout).toContain("container keeper on worker-1 is replaced: it stops and starts");
      await up(clone);
      const after = await seen("worker-1", "keeper");
      expect(after.Id).not.toBe(before.Id);
      expect(after.Config.Env).toContain("MODE=two");
      expect(await clone.on("worker-1", "docker exec keeper cat /data/fact")).toBe("kept");
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "are made anew when somebody has removed them, and leave somebody else's alone",
    async () => {
      await clone.on("worker-1", "docker rm --force keeper");
      expect(await clone.planned()).toEqual(["create keeper"]);
      await clone.on("worker-1", "docker run --detach --name keeper busybox sleep 1000");
      const { code, stdout } = await clone.npm("preview");
      expect(code).not.toBe(0);
      expect(stdout).toContain("expected a name that is free on worker-1");
      await clone.on("worker-1", "docker rm --force keeper");
      await up(clone);
      expect(await clone.planned()).toEqual([]);
    },
    15 * minute,
  );

  it(
    "that fail say why, with their last lines once and without their secrets",
    async () => {
      declare({
        more: `new Container("broken", {
    host: "worker-2", image: "busybox", command: ["sh", "-c", "echo the pass''word is $PASSWORD; exit 3"],
    env: { PASSWORD: pulumi.secret("correct-horse-4711") },
  }, on);`,
      });
      const { code, stdout, stderr } = await clone.npm("up", ["--yes"]);
      expect(code).not.toBe(0);
      expect(stdout).toContain('container "broken" on worker-2: it ended with exit code 3');
      expect(stdout).toContain("the password is [secret]");
      expect(stdout + stderr).not.toContain("correct-horse-4711");
      const state = await clone.npmOk("pulumi", ["stack", "export", "--stack", "dev"]);
      // The command stands in the state, what it wrote does not.
      expect(state).not.toContain("the password is");
      expect(state).not.toContain("correct-horse-4711");
      declare({ more: "" });
      await up(clone);
      expect(await containersOn("worker-2")).toEqual([]);
    },
    15 * minute,
  );

  it(
    "of the examples run as they are, on every host and with an engine's socket, and go with their example",
    async () => {
      const examples = ["--example", "hello-world", "--example", "portainer"];
      await clone.npmOk("up", ["--yes", ...examples]);
      for (const host of hosts)
        expect(await clone.on(host, `docker logs hello-world-${host}`)).toBe("Hello from Docker!");
      const page = "docker run --rm --network host busybox wget -qO-";
      const endpoints = `${page} http://127.0.0.1:9100/api/endpoints`;
      expect(await clone.on("manager-1", endpoints)).toContain('"manager-1"');
      await expect(ask(`http://${await addressOf("manager-1")}:9100`)).rejects.toThrow();
      expect(await clone.planned(examples)).toEqual([]);
      await up(clone);
      expect(await containersOn("manager-1")).toEqual([]);
      expect(await clone.on("manager-1", "docker volume ls --quiet")).not.toContain("portainer");
    },
    20 * minute,
  );

  it(
    "are in front of the mesh while a node is lost, and no request fails",
    async () => {
      const placement = 'replicas: 2, placement: { constraints: ["node.hostname != worker-2"] },';
      clone.edit("examples/haproxy/index.ts", "replicas: 3,", placement);
      await clone.npmOk("up", ["--yes", "--example", "haproxy"]);
      const url = `http://${await addressOf("manager-1")}:8090`;
      await until(url, "nginx");
      const requests = new Requests(url);
      const running = requests.go();
      await clone.npmOk("lab", ["kill", "worker-2"]);
      const { text } = await until(`${url}/haproxy?stats;csv`, ",DOWN,");
      expect(text.match(/^http_back,.*,DOWN,/gm)).toEqual([
        expect.stringMatching(/^http_back,worker-2,/),
      ]);
      await requests.more(50);
      requests.stop();
      await running;
      expect(requests.failures).toEqual([]);
      expect(requests.answered).toBeGreaterThan(100);
      await clone.npmOk("lab", ["boot", "worker-2"]);
    },
    20 * minute,
  );

  it(
    "go without a trace, but for their volume",
    async () => {
      declare({ hello: "", keeper: "" });
      await up(clone);
      for (const host of hosts) expect(await containersOn(host)).toEqual([]);
      expect(await clone.on("worker-1", "docker volume ls --quiet")).toContain("data");
      expect(await clone.planned()).toEqual([]);
    },
    20 * minute,
  );
});

async function addressOf(host: string): Promise<string> {
  const flags = ["stack", "output", "--json", "nodes", "--stack", "dev"];
  const nodes = JSON.parse(await clone.npmOk("pulumi", flags)) as Record<
    string,
    { address: string }
  >;
  return nodes[host]?.address ?? "";
}

/** Requests one after the other, and those that were not answered well. */
class Requests {
  readonly failures: string[] = [];
  answered = 0;
  private readonly url: string;
  private isOver = false;

  constructor(url: string) {
    this.url = url;
  }

  /** Asks until it is stopped. */
  async go(): Promise<void> {
    while (!this.isOver) await this.one();
  }

  stop(): void {
    this.isOver = true;
  }

  /** Waits for that many answers, whoever asks. */
  async more(count: number): Promise<void> {
    for (let left = count; left > 0; left -= 1) await this.one();
  }

  private async one(): Promise<void> {
    const answer = await ask(this.url).catch((error: unknown) => String(error));
    if (typeof answer !== "string" && answer.status === 200) this.answered += 1;
    else this.failures.push(JSON.stringify(answer));
  }
}
