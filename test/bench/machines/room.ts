import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Semaphore } from "async-mutex";
import { readBanner } from "../../../lab/ssh-banner";
import { sourceFolder } from "../../../lab/source-folder";
import { command } from "../comparison";

/** What machines are made of. */
export interface Parts {
  /** Disk image with the tree of a system, as the lab's machines have it. */
  readonly image: string;
  /** Folder with the engine's packages. */
  readonly engine: string;
  /** File with the private key that root accepts on each machine; the public one is beside it. */
  readonly key: string;
  /** Name of the cgroup that all machines are in. */
  readonly group: string;
}

/** A machine, as a configuration names it. */
export interface Place {
  readonly address: string;
  readonly hostKey: string;
}

/** What a run has cost on both sides. */
export interface ProcessorSeconds {
  readonly own: number;
  readonly machines: number;
}

/** So many boot at once: each of them is work for a core. */
const AT_ONCE = 4;

/** Seconds that a machine gets to boot, beside so many others. */
const BOOT_SECONDS = 120;

/** Nobody outside of the room sees them: a block that is reserved for tests. */
const NETWORK = "198.18";

/**
 * Machines on one bridge, each with a systemd, an sshd and a file system of its own, and with this machine's kernel. A
 * room is made inside of its namespaces (`enter.ts`) and ends with them.
 */
export class Room {
  /** Text of the private key that root accepts on each machine. */
  readonly privateKey: string;
  /** File that it is in. */
  readonly keyFile: string;
  readonly #publicKey: string;
  readonly #folder: string;
  readonly #groups: string;
  readonly #parts: Parts;
  readonly #running = new Map<string, ChildProcess>();
  readonly #places = new Map<string, Place>();

