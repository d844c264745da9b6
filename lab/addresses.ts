import { existsSync, readFileSync } from "node:fs";
import { chmod, rename, rm, stat, writeFile } from "node:fs/promises";
import { withLock } from "./lock";
import { type LabAddresses, type LabPlan, parseAddresses, parseRoutes, type Route } from "./plan";

/** The file in which a lab keeps its subnet and the addresses of the machines that exist. */
export class AddressBook {
  readonly #directory: string;

  /** No side effect. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** What is kept; undefined for a lab of which nothing exists. */
  read(): LabAddresses | undefined {
    return existsSync(this.#file) ? parseAddresses(readFileSync(this.#file, "utf8")) : undefined;
  }

  /**
   * Keeps the plan's subnet and, if one is given, a host's address.
   *
   * @throws Error when another run has settled on another subnet since this one planned
   */
  async keep(plan: LabPlan, host?: string): Promise<void> {
    await this.#change((old) => {
      if (old !== undefined && old.subnet !== plan.subnet) {
        throw new Error(
          `${this.#file}: got ${old.subnet}, settled by another run meanwhile; expected ${plan.subnet}. Run again.`,
        );
      }
      const number = host === undefined ? undefined : plan.addresses.hosts[host];
      const added = host === undefined || number === undefined ? {} : { [host]: number };
      return { subnet: plan.subnet, hosts: { ...old?.hosts, ...added } };
    });
  }

  /** Gives a host's address back. */
  async forget(host: string): Promise<void> {
    await this.#change((old) => {
      if (old === undefined) return undefined;
      const hosts = Object.entries(old.hosts).filter(([name]) => name !== host);
      return { subnet: old.subnet, hosts: Object.fromEntries(hosts) };
    });
  }

  /** Forgets everything. */
  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  get #file(): string {
    return `${this.#directory}/addresses.json`;
  }

  async #change(
    change: (old: LabAddresses | undefined) => LabAddresses | undefined,
  ): Promise<void> {
    await withLock(`${this.#directory}/locks/addresses`, { deadlineSeconds: 60 }, async () => {
      await close(this.#directory);
      const old = this.read();
      const news = change(old);
      const text = news && `${JSON.stringify(news, undefined, 2)}\n`;
      if (text === undefined || text === (old && `${JSON.stringify(old, undefined, 2)}\n`)) return;
      await writeFile(`${this.#file}.tmp`, text);
      await rename(`${this.#file}.tmp`, this.#file);
    });
  }
}

/** Keys and disks are for nobody else on this machine; an older lab's folder was open to all. */
async function close(folder: string): Promise<void> {
  if (((await stat(folder)).mode & 0o077) !== 0) await chmod(folder, 0o700);
}

/** The machine's IPv4 routes at this moment; none where there is no Linux. */
export function readRoutes(): readonly Route[] {
  const file = "/proc/net/route";
  return existsSync(file) ? parseRoutes(readFileSync(file, "utf8")) : [];
}
