import type { Clone, Outcome } from "../e2e/clone";

/** Milliseconds. */
export const minute = 60_000;

/** A clone with a lab, as the stories about swarms use it. */
export class SwarmStory {
  private readonly clone: Clone;
  private readonly managers: readonly string[];
  private readonly workers: readonly string[];

  constructor(clone: Clone, managers: readonly string[], workers: readonly string[] = []) {
    this.clone = clone;
    this.managers = managers;
    this.workers = workers;
  }

  /** Writes the configuration: the hosts, and settings in YAML's own short form. */
  configure(settings: Readonly<Record<string, unknown>>): void {
    const hosts = [
      ...this.managers.map((host): [string, object] => [host, { role: "manager" }]),
      ...this.workers.map((host): [string, object] => [host, { role: "worker" }]),
    ];
    // JSON is YAML.
    const config = {
      "swarm:lab": { memory: "512MiB", image: "debian" },
      "swarm:hosts": Object.fromEntries(hosts),
      "swarm:settings": settings,
    };
    this.clone.write("Pulumi.dev.yaml", JSON.stringify({ config }));
  }

  async up(): Promise<string> {
    return this.clone.npmOk("up", ["--yes", "--skip-preview"], { minutes: 20 });
  }

  /** What Docker says on a host. */
  async docker(host: string, ...words: readonly string[]): Promise<string> {
    return this.clone.on(host, "docker", ...words);
  }

  /** A JSON answer of Docker's. */
  async inspect<T>(host: string, ...words: readonly string[]): Promise<T> {
    return JSON.parse(await this.docker(host, ...words, "--format", "{{json .}}")) as T;
  }

  /** Node → `state manager-status`, as the managers see it. */
  async nodes(host: string): Promise<Record<string, string>> {
    const lines = await this.docker(host, "node", "ls", "--format", "{{json .}}");
    return Object.fromEntries(
      lines.split("\n").map((line) => {
        const { Hostname = "", Status, ManagerStatus } = JSON.parse(line) as Record<string, string>;
        return [Hostname, `${Status ?? ""} ${ManagerStatus ?? ""}`.trim()];
      }),
    );
  }

  async lab(...words: readonly string[]): Promise<Outcome> {
    return this.clone.npm("lab", words);
  }

  /** A secret output in the state. */
  async secretOutput(name: "workerToken" | "managerToken" | "unlockKey"): Promise<string> {
    const words = ["stack", "export", "--show-secrets", "--stack", "dev"];
    const { deployment } = JSON.parse(await this.clone.npmOk("pulumi", words)) as {
      deployment: {
        resources: { type: string; outputs?: Record<string, { plaintext?: string } | undefined> }[];
      };
    };
    const swarm = deployment.resources.find(({ type }) => type === "swarm:index:Swarm");
    return JSON.parse(swarm?.outputs?.[name]?.plaintext ?? '""') as string;
  }
}

/** Seconds that something takes. */
export async function secondsOf(act: () => Promise<unknown>): Promise<number> {
  const began = Date.now();
  await act();
  return (Date.now() - began) / 1000;
}