  private constructor(parts: Parts, folder: string) {
    this.#parts = parts;
    this.#folder = folder;
    this.#groups = join(folder, "groups", parts.group);
    for (const name of ["own", "machines"])
      mkdirSync(join(this.#groups, name), { recursive: true });
    writeFileSync(join(this.#groups, "own", "cgroup.procs"), String(process.pid));
    this.keyFile = parts.key;
    this.privateKey = readFileSync(parts.key, "utf8");
    this.#publicKey = readFileSync(`${parts.key}.pub`, "utf8");
  }

  static async open(parts: Parts): Promise<Room> {
    const folder = resolve(".swarm", "bench", "room");
    mkdirSync(folder, { recursive: true });
    await command(["mount", "-t", "tmpfs", "-o", "mode=700", "tmpfs", folder]);
    for (const name of ["base", "groups", "machines"]) mkdirSync(join(folder, name));
    await command(["mount", "-o", "loop,ro,noload", parts.image, join(folder, "base")]);
    await command(["mount", "-t", "cgroup2", "cgroup2", join(folder, "groups")]);
    for (const line of [
      "link set lo up",
      // A new interface forwards at once instead of after 30 seconds of listening.
      "link add br0 type bridge forward_delay 0 mcast_snooping 0",
      `addr add ${NETWORK}.0.1/16 dev br0`,
      "link set br0 up",
    ])
      await command(["ip", ...line.split(" ")]);
    return new Room(parts, folder);
  }

  /** Address and host key of a machine that was booted. @throws Error for another name */
  place(name: string): Place {
    const place = this.#places.get(name);
    if (place === undefined) throw new Error(`room: got ${name}; expected a machine of it`);
    return place;
  }

  /** An address at which nobody is, and a key that no machine has. @param number - from 1 to 250 */
  nowhere(number: number): Place {
    return { address: `${NETWORK}.9.${number}`, hostKey: keyOf(this.#publicKey) };
  }

  /** From now on nothing says that nobody is there: what is sent to such an address is lost. */
  async swallow({ address }: Place): Promise<void> {
    const neighbour = ["neigh", "replace", address, "lladdr", "02:00:00:00:00:01"];
    await command(["ip", ...neighbour, "dev", "br0", "nud", "permanent"]);
  }

  /** Lays the engine's packages over the tree: what machines with an engine are booted from. */
  async installEngine(): Promise<void> {
    const script = join(sourceFolder("test/bench/machines"), "engine-layer.sh");
    const folder = join(this.#folder, "engine");
    mkdirSync(folder);
    const [packages] = readdirSync(this.#parts.engine, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".deb"))
      .map((file) => dirname(join(this.#parts.engine, file)));
    await command(["bash", script, this.#base, folder, packages ?? ""]);
  }

  /**
   * Boots machines and waits until their SSH servers answer.
   *
   * @param hasEngine - with a Docker Engine that runs; `installEngine` comes first
   */
  async boot(names: readonly string[], { hasEngine = false } = {}): Promise<void> {
    const turns = new Semaphore(AT_ONCE);
    const tree = hasEngine ? `${join(this.#folder, "engine", "own")}:${this.#base}` : this.#base;
    await Promise.all(
      names.map(async (name) => turns.runExclusive(async () => this.#bootOne(name, tree))),
    );
  }

  /** Pulls the plug of machines; their files go with them. */
  async end(names: Iterable<string> = [...this.#running.keys()]): Promise<void> {
    for (const name of [...names]) {
      const running = this.#running.get(name);
      this.#running.delete(name);
      await new Promise((over) => {
        running?.once("close", over);
        running?.kill("SIGKILL");
      });
    }
  }

  /** A machine whose kernel still takes connections, and on which nothing else moves. */
  freeze(name: string): void {
    writeFileSync(join(this.#group(name), "cgroup.freeze"), "1");
  }

  /** Processor seconds so far: of this process with all that it has started, and of all machines. */
  processorSeconds(): ProcessorSeconds {
    const secondsOf = (name: string): number => {
      const text = readFileSync(join(this.#groups, name, "cpu.stat"), "utf8");
      return Number(/^usage_usec (\d+)$/m.exec(text)?.[1]) / 1e6;
    };
    return { own: secondsOf("own"), machines: secondsOf("machines") };
  }

  /** What a command prints on a machine, as its root. */
  async on(name: string, ...words: readonly string[]): Promise<string> {
    return command(["nsenter", "--target", this.#initOf(name), "--all", "--", ...words]);
  }

  /** How often the SSH servers of all machines that run have said that too many came at once. */
  async throttled(): Promise<number> {
    const script = "journalctl --unit ssh --output cat | grep -c 'beginning MaxStartups' || true";
    const counts = await Promise.all(
      [...this.#running.keys()].map(async (name) => this.on(name, "sh", "-c", script)),
    );
    return counts.reduce((sum, count) => sum + Number(count), 0);
  }

  get #base(): string {
    return join(this.#folder, "base");
  }

  #group(name: string): string {
    return join(this.#groups, "machines", name);
  }

  /** Process id, as seen in this room, of a machine's first process. */
  #initOf(name: string): string {
    const pid = String(this.#running.get(name)?.pid);
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  }

  async #bootOne(name: string, tree: string): Promise<void> {
    const number = this.#places.size;
    const place = this.#places.get(name);
    const address =
      place?.address ?? `${NETWORK}.${1 + Math.floor(number / 250)}.${1 + (number % 250)}`;
    const folder = join(this.#folder, "machines", `${name}-${Date.now()}`);
    this.#places.set(name, { address, hostKey: "" });
    mkdirSync(folder);
    writeFileSync(join(folder, "authorized_keys"), this.#publicKey);
    const script = join(sourceFolder("test/bench/machines"), "machine.sh");
    const plug = `plug-${address.split(".").slice(2).join("-")}`;
    const words = [script, this.#group(name), tree, folder, name, address, plug];
    const child = spawn("bash", words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    this.#running.set(name, child);
    const end = Date.now() + BOOT_SECONDS * 1000;
    while (!(await readBanner(address)).startsWith("SSH-")) {
      if (child.exitCode !== null)
        throw new Error(`${name}: ended with code ${child.exitCode} while it booted\n${said}`);
      if (Date.now() > end)
        throw new Error(`${name}: no SSH server at ${address} within ${BOOT_SECONDS} s\n${said}`);
      // Nothing tells when an sshd listens: it can only be asked again.
      await delay(100);
    }
    const hostKey = keyOf(readFileSync(join(folder, "host_key.pub"), "utf8"));
    this.#places.set(name, { address, hostKey });
  }
}

/** A public key without its comment. */
function keyOf(text: string): string {
  return text.trim().split(" ").slice(0, 2).join(" ");
}
