import { randomBytes } from "node:crypto";
import { appendFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../../hosts/machine";
import { Machines } from "../../hosts/machines";
import { Lab } from "../../lab/lab";
import { Clone } from "../e2e/clone";
import type { Outcome, Running } from "../e2e/clone";
import type { Call } from "./call";
import { declared, look, program } from "./cut-state";
import type { Generations, Kept } from "./cut-state";
import { labKeys } from "./lab-key";
import { CutTable, Cutter, numbersFrom } from "./cutter";
import type { Cut, Way } from "./cutter";
import { MachineProxy } from "./machine-proxy";
import type { Point } from "./machine-proxy";

const stack = ["--stack", "test"];
const up = [...stack, "--yes", "--skip-preview"];
const bothSides = ["before", "after"] as const;
const ways: readonly Way[] = ["run", "plugin", "connection"];

/** What no output may hold, whatever was cut. */
const untrue: readonly RegExp[] = [
  /defect of the provider/i,
  /^\s+at .*:\d+:\d+\)?$/m,
  /\b(TypeError|ReferenceError|RangeError|AssertionError)\b/,
  /unhandled|\[object Object\]|\bundefined\b|\bNaN\b/,
  // It was the connection that was cut, and no engine that closed it.
  /closed the connection\. Check that the engine runs/,
];

/** A run that was watched. */
interface Watched {
  readonly outcome: Outcome;
  readonly cutter: Cutter;
}

/** A cut of a run that changes one thing, chosen beforehand. */
export interface Planned extends Cut {
  /** The how-manieth call of its kind. */
  readonly time: number;
}

/**
 * A lab whose machines are reached as machines that exist, through a proxy each that knows what is said to them.
 * What each run printed stays in the folder `runs`.
 */
export class CutStory {
  readonly clone: Clone;
  readonly table = new CutTable();
  private place: { readonly lab: Lab; readonly machines: Machines } | undefined;
  private readonly runs: string;
  private readonly proxies = new Map<string, { proxy: MachineProxy; port: number }>();
  private readonly next = numbersFrom(66);
  private generations: Generations = { objects: 1, services: 1, host: 1, engine: 1 };
  private hosts: readonly string[] = ["manager-1"];
  private repositoryKey: readonly string[] = [];
  private cutter = new Cutter(
    () => undefined,
    () => undefined,
  );
  private number = 0;
  private stands = false;

  constructor(name: string) {
    this.clone = new Clone(name);
    this.runs = `${this.clone.directory}.runs`;
  }

  async make(): Promise<void> {
    await this.clone.make();
    const hosts = ["manager-1", "worker-1"];
    const directory = join(this.clone.directory, ".swarm", "lab");
    const lab = new Lab({ directory, image: "debian", hosts });
    const targets = hosts.map((host) => [host, async () => lab.target(host)] as const);
    this.place = { lab, machines: new Machines(new Map(targets)) };
    rmSync(this.runs, { recursive: true, force: true });
    mkdirSync(this.runs, { recursive: true });
    this.clone.write("index.ts", program);
    const config = {
      "swarm:lab": { memory: "768MiB", image: "debian" },
      "swarm:hosts": { "manager-1": { role: "manager" } },
    };
    this.clone.write("Pulumi.dev.yaml", JSON.stringify({ config }));
  }

  async clear(): Promise<void> {
    await this.place?.machines.close();
    for (const { proxy } of this.proxies.values()) await proxy.close();
    await this.clone.clear();
  }

  /** A machine with nothing on it, running, and its proxy. */
  async boot(host: string): Promise<void> {
    const progress = (): undefined => undefined;
    await this.lab.services.ensure(progress);
    await this.lab.machine(host).ensure({ memoryMiB: 768 }, progress);
    this.repositoryKey = await labKeys(this.clone.directory);
    if (this.proxies.has(host)) return;
    const password = randomBytes(12).toString("hex");
    const target = async () => this.lab.target(host);
    const proxy = new MachineProxy(target, password, (call, point) => this.cutter.at(call, point));
    this.proxies.set(host, { proxy, port: await proxy.listen() });
  }

  /** The swarm as first declared, made without a cut unless it stands already. */
  async stand(): Promise<void> {
    if (this.stands) return;
    await this.boot("manager-1");
    this.declare(this.generations);
    expectCode(await this.run("up", up), 0);
    this.stands = true;
  }

