import { existsSync, realpathSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { quoteAll } from "../hosts/shell";
import type { Target } from "../hosts/target";
import { AddressBook, readRoutes } from "./addresses";
import { baseImagePath, type LabImage } from "./base-image";
import { removeTree, type Progress } from "./cache";
import { clientKey, LabMachine, machineFolder } from "./machine";
import { LabNetwork } from "./network";
import { allParts, imageParts, machineParts, type PartsPlace } from "./parts";
import { type LabPlan, planLab } from "./plan";
import { findProblems, readMachineFacts } from "./problems";
import { explained, newerThanProven, readProven, versionsToProve, writeProven } from "./proven";
import { LabServices } from "./services";
import { type Command, Toolbox } from "./toolbox";

/** Disk space in MiB: tools, base image, packages and images when nothing is built yet; one machine while it works. */
const DISK = { cacheMiB: 5000, machineMiB: 2000 } as const;

/** Memory in MiB that a machine's process takes beside the machine's own. */
const OVERHEAD_MIB = 64;

/** Machines on this machine, and the gateway that gives them packages and images. */
export class Lab {
  /** Names and addresses, known before anything exists. */
  readonly plan: LabPlan;
  /** Network, package repository and image registry. */
  readonly services: LabServices;
  readonly #directory: string;
  readonly #cache: string;
  readonly #image: LabImage;
  readonly #toolbox: Toolbox;
  readonly #network: LabNetwork;
  readonly #book: AddressBook;
  readonly #hosts: readonly string[];

  /**
   * Reads the machine's routes and the lab's recorded addresses; no side effect.
   *
   * @param options.directory the lab's folder, absolute; two folders are two labs
   * @param options.hosts names of all configured hosts: with them every address is known at once
   * @throws Error when there is no free subnet or address
   */
  constructor(options: {
    readonly directory: string;
    readonly image: LabImage;
    readonly hosts: readonly string[];
  }) {
    const { directory, image, hosts } = options;
    this.#directory = directory;
    this.#image = image;
    this.#hosts = hosts;
    // The cache may be a link: labs of several clones can share one.
    const cache = `${directory}/cache`;
    this.#cache = existsSync(cache) ? realpathSync(cache) : cache;
    this.#book = new AddressBook(directory);
    this.plan = planLab({ directory, routes: readRoutes(), hosts, recorded: this.#book.read() });
    this.#toolbox = new Toolbox(directory, this.#cache);
    this.#network = new LabNetwork({
      directory: `${directory}/network`,
      toolbox: this.#toolbox,
      plan: this.plan,
      others: async () => this.#machinePids(),
    });
    this.services = new LabServices({
      directory,
      image,
      cacheDirectory: this.#cache,
      gateway: this.plan.gateway,
      toolbox: this.#toolbox,
      network: this.#network,
      record: async () => this.#book.keep(this.plan),
    });
  }

  /** URL for `registry-mirrors` of a daemon.json. */
  get registryMirror(): string {
    return this.services.registryMirror;
  }

  /** URL of the package repository, in the place of Docker's `https://download.docker.com/linux`. */
  get repository(): string {
    return this.services.repository;
  }

  /**
   * Why this machine cannot run the lab, one text per reason; empty when it can. Touches nothing.
   *
   * @param memoryMiB memory of the machines that are still to be booted, together
   */
  async problems(memoryMiB: number): Promise<string[]> {
    const made = await Promise.all(this.#hosts.map((host) => this.machine(host).state()));
    const absent = made.filter((state) => state === "absent").length;
    const stopped = made.filter((state) => state !== "running").length;
    const built = existsSync(baseImagePath(this.#cache, this.#image));
    return findProblems(await readMachineFacts(this.#directory), {
      memoryMiB: memoryMiB + stopped * OVERHEAD_MIB,
      diskMiB: (built ? 0 : DISK.cacheMiB) + absent * DISK.machineMiB,
      folder: this.#directory,
    });
  }

  /** Does something that the machines' packages can make fail; the error then says which are newer than proven. */
  async explained<T>(act: () => Promise<T>): Promise<T> {
    return explained(async () => this.newerThanProven(), act);
  }

  /**
   * Which Debian packages are newer here than those that the lab was last proven with, as one sentence for an error;
   * undefined when none are. Never throws.
   *
   * @param image an image as a service names it: what it is made of. Without it: what machines boot from and install
   */
  async newerThanProven(image?: string): Promise<string | undefined> {
    const parts = image === undefined ? machineParts(this.#parts) : imageParts(this.#parts, image);
    return newerThanProven(this.#toolbox, parts);
  }

  /**
   * Writes the versions of all packages that matter into `lab/proven.json`, for a commit after a green run. Answers what
   * is new in it.
   *
   * @throws Error when something is not built, or the services do not run
   */
  async prove(): Promise<string[]> {
    if ((await this.services.state()) !== "running") {
      throw new Error(
        "the services do not run; expected the lab of a green run. Run `npm run up`, and prove when all is well.",
      );
    }
    const before = await readProven();
    return writeProven(await versionsToProve(allParts(this.#parts), before), before);
  }

  /** How to log in to a machine. @throws Error while the machine was never made, or the lab does not know it */
  async target(host: string): Promise<Target> {
    const address = this.plan.addressOf(host);
    const hostKey = await this.machine(host).hostKey();
    const privateKey = await readFile(clientKey(this.#directory), "utf8");
    return { name: host, address, hostKey, privateKey };
  }

  /** One machine; it need not exist. */
  machine(host: string): LabMachine {
    return new LabMachine(host, {
      directory: this.#directory,
      cacheDirectory: this.#cache,
      image: this.#image,
      toolbox: this.#toolbox,
      network: this.#network,
      plan: this.plan,
      record: async (name) => this.#book.keep(this.plan, name),
      forget: async (name) => this.#book.forget(name),
      newerThanProven: async () => this.newerThanProven(),
    });
  }

  /** Names of the machines that were made, sorted. */
  async made(): Promise<string[]> {
    const folder = `${this.#directory}/machines`;
    return existsSync(folder) ? (await readdir(folder)).sort() : [];
  }

  /** Drops everything between two machines until `heal`. @throws Error for a name that the lab does not know */
  async cut(a: string, b: string): Promise<void> {
    await this.#network.cut(a, b);
  }

  /** Undoes `cut`. */
  async heal(a: string, b: string): Promise<void> {
    await this.#network.heal(a, b);
  }

  /**
   * What starts a login on a machine, or one command there: several words are a program and its arguments, one word is
   * a line for the remote shell.
   *
   * @throws Error while the machine was never made, or the lab does not know it
   */
  async shell(host: string, words: readonly string[]): Promise<Command> {
    const { address, hostKey } = await this.target(host);
    await this.#toolbox.ensure(() => undefined);
    const known = `${machineFolder(this.#directory, host)}/known_hosts`;
    await writeFile(known, `${address} ${hostKey}\n`);
    const options = [
      `UserKnownHostsFile=${known}`,
      "StrictHostKeyChecking=yes",
      "IdentitiesOnly=yes",
      "ConnectTimeout=10",
      "ServerAliveInterval=15",
      "LogLevel=ERROR",
    ];
    const ssh = ["ssh", "-F", "none", "-i", clientKey(this.#directory)];
    const remote = words.length > 1 ? [quoteAll(words)] : words;
    const argv = [
      ...ssh,
      ...options.flatMap((option) => ["-o", option]),
      `root@${address}`,
      ...remote,
    ];
    const term = process.env.TERM;
    return this.#toolbox.command(argv, {
      processes: "shared",
      ...(term === undefined ? {} : { env: { TERM: term } }),
    });
  }

  /** Ends and removes machines and services; what is kept between runs (tools, images) stays. */
  async remove(progress: Progress): Promise<void> {
    const names = await this.made();
    await Promise.all(
      names.map(async (name) => {
        progress(`removing ${name}`);
        await this.machine(name).remove();
      }),
    );
    await this.services.remove(progress);
    await this.#book.remove();
    const rest = ["machines", "network", "id_ed25519", "id_ed25519.pub"];
    await removeTree(...rest.map((name) => `${this.#directory}/${name}`));
  }

  get #parts(): PartsPlace {
    return { toolbox: this.#toolbox, cacheDirectory: this.#cache, image: this.#image };
  }

  async #machinePids(): Promise<number[]> {
    const names = await this.made();
    const pids = await Promise.all(names.map((name) => this.machine(name).pid()));
    return pids.filter((pid) => pid !== undefined);
  }
}
