/**
 * What a person at a terminal sees of a swarm of two machines: one service's history, a watch that shows a killed task
 * and its successor, logs that are followed across tasks and a restart of the manager's engine, a shell on the worker.
 *
 * Does not prove: another manager taking over (unit tests do), a user of sudo.
 */
import { X509Certificate } from "node:crypto";
import { StackLab } from "./stack-lab";
import { minute, untilOn } from "./story";
import { Typed } from "./typed";
import type { TypedOptions } from "./typed";

const lab = new StackLab("see", {
  hosts: ["manager-1: { role: manager }", "worker-1: { role: worker }"],
  memory: "640MiB",
});
const { clone } = lab;
const file = `services:
  web:
    image: busybox
    command: ["sh", "-c", "trap 'exit 7' TERM; i=0; while true; do echo line $$i; i=$$((i+1)); sleep 1; done"]
    deploy:
      replicas: 2
      placement: { max_replicas_per_node: 1 }
      resources: { reservations: { cpus: "0.25", memory: 32M } }
  agent:
    image: busybox
    command: ["sh", "-c", "trap 'exit 0' TERM; while true; do sleep 1; done"]
    deploy: { mode: global }
`;

const started: Typed[] = [];

function typed(task: string, words: readonly string[], options: TypedOptions = {}): Typed {
  const one = new Typed(clone, task, words, options);
  started.push(one);
  return one;
}

afterEach(() => {
  for (const one of started.splice(0)) one.kill();
});

interface TaskRow {
  readonly id: string;
  readonly name: string;
  readonly node: string;
  readonly state: string;
  readonly exitCode?: number;
  readonly lines: readonly string[];
}

interface Status {
  readonly cluster: { readonly id: string; readonly caExpires: string };
  readonly reservations: readonly { readonly memory: { readonly reserved: number } }[];
  readonly services: readonly { readonly name: string; readonly stack: string }[];
  readonly history?: { readonly tasks: readonly TaskRow[] };
  readonly complaints: readonly string[];
}

async function status(...words: readonly string[]): Promise<Status> {
  return JSON.parse((await clone.npm("status", ["--json", ...words])).stdout) as Status;
}

/** The number of the task that is on a node now. */
async function taskOn(node: string): Promise<string> {
  const list =
    "docker service ps shop_web --filter desired-state=running --format '{{.Name}} {{.Node}}'";
  const line = (await lab.manager(list)).split("\n").find((one) => one.endsWith(` ${node}`));
  return line?.split(" ")[0]?.split("_")[1] ?? "";
}

/** Kills the container of the service on the worker, as a crash does. */
async function crash(): Promise<void> {
  await clone.on("worker-1", "docker kill $(docker ps --quiet --filter name=shop_web.)");
}

beforeAll(async () => {
  clone.write("see.yml", file);
  lab.declare("shop: { files: [see.yml] }");
  await lab.up();
}, 40 * minute);

describe("npm run status", () => {
  it(
    "tells the cluster, its authority, what is reserved and what belongs to which stack",
    async () => {
      const { cluster, complaints, reservations, services } = await status();
      expect(cluster.id).toBe(await lab.manager("docker info --format '{{.Swarm.Cluster.ID}}'"));
      const { validTo } = new X509Certificate(await lab.manager("docker swarm ca"));
      expect(cluster.caExpires).toBe(new Date(validTo).toISOString());
      const mebibyte = 1024 ** 2;
      expect(reservations.map(({ memory }) => memory.reserved)).toEqual([
        32 * mebibyte,
        32 * mebibyte,
      ]);
      expect(services.map(({ name, stack }) => [name, stack])).toEqual([
        ["shop_agent", "shop"],
        ["shop_web", "shop"],
      ]);
      expect(complaints).toEqual([]);
    },
    5 * minute,
  );

  it(
    "shows on a terminal that a task is killed and another one comes, is quiet then, and ends with Ctrl-C",
    async () => {
      const watch = typed("status", ["--watch"], { terminal: { columns: 80, rows: 40 } });
      await watch.until(/shop_web.*2\/2/);
      const killed = Date.now();
      await crash();
      await watch.until(/shop_web[^\n]*1\/2/, 60);
      console.log(
        `a kill was seen ${Math.round((Date.now() - killed) / 100) / 10} s after it began`,
      );
      const from = watch.said.length;
      await watch.until(new RegExp(`^[^]{${from}}[^]*2/2`), 120);
      // It says whatever changes until nothing is under way any more; after that not a byte.
      let before = -1;
      while (before !== watch.said.length) {
        before = watch.said.length;
        await status();
      }
      watch.type("\u0003");
      expect(await watch.code).toBe(0);
      expect(watch.said).toContain("Ctrl-C ends");
      // The cursor is there again.
      expect(watch.said.slice(before)).toContain("\u001b[?25h");
    },
    10 * minute,
  );

  it(
    "tells into a pipe one block for each change",
    async () => {
      const watch = typed("status", ["--watch", "--service", "web"]);
      await watch.until(/^--- \S+Z\n[^]*web\.\d/);
      await crash();
      await watch.until(/\n--- [^]*failed +< 1 min +137/, 60);
      expect(watch.said).not.toContain("\u001b");
    },
    5 * minute,
  );

  it(
    "remembers the tasks of one service: where, how they ended, and their last words",
    async () => {
      const { history } = await status("--service", "web");
      const [failed] = history?.tasks.filter(({ state }) => state === "failed") ?? [];
      expect(failed).toMatchObject({ node: "worker-1", exitCode: 137 });
      expect(failed?.lines.at(-1)).toMatch(/^line \d+$/);
      const { code, stderr } = await clone.npm("status", ["--service", "wbe"]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("shop_web")]);
    },
    5 * minute,
  );
});