  /** Writes the configuration and the program's input. */
  declare(generations: Generations, hosts = this.hosts): void {
    this.generations = generations;
    this.hosts = hosts;
    const labels = { generation: String(generations.objects) };
    const engine = { labels: { generation: String(generations.engine) } };
    const machines = hosts.map((host): [string, object] => {
      const { proxy, port } = this.proxyOf(host);
      return [
        host,
        {
          role: host.replace(/-\d+$/, ""),
          address: "127.0.0.1",
          hostKey: proxy.hostKey,
          ssh: { port, password: proxy.password },
          advertiseAddr: this.lab.plan.addressOf(host),
          ...(host === "manager-1" ? { labels, engine } : {}),
        },
      ];
    });
    const config = {
      "swarm:hosts": Object.fromEntries(machines),
      "swarm:engine": {
        repository: this.lab.repository,
        repositoryKey: this.repositoryKey,
        registryMirrors: [this.lab.registryMirror],
      },
      "swarm:settings": { labels },
    };
    this.clone.write("Pulumi.test.yaml", JSON.stringify({ config }));
    this.clone.write("story.json", JSON.stringify(generations));
  }

  /** Changes parts of the declaration, so that their calls are made again. */
  change(parts: readonly (keyof Generations)[]): void {
    const { generations } = this;
    const changed = Object.fromEntries(parts.map((part) => [part, generations[part] + 1]));
    this.declare({ ...generations, ...changed });
  }

  /** Changes which machines there are. */
  cast(hosts: readonly string[]): void {
    this.declare(this.generations, hosts);
  }

  /** What a run of this change says when nothing is cut: how often each kind of call comes. */
  async count(parts: readonly (keyof Generations)[]): Promise<Cutter["counts"]> {
    this.change(parts);
    const { outcome, cutter } = await this.watched("up", up, () => undefined);
    expectCode(outcome, 0);
    return cutter.counts;
  }

  /**
   * Before and after each kind of call that changes something, and a sample of the rest. Where both were cut already, on
   * the way to a first state, one of them.
   */
  plan(counts: Cutter["counts"], sample: number): Planned[] {
    const kinds = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
    const points = (kind: string): Point[] => {
      const left = bothSides.filter((point) => !this.table.has(kind, point));
      return left.length > 0 ? left : [this.next() < 0.5 ? "before" : "after"];
    };
    const planned = kinds
      .filter(([, { changes }]) => changes)
      .flatMap(([kind]) => points(kind).map((point) => this.cutAt(kind, point, 1)));
    const rest = kinds.flatMap(([kind, { times, changes }]) =>
      Array.from({ length: times }, (_, index) => index + 1)
        .filter((time) => !changes || time > 1)
        .flatMap((time) => bothSides.map((point) => ({ kind, point, time }))),
    );
    for (let left = sample; left > 0 && rest.length > 0; left -= 1) {
      const [one] = rest.splice(Math.floor(this.next() * rest.length), 1);
      if (one !== undefined) planned.push(this.cutAt(one.kind, one.point, one.time));
    }
    return planned;
  }

  /** Makes the change, cut there, and runs it again: nothing else may be left to be done, and nothing lost. */
  async cutOnce(parts: readonly (keyof Generations)[], planned: Planned): Promise<void> {
    const { kept } = await look(this.machine("manager-1"));
    this.change(parts);
    const { outcome, cutter } = await this.watched("up", up, (call, point, time) => {
      const isIt = call.kind === planned.kind && point === planned.point && time === planned.time;
      return isIt ? planned.way : undefined;
    });
    // What comes in another order this time may come less often.
    if (cutter.made.length === 0) this.note(`not reached: ${describe(planned)}`);
    for (const cut of cutter.made) this.table.add(cut);
    // One that has lost its connections may have got to its end all the same.
    if (outcome.code !== 0) expectCode(await this.run("up", up), 0);
    await this.expectDeclared(kept);
    for (const cut of cutter.made) this.table.recover(cut);
  }

  /** Runs a task until it is through: each run is cut at the first call, and side of it, that was not cut before. */
  async cutThrough(task: "up" | "destroy", most: number): Promise<void> {
    const all: Cut[] = [];
    for (let run = 0; run < most; run += 1) {
      const { outcome, cutter } = await this.watched(task, up, ({ kind, changes }, point) => {
        const { made } = this.cutter;
        const isKnown = made.some((cut) => cut.kind === kind && cut.point === point);
        if (!changes || isKnown || this.table.has(kind, point)) return undefined;
        return ways[Math.floor(this.next() * ways.length)];
      });
      for (const cut of cutter.made) this.table.add(cut);
      all.push(...cutter.made);
      if (cutter.made.length > 0) continue;
      expectCode(outcome, 0);
      this.stands = task === "up";
      await (task === "up" ? this.expectDeclared() : this.expectEmpty());
      for (const cut of all) this.table.recover(cut);
      return;
    }
    throw new Error(`not through after ${most} runs`);
  }

