import type { LabImage } from "../../lab/base-image";
import { Clone } from "../e2e/clone";
import { configuration, isSettled, minute, nodesSeenBy } from "./node-lab";
import { Visitor } from "./visitor";

/** An upgrade of the engine, as one line of the configuration. */
interface Upgrade {
  /** Name of the clone. */
  readonly story: string;
  /** System of the machines. */
  readonly image: LabImage;
  /** Whole versions of the engine. */
  readonly from: string;
  readonly to: string;
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
 * The engines of three managers are brought to the next version while a service with one task is asked from outside:
 * machine by machine, tasks first, and no request is lost.
 */
export function tellUpgrade({ story, image, from, to }: Upgrade): void {
  const clone = new Clone(story);
  const hosts = ["manager-1", "manager-2", "manager-3"];

  function declare(version: string): void {
    const lines = hosts.map((host) => `${host}: { role: manager }`);
    const engine = `  swarm:engine: { version: "${version}" }\n`;
    clone.write("Pulumi.dev.yaml", configuration(lines, image) + engine);
  }

  beforeAll(async () => {
    await clone.make();
    declare(from);
    await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 40 });
  }, 50 * minute);

  afterAll(() => clone.clear(), 15 * minute);

  it(
    `comes to one machine after the other, from ${from} to ${to}, and no request is lost`,
    async () => {
      expect(await versions(clone, hosts)).toEqual(hosts.map(() => from));
      await clone.on(
        "manager-1",
        "docker service create --quiet --name web --publish 8080:80 --update-order start-first " +
          "--health-interval 2s --health-timeout 20s --health-retries 10 " +
          "--health-cmd 'bash -c \": </dev/tcp/127.0.0.1/80\"' nginx:latest",
      );
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
      console.log(`${visitor.answered} answered, ${visitor.lost} lost`);
      expect(await versions(clone, hosts)).toEqual(hosts.map(() => to));
      for (const node of Object.values(await nodesSeenBy(clone, "manager-1")))
        expect(node).toMatchObject({ role: "manager", state: "ready", availability: "active" });
      expect(visitor.answered).toBeGreaterThan(100);
      expect(visitor.lost).toBe(0);
      expect(await isSettled(clone)).toBe(true);
    },
    60 * minute,
  );
}
