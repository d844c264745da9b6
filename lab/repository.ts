import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { removeTree, type Progress } from "./cache";
import { Daemon } from "./daemon";
import { runProcess } from "./process";
import { sourceFolder } from "./source-folder";
import type { Toolbox } from "./toolbox";

/** Where a server of the lab runs. */
export interface ServerPlace {
  readonly toolbox: Toolbox;
  /** Folder for the server's own files, record and log; made when missing. */
  readonly directory: string;
  /** Network namespace that the server runs in. */
  readonly namespace: string;
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
   * Starts the server unless it runs already, and waits until it answers.
   *
   * @param packages the folder that `ensurePackages` answered
   * @throws Error with the server's last lines when it does not come up
   */
  async start(packages: string, progress: Progress, signal?: AbortSignal): Promise<void> {
    const { toolbox, directory, namespace, gateway } = this.#place;
    const root = `${directory}/repository`;
    if ((await this.state()) === "stopped") await this.#layOut(root, packages);
    const server = ["busybox", "httpd", "-f", "-p", `${gateway}:${PORT}`, "-h", root];
    const binds = [{ source: directory }, { source: packages }];
    const command = toolbox.command(server, { processes: "shared", binds });
    const argv = ["ip", "netns", "exec", namespace, ...command.argv];
    if (await this.#daemon.start({ ...command, argv })) {
      progress(`package repository: starting on ${gateway}:${PORT}`);
    }
    await this.#daemon.waitUntil(
      () => answers(namespace, `${this.url}/centos/docker-ce.repo`, toolbox, signal),
      { what: `an answer from ${this.url}/centos/docker-ce.repo`, deadlineSeconds: 30, signal },
    );
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
    await symlink(`${packages}/debian`, `${root}/linux/debian`);
    for (const name of (await readdir(`${packages}/centos`)).sort()) {
      await symlink(`${packages}/centos/${name}`, `${centos}/${name}`);
    }
    const file = await readFile(`${sourceFolder("lab/packages")}/docker-ce.repo`, "utf8");
    await writeFile(`${centos}/docker-ce.repo`, file.replaceAll("@URL@", this.url));
  }
}

/** Whether an HTTP server inside a network namespace answers an address with success. */
export async function answers(
  namespace: string,
  url: string,
  toolbox: Toolbox,
  signal?: AbortSignal,
): Promise<boolean> {
  const curl = ["curl", "--fail", "--silent", "--noproxy", "*", "--max-time", "5", url];
  const { argv, env } = toolbox.command([...curl, "--output", "/dev/null"]);
  const result = await runProcess(["ip", "netns", "exec", namespace, ...argv], {
    env,
    allowFailure: true,
    signal,
  });
  return result.code === 0;
}