  /** Kills the lab's making as soon as each of these files of the lab is there, and makes it to its end. */
  async cutLab(files: readonly string[]): Promise<void> {
    const made: Cut[] = [];
    // Without the table at the end: there is no swarm yet.
    const words = ["--yes", "--skip-preview", "--target", "**"];
    for (const file of files) {
      const path = join(this.clone.directory, ".swarm", "lab", file);
      if (existsSync(path)) continue;
      const running = this.clone.start("up", words);
      if (!(await isThere(path, running))) throw new Error(`never there: ${path}`);
      running.kill();
      this.clone.killPlugin();
      this.keep(`lab at ${file}`, await running.outcome);
      const cut: Cut = { kind: `lab: ${file}`, point: "after", way: "run" };
      made.push(cut);
      this.table.add(cut);
    }
    expectCode(await this.run("up", words), 0);
    expectCode(await this.run("preview", ["--expect-no-changes"]), 0);
    for (const cut of made) this.table.recover(cut);
  }

  /** Nothing is left to be done, and the machine shows just what is declared. */
  async expectDeclared(before?: Kept): Promise<void> {
    expectCode(await this.run("preview", [...stack, "--expect-no-changes"]), 0);
    const { shown, kept } = await look(this.machine("manager-1"));
    expect(shown).toEqual(declared(this.generations));
    if (before !== undefined) expect(kept).toEqual(before);
  }

  note(line: string): void {
    appendFileSync(join(this.runs, "notes"), `${new Date().toISOString()} ${line}\n`);
  }

  private async expectEmpty(): Promise<void> {
    const exported = await this.clone.npmOk("pulumi", ["stack", "export", ...stack]);
    expect(JSON.parse(exported)).not.toHaveProperty(["deployment", "resources", 0]);
    const left = await this.machine("manager-1").script(
      `docker info --format '{{.Swarm.LocalNodeState}}'
find /var/lib/swarm-preparation /etc/sysctl.d/90-swarm.conf /etc/modules-load.d/swarm.conf 2>/dev/null || true
grep -c 'swarm nodes' /etc/hosts || true`,
    );
    expect(left.stdout.trim().split("\n")).toEqual(["inactive", "0"]);
  }

  private cutAt(kind: string, point: Point, time: number): Planned {
    return { kind, point, time, way: ways[Math.floor(this.next() * ways.length)] ?? "run" };
  }

  private async run(task: string, words: readonly string[]): Promise<Outcome> {
    const outcome = await this.clone.npm(task, words);
    this.keep(task, outcome);
    return outcome;
  }

  private async watched(
    task: string,
    words: readonly string[],
    wanted: (call: Call, point: Point, time: number) => Way | undefined,
  ): Promise<Watched> {
    const running = this.clone.start(task, words);
    const cutter = new Cutter(wanted, (way) => {
      this.cut(way, running);
    });
    this.cutter = cutter;
    const outcome = await running.outcome;
    this.cutter = new Cutter(
      () => undefined,
      () => undefined,
    );
    this.keep(`${task} cut at ${cutter.made.map(describe).join(", ")}`, outcome);
    return { outcome, cutter };
  }

  private cut(way: Way, running: Running): void {
    if (way === "run") running.kill();
    if (way !== "connection") this.clone.killPlugin();
    for (const { proxy } of this.proxies.values()) proxy.drop();
  }

  /** Every output is read for what it must not say. */
  private keep(title: string, { code, stdout, stderr }: Outcome): void {
    this.number += 1;
    const text = `${title}\nexit ${code}\n${stdout}\n${stderr}\n`;
    writeFileSync(join(this.runs, `${String(this.number).padStart(3, "0")}.txt`), text);
    this.note(`${this.number}: ${title}: exit ${code}`);
    const found = untrue.flatMap((pattern) => pattern.exec(`${stdout}\n${stderr}`)?.[0] ?? []);
    if (found.length > 0) throw new Error(`a run said ${found.join(", ")}\n${text}`);
  }

  private get lab(): Lab {
    if (this.place === undefined) throw new Error("not made yet");
    return this.place.lab;
  }

  private machine(host: string): Machine {
    if (this.place === undefined) throw new Error("not made yet");
    return this.place.machines.get(host);
  }

  private proxyOf(host: string): { proxy: MachineProxy; port: number } {
    const found = this.proxies.get(host);
    if (found === undefined) throw new Error(`${host} was not booted`);
    return found;
  }
}

function describe({ kind, point, way }: Cut): string {
  return `${kind} ${point} (${way})`;
}

function expectCode({ code, stdout, stderr }: Outcome, expected: number): void {
  if (code !== expected) throw new Error(`exited with ${code}\n${stdout}\n${stderr}`);
}

/** Whether a file comes to be before a run has ended. */
async function isThere(path: string, running: Running): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (existsSync(path)) answer(true);
    }, 10);
    const answer = (is: boolean): void => {
      clearInterval(timer);
      resolve(is);
    };
    void running.outcome.then(() => {
      answer(existsSync(path));
    });
  });
}
