import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { removeTree, type Progress } from "./cache";
import { Daemon } from "./daemon";
import type { LabNetwork } from "./network";
import { sourceFolder } from "./source-folder";
import type { Toolbox } from "./toolbox";

/** Where a server of the lab runs. */
export interface ServerPlace {
  readonly toolbox: Toolbox;
  /** Folder for the server's own files, record and log; made when missing. */
  readonly directory: string;
  /** The lab's network, which the server runs in. */
  readonly network: LabNetwork;
  /** The only address that the server listens on. */
  readonly gateway: string;
}

const PORT = 8080;

/** Serves the engine's package repositories over HTTP, as download.docker.com does. */
export class Repository {
  /** Base URL: `<url>/centos/docker-ce.repo`, `<url>/debian`, as in Docker's own `https://…/linux`. */
  readonly url: string;
  readonly #place: ServerPlace;
  readonly #daemon: Daemon;

  /** No side effect. */
  constructor(place: ServerPlace) {
    this.#place = place;
    this.url = `http://${place.gateway}:${PORT}/linux`;
    this.#daemon = new Daemon(place.directory, "repository");
  }

  /**
   * Starts the server unless it runs already with these packages, and waits until it answers.
   *
   * @param packages the folder that `ensurePackages` answered
   * @throws Error with the server's last lines when it does not come up
   */
  async start(packages: string, progress: Progress, signal?: AbortSignal): Promise<void> {
    const { toolbox, directory, network, gateway } = this.#place;
    const root = `${directory}/repository`;
    const link = `${root}/linux/debian`;
    if (existsSync(link) && (await readlink(link)) !== `${packages}/debian`) await this.stop();
    if ((await this.state()) === "stopped") await this.#layOut(root, packages);
    const server = ["busybox", "httpd", "-f", "-p", `${gateway}:${PORT}`, "-h", root];
    const binds = [{ source: directory }, { source: packages }];
    const command = toolbox.command(server, { processes: "shared", binds });
    if (await this.#daemon.start(await network.command(command))) {
      progress(`package repository: starting on ${gateway}:${PORT}`);
    }
    await this.#daemon.waitUntil(() => answers(`${this.url}/centos/docker-ce.repo`), {
      what: `an answer from ${this.url}/centos/docker-ce.repo`,
      deadlineSeconds: 30,
      signal,
    });
  }

  /** Whether the server runs. */
  async state(): Promise<"running" | "stopped"> {
    return this.#daemon.state();
  }

  /** Ends the server; no error when it does not run. */
  async stop(): Promise<void> {
    await this.#daemon.kill();
  }

  /** The folder to serve: the cached repositories by links, and the one file that says where this lab's are. */
  async #layOut(root: string, packages: string): Promise<void> {
    await removeTree(root);
    const centos = `${root}/linux/centos`;
    await mkdir(centos, { recursive: true });
    for (const name of ["debian", "ubuntu"])
      await symlink(`${packages}/${name}`, `${root}/linux/${name}`);
    await symlink(`${packages}/vault`, `${root}/vault`);
    for (const name of (await readdir(`${packages}/centos`)).sort()) {
      await symlink(`${packages}/centos/${name}`, `${centos}/${name}`);
    }
    const file = await readFile(`${sourceFolder("lab/package-repository")}/docker-ce.repo`, "utf8");
    await writeFile(`${centos}/docker-ce.repo`, file.replaceAll("@URL@", this.url));
  }
}

/** Whether an HTTP server answers an address with success. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    // Refused or silent: "not yet" to the one who waits.
    return false;
  }
}
