import { existsSync } from "node:fs";
import { readFile, rename, writeFile } from "node:fs/promises";
import { ensureBaseImage, type LabImage } from "./base-image";
import { DiskFullError, freeMiB, isDiskFull, removeTree, type Progress } from "./cache";
import { Daemon } from "./daemon";
import { ensureKey, readPublicKey } from "./keys";
import { withLock } from "./lock";
import type { LabNetwork } from "./network";
import type { LabPlan } from "./plan";
import { runProcess } from "./process";
import { processorsOf } from "./processors";
import { explained } from "./proven";
import { sourceFolder } from "./source-folder";
import { readBanner } from "./ssh-banner";
import type { Toolbox } from "./toolbox";

/** What a lab machine is made with. */
export interface LabMachinePlace {
  /** The lab's folder. */
  readonly directory: string;
  readonly cacheDirectory: string;
  readonly image: LabImage;
  readonly toolbox: Toolbox;
  readonly network: LabNetwork;
  readonly plan: LabPlan;
  /** Keeps the host's address for as long as the machine exists. */
  readonly record: (host: string) => Promise<void>;
  /** Gives the address back. */
  readonly forget: (host: string) => Promise<void>;
  /** Why it may not come up: packages that are newer than the last that did. */
  readonly newerThanProven: () => Promise<string | undefined>;
}

/** Seconds that a boot may take; three at once on two cores need about 30. */
const BOOT_DEADLINE_SECONDS = 300;

/** Where `lab/uml` appears inside the toolbox. */
const UML = "/mnt/uml";

/** Room that a machine's disk takes at first, and some to grow. */
const DISK_MIB = 1500;

/** One User-Mode Linux machine: a disk, a console log and a process that outlives the program that started it. */
export class LabMachine {
  readonly name: string;
  readonly #place: LabMachinePlace;
  readonly #folder: string;
  readonly #daemon: Daemon;

  /** No side effect. */
  constructor(name: string, place: LabMachinePlace) {
    this.name = name;
    this.#place = place;
    this.#folder = machineFolder(place.directory, name);
    this.#daemon = new Daemon(this.#folder, "console");
  }

