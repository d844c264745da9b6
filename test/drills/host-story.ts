import type { LabImage } from "../../lab/base-image";
import { Clone, type Outcome } from "../e2e/clone";
import { byHand, declared, rules, written } from "./host-hand";
import { compareTrees, keepTree } from "./host-tree";
import { Rack, site } from "./rack";
import { until } from "./stack-lab";
import { minute, setProgram } from "./story";

/** A system and an engine on it. */
export interface Cell {
  readonly image: LabImage;
  /** First digits of the engine's version, as a user declares them, and the whole of it. */
  readonly declared: string;
  readonly version: string;
}

/** Is told how many seconds an act of the story took. */
type Clock = (act: string, seconds: number) => void;

const roles = { "manager-1": "manager", "worker-1": "worker" };
const hosts = Object.keys(roles);
const [manager = "", worker = ""] = hosts;

const service = `new Service("web", {
  image: "nginx", replicas: 2, ports: [{ target: 80, published: 8080 }],
}, onCluster(cluster));`;

/** The acts of one cell: what is bare becomes a swarm, is repaired, and is bare again. */
export function tellHosts(cell: Cell, clock: Clock): void {
  const stage = new Stage(cell, clock);

  beforeAll(async () => stage.boot(), 60 * minute);
  afterAll(() => stage.clear(), 20 * minute);

  if (cell.image === "centos7" && cell.declared !== "26.1") {
    it(
      "is told which versions there are for it",
      async () => stage.timed("refused", async () => stage.isRefused()),
      30 * minute,
    );
    return;
  }
  it(
    "is bare, and becomes a swarm of two on which a service answers",
    async () => stage.timed("up", async () => stage.becomesSwarm()),
    40 * minute,
  );
  it(
    "shows what was changed by hand on a machine, and repairs it",
    async () => stage.timed("repaired", async () => stage.isRepaired()),
    30 * minute,
  );
  it("is left as it was", async () => stage.timed("left", async () => stage.isLeft()), 30 * minute);
}

/** Two machines of a rack with what happens to them. */
class Stage {
  private readonly cell: Cell;
  private readonly clock: Clock;
  private readonly clone: Clone;
  private readonly rack: Rack;
  private rulesBefore = "";

  constructor(cell: Cell, clock: Clock) {
    this.cell = cell;
    this.clock = clock;
    this.clone = new Clone(`hosts-${cell.image}-${cell.declared}`);
    this.rack = new Rack(this.clone, roles);
  }

  async boot(): Promise<void> {
    const { image, declared: version } = this.cell;
    await this.clone.make();
    await this.timed("boot", async () => {
      await this.rack.boot({ memory: "640MiB", image }, { version });
      for (const host of hosts) await this.run(host, keepTree);
      this.rulesBefore = await this.run(manager, rules(this.cell));
    });
    setProgram(this.clone, service);
    this.rack.declare({
      "swarm:engine": { ...this.rack.engine, version, daemon: declared.daemon },
      "swarm:host": { ...declared.host, removeEngine: true },
      "swarm:ssh": { privateKey: this.rack.privateKey },
      "swarm:hosts": this.rack.hosts(),
      "swarm:stacks": { story: { program: "story" } },
    });
  }

  async clear(): Promise<void> {
    await this.clone.npm("destroy", ["--yes", ...site]);
    await this.clone.clear();
  }

  /** Does something, and tells the clock how long it took. */
  async timed(act: string, does: () => Promise<void>): Promise<void> {
    const start = Date.now();
    await does();
    this.clock(act, Math.round((Date.now() - start) / 1000));
  }

  async isRefused(): Promise<void> {
    const { code, stdout, stderr } = await this.up();
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(
      `the repository has no docker-ce ${this.cell.declared}; it has 26.1.5. Declare one of them.`,
    );
  }

  async becomesSwarm(): Promise<void> {
    if (this.cell.image === "centos7") await this.findsMirrorsGone();
    await this.isUp();
    const { version } = this.cell;
    for (const host of hosts)
      expect(await this.run(host, "docker version --format '{{.Server.Version}}'")).toMatch(
        new RegExp(`^${version.replaceAll(".", "\\.")}(\\+|$)`),
      );
  }

  async isRepaired(): Promise<void> {
    const { image } = this.cell;
    const address = this.rack.addressOf(worker);
    const place = { image, worker, address };
    const found = await this.run(manager, written(place));
    await this.run(manager, byHand(place));
    expect(await this.run(manager, written(place))).not.toBe(found);
    const properties = [
      "addresses.worker-1",
      "engine.daemon.max-concurrent-downloads",
      "engine.repositoryKey[0]",
      ...(image === "debian" ? [] : ["firewall.ports[2]"]),
      'sysctls["vm.max_map_count"]',
    ];
    expect(await this.clone.planned(site)).toEqual([
      `update cluster-host-${manager} ${properties.join(" ")}`,
    ]);
    await this.isUp();
    expect(await this.run(manager, written(place))).toBe(found);
  }

  async isLeft(): Promise<void> {
    await this.clone.npmOk("destroy", ["--yes", ...site], { minutes: 20 });
    for (const host of hosts) expect(await this.run(host, rules(this.cell))).toBe(this.rulesBefore);
    const found = await Promise.all(hosts.map(async (host) => this.run(host, compareTrees)));
    expect(found).toEqual(hosts.map(() => ""));
  }

  private async up(): Promise<Outcome> {
    return this.clone.npm("up", ["--yes", "--skip-preview", ...site], { minutes: 30 });
  }

  /** `up` carries out all that is declared, and each node answers for the service. */
  private async isUp(): Promise<void> {
    const { code, stdout, stderr } = await this.up();
    if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
    for (const host of hosts) await until(`http://${this.rack.addressOf(host)}:8080/`, "nginx");
    expect(await this.clone.planned(site)).toEqual([]);
  }

  /** What CentOS 7 has to say before anything can be installed there, and that what it says is the way out. */
  private async findsMirrorsGone(): Promise<void> {
    const { code, stdout, stderr } = await this.up();
    expect(code).not.toBe(0);
    const said = `${stdout}${stderr}`;
    expect(said).toContain("Cannot find a valid baseurl for repo: base/7/x86_64");
    const [advice = ""] = /sed -i -e .* \/etc\/yum\.repos\.d\/CentOS-Base\.repo/.exec(said) ?? [];
    expect(advice).toContain("https://vault.centos.org");
    // The lab's own vault is laid out like CentOS's, and the only one in reach.
    const vault = `${new URL(this.rack.repository).origin}/vault`;
    for (const host of hosts)
      await this.run(host, advice.replace("https://vault.centos.org", vault));
  }

  /** A script on a machine. */
  private async run(host: string, script: string): Promise<string> {
    const text = Buffer.from(`set -euo pipefail\n${script}`).toString("base64");
    return this.clone.on(host, `echo ${text} | base64 -d | bash`);
  }
}
