import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clone } from "../e2e/clone";
import { labKeys } from "./lab-key";

/** Flags of the stack that knows the machines as a rack's. */
export const site = ["--stack", "site"];

/** How a machine of a rack is declared. */
export interface RackHost {
  readonly role: string;
  readonly address: string;
  readonly hostKey: string;
}

interface LabServices {
  readonly registryMirror: string;
  readonly repository: string;
}

/** Everything up to machines that answer, and nothing on them. */
const machinesOnly = ["", "-provider", "-lab", "-machine-*"].flatMap((name) => [
  "--target",
  `**::cluster${name}`,
]);

/**
 * Machines that are there already: the clone's own stack boots them, and another one that knows no lab reaches them by
 * address, host key and login, like a rack's.
 */
export class Rack {
  /** Where the machines find Docker's packages and images: `swarm:engine`. */
  engine: object = {};
  /** The first of these. */
  repository = "";
  private readonly clone: Clone;
  private readonly roles: Readonly<Record<string, string>>;
  private readonly addresses: Record<string, string> = {};

  /** @param roles - host → role */
  constructor(clone: Clone, roles: Readonly<Record<string, string>>) {
    this.clone = clone;
    this.roles = roles;
  }

  /**
   * Boots the machines.
   *
   * @param lab - `swarm:lab`
   * @param engine - `swarm:engine`, for one that not every lab's repository has
   */
  async boot(lab: object, engine: object = {}): Promise<void> {
    const hosts = Object.entries(this.roles).map(([host, role]) => [host, { role }]);
    const config = {
      "swarm:lab": lab,
      "swarm:engine": engine,
      "swarm:hosts": Object.fromEntries(hosts) as object,
    };
    this.clone.write("Pulumi.dev.yaml", JSON.stringify({ config }));
    await this.clone.npmOk("up", ["--yes", "--skip-preview", ...machinesOnly], { minutes: 30 });
    for (const host of Object.keys(this.roles))
      [, this.addresses[host] = ""] = await this.interfaceOf(host);
    const { registryMirror, repository } = await this.services();
    const repositoryKey = await labKeys(this.clone.directory);
    this.repository = repository;
    this.engine = { repository, repositoryKey, registryMirrors: [registryMirror] };
  }

  /** Address of a machine that was booted. */
  addressOf(host: string): string {
    return this.addresses[host] ?? "";
  }

  /** A machine's own interface and address. */
  async interfaceOf(host: string): Promise<[string, string]> {
    const line = "ip -4 -o address show scope global | awk '{ print $2, $4; exit }' | cut -d/ -f1";
    const [device = "", address = ""] = (await this.clone.on(host, line)).split(" ");
    return [device, address];
  }

  /** `swarm:hosts` of the machines that are named; of all of them otherwise. */
  hosts(...names: readonly string[]): Record<string, RackHost> {
    const chosen = names.length === 0 ? Object.keys(this.roles) : names;
    return Object.fromEntries(chosen.map((host) => [host, this.host(host)]));
  }

  /** Text of the private key that root accepts on each machine. */
  get privateKey(): string {
    return readFileSync(join(this.folder, "id_ed25519"), "utf8");
  }

  /** Writes the configuration of the stack `site`. */
  declare(config: Readonly<Record<string, unknown>>): void {
    const whole = { "swarm:engine": this.engine, ...config };
    this.clone.write("Pulumi.site.yaml", JSON.stringify({ config: whole }));
  }

  private get folder(): string {
    return join(this.clone.directory, ".swarm", "lab");
  }

  private host(name: string): RackHost {
    return {
      role: this.roles[name] ?? "worker",
      address: this.addressOf(name),
      hostKey: readFileSync(join(this.folder, "machines", name, "host_key.pub"), "utf8").trim(),
    };
  }

  private async services(): Promise<LabServices> {
    const state = await this.clone.npmOk("pulumi", ["stack", "export", "--stack", "dev"]);
    const { deployment } = JSON.parse(state) as {
      deployment: { resources: { type: string; outputs: LabServices }[] };
    };
    const found = deployment.resources.find(({ type }) => type === "swarm:index:LabServices");
    if (found === undefined) throw new Error("the lab's stack has no services");
    return found.outputs;
  }
}
