import type { LabImage } from "../../lab/base-image";
import { Clone } from "../e2e/clone";
import { configuration, isSettled, minute, nodesSeenBy } from "./node-lab";
import { Visitor } from "./visitor";

/** Upgrades of the engine, each one line of the configuration. */
interface Upgrade {
  /** Name of the clone. */
  readonly story: string;
  /** System of the machines. */
  readonly image: LabImage;
  /** Whole versions of the engine, one after the other. */
  readonly steps: readonly string[];
}

/** Versions as the engines say them, without what a distribution adds. */
export async function versions(clone: Clone, hosts: readonly string[]): Promise<string[]> {
  const format = "{{.Server.Version}}";
  const found = await Promise.all(
    hosts.map(async (host) => clone.on(host, "docker", "version", "--format", format)),
  );
  return found.map((version) => version.replace(/\+.*$/, ""));
}

/** The URLs of a port on all nodes, as `up` says their addresses. */
export async function urls(clone: Clone, port: number): Promise<string[]> {
  const words = ["stack", "output", "--json", "nodes", "--stack", "dev"];
  const nodes = JSON.parse(await clone.npmOk("pulumi", words)) as Record<
    string,
    { address: string }
  >;
  return Object.values(nodes).map(({ address }) => `http://${address}:${port}/`);
}

/**
 * The engines of three managers and a worker are brought from version to version while a service with one task is asked
 * from outside: machine by machine, tasks first, and no request is lost.
 */
export function tellUpgrade({ story, image, steps }: Upgrade): void {
  const clone = new Clone(story);
  const managers = ["manager-1", "manager-2", "manager-3"];
  const hosts = [...managers, "worker-1"];
  const [first = ""] = steps;

  function declare(version: string): void {
    const lines = [
      ...managers.map((host) => `${host}: { role: manager }`),
      "worker-1: { role: worker }",
    ];
    const engine = `  swarm:engine: { version: "${version}" }\n`;
    clone.write("Pulumi.dev.yaml", configuration(lines, image) + engine);
  }

  beforeAll(async () => {
    await clone.make();
    declare(first);
    await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 40 });
    await clone.on(
      "manager-1",
      "docker service create --quiet --name web --publish 8080:80 --update-order start-first " +
        "--health-interval 2s --health-timeout 20s --health-retries 10 " +
        "--health-cmd 'bash -c \": </dev/tcp/127.0.0.1/80\"' nginx:latest",
    );
  }, 50 * minute);

  afterAll(() => clone.clear(), 15 * minute);

  const pairs = steps.slice(1).map((to, index) => [steps[index] ?? "", to] as const);
  it.each(pairs)(
    "comes to one machine after the other, from %s to %s, and no request is lost",
    async (from, to) => {
      expect(await versions(clone, hosts)).toEqual(hosts.map(() => from));
      declare(to);
      expect(await clone.npmOk("preview")).toContain(
        "the engine restarts: the node gives its tasks away before and takes new ones afterwards",
      );
      expect(await clone.planned()).toEqual(
        expect.arrayContaining(hosts.map((host) => `update cluster-host-${host} engine.version`)),
      );
      const visitor = new Visitor(await urls(clone, 8080));
      const said = await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
      await visitor.stop();
      expect(said).not.toContain("has no health check");
      console.log(`${from} to ${to}: ${visitor.answered} answered, ${visitor.lost} lost`);
      expect(await versions(clone, hosts)).toEqual(hosts.map(() => to));
      const nodes = await nodesSeenBy(clone, "manager-1");
      for (const host of hosts) {
        const role = managers.includes(host) ? "manager" : "worker";
        expect(nodes[host]).toMatchObject({ role, state: "ready", availability: "active" });
      }
      expect(visitor.answered).toBeGreaterThan(100);
      expect(visitor.lost).toBe(0);
      expect(await isSettled(clone)).toBe(true);
    },
    60 * minute,
  );

  it(
    "goes to no older one",
    async () => {
      declare(first);
      const { code, stdout, stderr } = await clone.npm("preview");
      expect(code).toBe(1);
      expect(stdout + stderr).toContain("an engine never goes back to an older version");
      expect(await versions(clone, hosts)).toEqual(hosts.map(() => steps.at(-1)));
    },
    10 * minute,
  );
}
