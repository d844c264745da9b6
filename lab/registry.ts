import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { Progress } from "./cache";
import { Daemon } from "./daemon";
import { answers, type ServerPlace } from "./repository";

const PORT = 5000;

/** Serves the lab's images under the names that they have on Docker Hub (`library/nginx:latest`). */
export class Registry {
  /** For `registry-mirrors` of a daemon.json. */
  readonly url: string;
  readonly #place: ServerPlace;
  readonly #daemon: Daemon;

  /** No side effect. */
  constructor(place: ServerPlace) {
    this.#place = place;
    this.url = `http://${place.gateway}:${PORT}`;
    this.#daemon = new Daemon(place.directory, "registry");
  }

  get #file(): string {
    return `${this.#place.directory}/registry.yml`;
  }

  /**
   * Starts the server unless it runs already with these images, and waits until it answers. Nothing can be pushed to it.
   *
   * @param images the folder that `ensureImages` answered
   * @throws Error with the server's last lines when it does not come up
   */
  async start(images: string, progress: Progress, signal?: AbortSignal): Promise<void> {
    const { toolbox, directory, network, gateway } = this.#place;
    const file = this.#file;
    const configuration = registryConfiguration(images, `${gateway}:${PORT}`, "read-only");
    await mkdir(directory, { recursive: true });
    if (existsSync(file) && (await readFile(file, "utf8")) !== configuration) await this.stop();
    await writeFile(file, configuration);
    const binds = [{ source: directory }, { source: images }];
    const command = toolbox.command(["docker-registry", "serve", file], {
      processes: "shared",
      binds,
    });
    if (await this.#daemon.start(await network.command(command))) {
      progress(`image registry: starting on ${gateway}:${PORT}`);
    }
    await this.#daemon.waitUntil(() => answers(`${this.url}/v2/`), {
      what: `an answer from ${this.url}/v2/`,
      deadlineSeconds: 30,
      signal,
    });
  }

  /** Whether the server runs. */
  async state(): Promise<"running" | "stopped"> {
    return this.#daemon.state();
  }

  /** The folder that it serves; undefined while it does not run. */
  async storage(): Promise<string | undefined> {
    if ((await this.state()) !== "running") return undefined;
    const { storage } = JSON.parse(await readFile(this.#file, "utf8")) as RegistryConfiguration;
    return storage.filesystem.rootdirectory;
  }

  /** Ends the server; no error when it does not run. */
  async stop(): Promise<void> {
    await this.#daemon.kill();
  }
}

/** The part of a registry's configuration that is read again. */
interface RegistryConfiguration {
  readonly storage: { readonly filesystem: { readonly rootdirectory: string } };
}

/** Configuration of Debian's docker-registry: a folder, an address, no log line per request. */
export function registryConfiguration(
  folder: string,
  address: string,
  access: "read-only" | "read-write",
): string {
  return JSON.stringify({
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: folder },
      cache: { blobdescriptor: "inmemory" },
      maintenance: {
        uploadpurging: { enabled: false },
        readonly: { enabled: access === "read-only" },
      },
    },
    http: { addr: address },
  });
}
