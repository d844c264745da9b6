import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import type { Rack } from "../drills/rack";
import { command } from "./comparison";

/** What is fetched with pip: Ansible with its collections, and what its modules for Docker need on the machines. */
const PACKAGES = ["ansible==12.3.0", "ansible-core==2.19.14", "docker==7.1.0"];

/** What `docker` for Python is made of, in plain Python. */
const LIBRARY = ["docker", "requests", "urllib3", "idna", "certifi", "charset_normalizer"];

/** A playbook: plays, as they stand in its file. */
export type Playbook = readonly Readonly<Record<string, unknown>>[];

/** How the tasks of a playbook ended, over all machines. */
export interface Recap {
  readonly changed: number;
  /** All that was printed. */
  readonly text: string;
}

/** What stands behind `ssh`. */
interface Login {
  readonly destination: string;
  readonly options: readonly string[];
}

/** Ansible in a virtual environment of its own, with a rack's machines as its inventory. */
export class Ansible {
  private readonly folder: string;
  private readonly rack: Rack;

  private constructor(folder: string, rack: Rack) {
    this.folder = folder;
    this.rack = rack;
  }

  /** Fetches it where it is not here yet. @throws Error when Python, its venv or the package index cannot be had */
  static async get(rack: Rack): Promise<Ansible> {
    const folder = resolve(".swarm", "bench", "ansible");
    const done = join(folder, PACKAGES.join("+"));
    if (!existsSync(done)) {
      mkdirSync(folder, { recursive: true });
      await command(["python3", "-m", "venv", join(folder, "venv")]);
      const pip = join(folder, "venv", "bin", "pip");
      await command([pip, "install", "--quiet", "--disable-pip-version-check", ...PACKAGES]);
      writeFileSync(done, "");
    }
    return new Ansible(folder, rack);
  }

  /** Writes down the machines as they are now, and brings what the modules need there. */
  async meet(): Promise<void> {
    const hosts = Object.entries(this.rack.hosts());
    const known = hosts.map(([, { address, hostKey }]) => `${address} ${hostKey}\n`);
    writeFileSync(this.path("known_hosts"), known.join(""));
    writeFileSync(this.path("key"), this.rack.privateKey, { mode: 0o600 });
    const group = (wanted: string) => ({
      hosts: Object.fromEntries(
        hosts
          .filter(([, { role }]) => role === wanted)
          .map(([name, { address }]) => [name, { ansible_host: address }]),
      ),
    });
    const inventory = { managers: group("manager"), workers: group("worker") };
    writeFileSync(this.path("inventory.yml"), stringify(inventory));
    await Promise.all(hosts.map(async ([, { address }]) => this.bringLibrary(address)));
  }

  /** Runs a playbook. @throws Error with all that it said when a task fails */
  async play(playbook: Playbook, ...flags: readonly string[]): Promise<Recap> {
    writeFileSync(this.path("playbook.yml"), stringify(playbook));
    const program = join(this.folder, "venv", "bin", "ansible-playbook");
    const words = ["-i", this.path("inventory.yml"), ...flags, this.path("playbook.yml")];
    const text = await command([program, ...words], this.environment());
    const counts = [...text.matchAll(/ changed=(\d+) /g)].map(([, count]) => Number(count));
    return { changed: counts.reduce((sum, count) => sum + count, 0), text };
  }

  /** As its users have it: host keys checked, connections kept, fewer round trips per task. */
  private environment(): Record<string, string> {
    return {
      ANSIBLE_HOME: this.path("home"),
      ANSIBLE_LOCAL_TEMP: this.path("temp"),
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_FORKS: "10",
      ANSIBLE_PIPELINING: "True",
      ANSIBLE_REMOTE_USER: "root",
      ANSIBLE_PRIVATE_KEY_FILE: this.path("key"),
      ANSIBLE_SSH_COMMON_ARGS: `-o UserKnownHostsFile=${this.path("known_hosts")}`,
      LC_ALL: "C.UTF-8",
    };
  }

  /** A command on one of the machines, over the machine's own `ssh`. */
  async on(host: string, line: string): Promise<string> {
    return command([...this.ssh(this.rack.addressOf(host)), line]);
  }

  private async bringLibrary(address: string): Promise<void> {
    const from = `${join(this.folder, "venv", "lib")}/python3.*/site-packages`;
    const unpack =
      'to=$(python3 -c "import site; print(site.getsitepackages()[0])"); mkdir -p "$to"; tar -x -C "$to"';
    const line = `tar -C ${from} -c ${LIBRARY.join(" ")} | ${this.ssh(address).join(" ")} '${unpack}'`;
    await command(["bash", "-o", "pipefail", "-c", line]);
  }

  /** How a program that starts `ssh` by itself gets onto one of the machines. */
  login(host: string): Login {
    return this.loginAt(this.rack.addressOf(host));
  }

  private loginAt(address: string): Login {
    const known = `UserKnownHostsFile=${this.path("known_hosts")}`;
    return { destination: `root@${address}`, options: ["-i", this.path("key"), "-o", known] };
  }

  private ssh(address: string): string[] {
    const { destination, options } = this.loginAt(address);
    return ["ssh", ...options, destination];
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}