describe("npm run logs", () => {
  it(
    "follows every task of a service, those that come later and those after a restart of the engine too",
    async () => {
      const logs = typed("logs", ["web", "--tail", "2", "--timestamps"]);
      await logs.until(/shop_web\.1@\S+ +\| line \d+/);
      await logs.until(/shop_web\.2@\S+ +\| line \d+/);
      const name = `shop_${await taskOn("worker-1")}@worker-1`;
      const find = "docker ps --quiet --filter name=shop_web.";
      const before = await clone.on("worker-1", find);
      await crash();
      const isNew = `id=$(${find}) && [ "$id" != ${before} ] && docker logs $id | grep -q line`;
      await untilOn(clone, "worker-1", isNew);
      // Everything that the new container has written by now, as its own engine has it.
      const written = async (): Promise<string[]> => {
        const own = await clone.on("worker-1", `docker logs --timestamps $(${find})`);
        const newest = own.split("\n").at(-1) ?? "";
        await logs.until(new RegExp(newest.replace(" ", ` ${name} +\\| `)));
        return own.split("\n");
      };
      await written();
      await clone.on("manager-1", "systemctl restart docker");
      await logs.until(/swarm: manager-1: [^\n]+\n/, 60);
      await logs.until(/going on with manager-1/, 180);
      const own = await written();
      const shown = logs.said.split("\n").filter((line) => line.includes(`${name} `));
      // Nothing twice, nothing missing, across the restart.
      expect(shown).toEqual([...new Set(shown)]);
      const lines = shown.map((line) => line.replace(/ \S+ +\| /, " "));
      expect(lines.filter((line) => own.includes(line))).toEqual(own);
      expect(logs.said).not.toContain("\u001b");
    },
    15 * minute,
  );

  it(
    "shows what was written, filtered, and ends",
    async () => {
      const words = ["shop_web", "--no-follow", "--tail", "all", "--grep", "^line 1$", "-t"];
      const { code, stdout } = await clone.npm("logs", words);
      expect(code).toBe(0);
      const lines = stdout.trim().split("\n");
      expect(lines.length).toBeGreaterThanOrEqual(2);
      for (const line of lines)
        expect(line).toMatch(/^\d{4}-\S+Z shop_web\.\d@(manager|worker)-1 +\| line 1$/);
      const times = lines.map((line) => line.split(" ")[0]);
      expect(times).toEqual([...times].sort());
    },
    5 * minute,
  );
});

describe("npm run exec", () => {
  it(
    "runs a command on the worker and passes input, output and exit code on",
    async () => {
      const name = await taskOn("worker-1");
      const here = await clone.on(
        "worker-1",
        "docker inspect --format '{{.Config.Hostname}}' $(docker ps --quiet --filter name=shop_web.)",
      );
      const script = 'read line; echo "$line $WORD $(hostname) $(pwd)"; echo wrong >&2; exit 7';
      const words = [name, "--workdir", "/tmp", "--env", "WORD", "--", "sh", "-c", script];
      const exec = typed("exec", words, { environment: { WORD: "from here" } });
      exec.type("piped\n");
      exec.endInput();
      expect(await exec.code).toBe(7);
      expect(exec.said).toContain(`piped from here ${here} /tmp\n`);
      expect(exec.said).toContain("wrong\n");
    },
    5 * minute,
  );

  it(
    "opens a shell in a terminal, with its size and all keys",
    async () => {
      const size = { columns: 91, rows: 33 };
      const shell = typed("exec", ["agent@worker-1"], { terminal: size });
      await shell.until(/# /);
      shell.type("stty size; sh -c 'echo began $((1 + 1)); exec sleep 1000'\r");
      await shell.until(/33 91[^]*began 2/);
      // It ends the sleep, and neither the shell nor this program.
      shell.type("\u0003");
      shell.type("echo $((40 + 2)); exit 3\r");
      await shell.until(/42/);
      expect(await shell.code).toBe(3);
    },
    5 * minute,
  );

  it(
    "says which tasks there are",
    async () => {
      const { code, stderr } = await clone.npm("exec", ["web", "--", "true"]);
      expect(code).toBe(125);
      expect(stderr).toMatch(/may be shop_web\.1@\S+-1, shop_web\.2@\S+-1; expected one of them/);
    },
    5 * minute,
  );
});
