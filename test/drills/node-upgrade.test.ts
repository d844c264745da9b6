/**
 * The engines of three managers are brought from one version to the next by one line of the configuration, while a
 * service with one task is asked from outside: machine by machine, tasks first.
 *
 * Does not prove: a client that knows one address alone (while a machine's engine restarts, the machine answers for no
 * service); an upgrade that fails in the middle; engines from another package repository.
 */
import { get } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { Clone } from "../e2e/clone";
import { configuration, isSettled, minute, nodesSeenBy } from "./node-lab";

const clone = new Clone("node-upgrade");
const hosts = ["manager-1", "manager-2", "manager-3"];

function declare(version: string): void {
  const lines = hosts.map((host) => `${host}: { role: manager }`);
  const engine = `  swarm:engine: { version: "${version}" }\n`;
  clone.write("Pulumi.dev.yaml", configuration(lines) + engine);
}

beforeAll(async () => {
  await clone.make();
  declare("20.10.24");
  await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 40 });
}, 50 * minute);

afterAll(() => clone.clear(), 15 * minute);

/** Versions as the engines say them, without what a distribution adds. */
async function versions(): Promise<string[]> {
  const format = "{{.Server.Version}}";
  const found = await Promise.all(
    hosts.map(async (host) => clone.on(host, "docker", "version", "--format", format)),
  );
  return found.map((version) => version.replace(/\+.*$/, ""));
}

/** A load balancer's client: asks again and again, and the next address when one does not answer. */
class Visitor {
  answered = 0;
  /** Times when no address answered. */
  lost = 0;
  private stopped = false;
  private readonly walk: Promise<void>;

  constructor(urls: readonly string[]) {
    this.walk = this.ask([...urls]);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.walk;
  }

  private async ask(urls: string[]): Promise<void> {
    while (!this.stopped) {
      let tries = urls.length;
      while (tries > 0 && !(await answers(urls[0] ?? ""))) {
        urls.push(urls.shift() ?? "");
        tries -= 1;
      }
      if (tries > 0) this.answered += 1;
      else this.lost += 1;
      await delay(50);
    }
  }
}

function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { agent: false, timeout: 10_000 }, (response) => {
      response.resume();
      response.once("end", () => {
        resolve(response.statusCode === 200);
      });
    });
    request.once("timeout", () => request.destroy(new Error("no answer")));
    request.once("error", () => {
      resolve(false);
    });
  });
}

async function urls(): Promise<string[]> {
  const words = ["stack", "output", "--json", "nodes", "--stack", "dev"];
  const nodes = JSON.parse(await clone.npmOk("pulumi", words)) as Record<
    string,
    { address: string }
  >;
  return Object.values(nodes).map(({ address }) => `http://${address}:8080/`);
}

describe("another version of the engine", () => {
  it(
    "comes to one machine after the other, and no request is lost",
    async () => {
      expect(await versions()).toEqual(["20.10.24", "20.10.24", "20.10.24"]);
      await clone.on(
        "manager-1",
        "docker service create --quiet --name web --publish 8080:80 --update-order start-first " +
          "--health-interval 2s --health-timeout 20s --health-retries 10 " +
          "--health-cmd 'bash -c \": </dev/tcp/127.0.0.1/80\"' nginx:latest",
      );
      declare("26.1.5");
      expect(await clone.npmOk("preview")).toContain(
        "the engine restarts: the node gives its tasks away before and takes new ones afterwards",
      );
      expect(await clone.planned()).toEqual(
        expect.arrayContaining(hosts.map((host) => `update cluster-host-${host} engine.version`)),
      );
      const visitor = new Visitor(await urls());
      const said = await clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 30 });
      await visitor.stop();
      expect(said).not.toContain("has no health check");
      console.log(`${visitor.answered} answered, ${visitor.lost} lost`);
      expect(await versions()).toEqual(["26.1.5", "26.1.5", "26.1.5"]);
      for (const node of Object.values(await nodesSeenBy(clone, "manager-1")))
        expect(node).toMatchObject({ role: "manager", state: "ready", availability: "active" });
      expect(visitor.answered).toBeGreaterThan(100);
      expect(visitor.lost).toBe(0);
      expect(await isSettled(clone)).toBe(true);
    },
    60 * minute,
  );
});
