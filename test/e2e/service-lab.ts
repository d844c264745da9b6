import type { Declared } from "../service-cases/case";
import { Clone } from "./clone";
import type { Outcome } from "./clone";
import { LabEngine } from "./lab-engine";

/** What a preview would do to one resource: the operation and every property path with its kind of change. */
export interface Planned {
  readonly op: string;
  readonly changes: Readonly<Record<string, string>>;
}

/** Arguments of a service by resource name; `$options` are Pulumi's. */
export type Services = Readonly<Record<string, Declared>>;

const program = `
import { readFileSync } from "node:fs";
import { Cluster } from "./components/cluster";
import { Config } from "./resources/config";
import { Network } from "./resources/network";
import { Secret } from "./resources/secret";
import { Service } from "./resources/service";
import { readSettings } from "./settings";

const cluster = new Cluster("cluster", readSettings());
const at = { provider: cluster.provider, dependsOn: Object.values(cluster.nodes) };
const secret = new Secret("S1", { value: "a secret" }, at);
const config = new Config("C1", { value: "a config" }, at);
const networks = ["net-a", "net-b"].map((name) => new Network(name, {}, at));
const real: Record<string, unknown> = { S1: secret.name, C1: config.name };
const filled = (value: unknown): any => {
  if (typeof value === "string") return real[value] ?? value;
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item)]));
};
const made: Record<string, Service> = {};
for (const [name, { $options = {}, ...args }] of Object.entries<any>(
  JSON.parse(readFileSync("services.json", "utf8")),
)) {
  const { dependsOn = [], ...options } = $options;
  const needs = [...at.dependsOn, ...networks, ...dependsOn.map((other: string) => made[other])];
  made[name] = new Service(name, filled(args), { ...at, ...options, dependsOn: needs });
}
`;

/** A lab of small machines whose program declares services as they stand in a file. */
export class ServiceLab {
  readonly clone: Clone;
  readonly docker: LabEngine;
  private readonly hosts: readonly string[];

  /** @param hosts names; the first is the manager */
  constructor(story: string, hosts: readonly string[]) {
    this.clone = new Clone(story);
    this.hosts = hosts;
    this.docker = new LabEngine(this.clone, hosts[0] ?? "", hosts);
  }

  /** Lays the clone with its program. `more`: further lines of the configuration. */
  async make(more = ""): Promise<void> {
    await this.clone.make();
    this.clone.write("index.ts", program);
    this.configure(more);
    this.declare({});
    // Makes the stack; `npm run pulumi` hands on to Pulumi, which asks for one.
    await this.clone.npmOk("preview");
  }

  /** Writes the configuration anew. @param drained a worker that takes no task */
  configure(more = "", drained?: string): void {
    const lines = this.hosts.map((host, index) => {
      const role = index === 0 ? "manager" : "worker";
      return `    ${host}: { role: ${role}${host === drained ? ", availability: drain" : ""} }\n`;
    });
    const lab = "config:\n  swarm:lab: { memory: 768MiB, image: debian }\n  swarm:hosts:\n";
    this.clone.write("Pulumi.dev.yaml", `${lab}${lines.join("")}${more}`);
  }

  declare(services: Services): void {
    this.clone.write("services.json", JSON.stringify(services));
  }

  /** `pulumi up`, without the table at the end, which asks every URL: many services here run no task. */
  async up(...flags: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.tryUp(...flags);
    if (code !== 0) throw new Error(`up exited with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** The same, whatever comes of it. */
  async tryUp(...flags: readonly string[]): Promise<Outcome> {
    return this.clone.npm("pulumi", ["up", "--yes", "--stack", "dev", ...flags], { minutes: 25 });
  }

  /** Everything that a preview would do, by resource. */
  async planned(): Promise<Record<string, Planned>> {
    return Object.fromEntries(
      (await this.clone.steps()).map(({ op, urn, detailedDiff }) => [
        urn.split("::").at(-1) ?? urn,
        {
          op,
          changes: Object.fromEntries(
            Object.entries(detailedDiff ?? {}).map(([path, { kind }]) => [path, kind]),
          ),
        },
      ]),
    );
  }

  /** Takes the lab down and removes the clone. @throws Error when that takes force */
  async remove(): Promise<void> {
    await this.docker.close();
    await this.clone.clear();
  }
}