  /**
   * Makes the machine if it is absent, boots it if it is stopped, and waits for its sshd.
   *
   * @throws Error with the console's last lines when it does not come up; DiskFullError
   */
  async ensure(
    { memoryMiB }: { readonly memoryMiB: number },
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<void> {
    const wait = (): void => {
      progress("waiting for another run that starts this machine");
    };
    await withLock(
      `${this.#place.directory}/locks/${this.name}`,
      { deadlineSeconds: 600, signal, onWait: wait },
      async () => {
        await this.#place.record(this.name);
        if (!existsSync(this.#disk)) await this.#make(progress, signal);
        await this.#boot(memoryMiB, progress, signal);
      },
    );
  }

  /** Whether it runs, is switched off, or was never made. */
  async state(): Promise<"running" | "stopped" | "absent"> {
    if ((await this.#daemon.state()) === "running") return "running";
    return existsSync(this.#disk) ? "stopped" : "absent";
  }

  /** Process id of the machine while it runs. */
  async pid(): Promise<number | undefined> {
    return this.#daemon.pid();
  }

  /** Memory of the last boot in MiB; undefined while it was never booted. */
  async memoryMiB(): Promise<number | undefined> {
    return existsSync(this.#memory) ? Number(await readFile(this.#memory, "utf8")) : undefined;
  }

  /** Base image that it was made of; undefined while it is absent. */
  async image(): Promise<string | undefined> {
    return existsSync(this.#imageName)
      ? (await readFile(this.#imageName, "utf8")).trim()
      : undefined;
  }

  /** The power cut: ends the machine at once. No error when it does not run. */
  async kill(): Promise<void> {
    await this.#daemon.kill();
  }

  /** Ends the machine and removes its disk and its address; no error when it is absent. */
  async remove(): Promise<void> {
    await withLock(
      `${this.#place.directory}/locks/${this.name}`,
      { deadlineSeconds: 600 },
      async () => {
        await this.kill();
        const known = this.#place.plan.addresses.hosts[this.name] !== undefined;
        if (known) await this.#place.network.removeTap(this.name);
        await removeTree(this.#folder);
        await this.#place.forget(this.name);
      },
    );
  }

  /** The machine's public host key, `ssh-ed25519 AAAA…`. @throws Error while the machine was never made */
  async hostKey(): Promise<string> {
    if (!existsSync(this.#disk)) {
      throw new Error(
        `lab: the machine "${this.name}" was never made; expected it in ${this.#folder}. Run \`npm run up\`.`,
      );
    }
    return readPublicKey(this.#hostKey);
  }

  get #disk(): string {
    return `${this.#folder}/disk.img`;
  }

  get #imageName(): string {
    return `${this.#folder}/image`;
  }

  get #memory(): string {
    return `${this.#folder}/memory`;
  }

  get #hostKey(): string {
    return `${this.#folder}/host_key`;
  }

  /** Copies the base image and writes into the copy what is this machine's own. */
  async #make(progress: Progress, signal: AbortSignal | undefined): Promise<void> {
    const { toolbox, cacheDirectory, image } = this.#place;
    await ensureKey(toolbox, this.#hostKey, this.name);
    const temporary = `${this.#disk}.tmp`;
    await removeTree(temporary);
    const free = await freeMiB(this.#folder);
    if (free < DISK_MIB) throw new DiskFullError(this.name, this.#folder, DISK_MIB, free);
    try {
      // It was built with the services; whoever has emptied the cache since gets it anew.
      const base = await ensureBaseImage(toolbox, { cacheDirectory, image, progress, signal });
      progress("copying disk");
      const copy = ["cp", "--reflink=auto", "--sparse=always", "--", base, temporary];
      await runProcess(copy, { deadlineSeconds: 600, signal });
      await this.#inject(temporary);
      await writeFile(this.#imageName, `${image}\n`);
      await rename(temporary, this.#disk);
    } catch (error) {
      const left = await freeMiB(this.#folder);
      await removeTree(temporary);
      if (isDiskFull(error)) throw new DiskFullError(this.name, this.#folder, DISK_MIB, left);
      throw error;
    }
  }

  /** Name and keys go straight into the file system of the image: no mount, no loop device. */
  async #inject(disk: string): Promise<void> {
    const name = `${this.#folder}/hostname`;
    await writeFile(name, `${this.name}\n`);
    const files = [
      { source: name, target: "/etc/hostname", mode: "0100644" },
      { source: this.#hostKey, target: "/etc/ssh/ssh_host_ed25519_key", mode: "0100600" },
      {
        source: `${this.#hostKey}.pub`,
        target: "/etc/ssh/ssh_host_ed25519_key.pub",
        mode: "0100644",
      },
      {
        source: `${clientKey(this.#place.directory)}.pub`,
        target: "/root/.ssh/authorized_keys",
        mode: "0100600",
      },
    ];
    const lines = files.flatMap(({ source, target, mode }) => [
      `rm ${target}`,
      `write ${source} ${target}`,
      `set_inode_field ${target} mode ${mode}`,
      `set_inode_field ${target} uid 0`,
      `set_inode_field ${target} gid 0`,
    ]);
    const { toolbox } = this.#place;
    await toolbox.run(["debugfs", "-w", "-f", "-", disk], { stdin: `${lines.join("\n")}\n` });
    // debugfs ends well whatever happens, so the result is read back.
    const { stdout } = await toolbox.run(["debugfs", "-R", "cat /etc/hostname", disk]);
    if (stdout.trim() !== this.name) {
      throw new Error(`${disk}: got the name "${stdout.trim()}" in it; expected "${this.name}".`);
    }
  }

  async #boot(
    memoryMiB: number,
    progress: Progress,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { network, plan } = this.#place;
    const address = plan.addressOf(this.name);
    if ((await this.state()) !== "running") {
      await network.ensureTap(this.name);
      const processors = processorsOf(plan, this.name);
      const argv = umlArguments({ name: this.name, disk: this.#disk, memoryMiB, plan, processors });
      const tool = this.#place.toolbox.command(argv, {
        processes: "shared",
        binds: [{ source: sourceFolder("lab/uml"), target: UML }],
        // Its memory is a file in the toolbox's own /tmp, which is memory and ends with the machine.
        env: { TMPDIR: "/tmp", HOME: "/tmp" },
      });
      progress("booting");
      await writeFile(this.#memory, `${memoryMiB}\n`);
      await this.#daemon.start(await network.command(tool));
    }
    const isUp = async (): Promise<boolean> => (await readBanner(address)).startsWith("SSH-2.0-");
    await explained(this.#place.newerThanProven, async () =>
      this.#daemon.waitUntil(isUp, {
        what: `sshd on ${address}`,
        deadlineSeconds: BOOT_DEADLINE_SECONDS,
        signal,
        onWait: (seconds) => {
          progress(`waiting for sshd (${seconds} s)`);
        },
      }),
    );
  }
}

/** Path of the private key that logs in to every machine of a lab. */
export function clientKey(directory: string): string {
  return `${directory}/id_ed25519`;
}

/** Folder of one machine. */
export function machineFolder(directory: string, name: string): string {
  return `${directory}/machines/${name}`;
}

/** The command line of User-Mode Linux; words that it does not know reach the guest in /proc/cmdline. */
export function umlArguments(options: {
  readonly name: string;
  readonly disk: string;
  readonly memoryMiB: number;
  readonly plan: LabPlan;
  /** Those that it runs on, as `taskset` takes them. */
  readonly processors: string;
}): string[] {
  const { name, disk, memoryMiB, plan, processors } = options;
  const tap = `transport=tap,ifname=${plan.tapOf(name)},mac=${plan.macOf(name)},depth=128,gro=1`;
  return [
    ...["taskset", "--cpu-list", processors],
    `${UML}/boot`,
    `mem=${memoryMiB}M`,
    `ubd0=${disk}`,
    "root=/dev/ubda",
    "rootflags=barrier=0",
    "rw",
    "con=null",
    "con0=null,fd:1",
    `vec0:${tap}`,
    `umid=${name}`,
    "uml_dir=/tmp",
    "systemd.show_status=false",
    `swarm.address=${plan.addressOf(name)}/24`,
    `swarm.gateway=${plan.gateway}`,
  ];
}
