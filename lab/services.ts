import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { readRoutes } from "./addresses";
import { ensureBaseImage, type LabImage } from "./base-image";
import { removeTree, type Progress } from "./cache";
import { ensureExtra, rowOf } from "./images/extra";
import { ensureImages } from "./images/images";
import { ensureKey } from "./keys";
import { clientKey } from "./machine";
import { withLock } from "./lock";
import type { LabNetwork } from "./network";
import { extraEngines } from "./packages/engines";
import { ensurePackages } from "./packages/packages";
import { Registry } from "./registry";
import { Repository } from "./repository";
import type { Toolbox } from "./toolbox";

/** What the services of a lab are made with. */
export interface LabServicesPlace {
  /** The lab's folder. */
  readonly directory: string;
  readonly cacheDirectory: string;
  readonly image: LabImage;
  readonly gateway: string;
  readonly toolbox: Toolbox;
  readonly network: LabNetwork;
  /** Keeps the lab's subnet. */
  readonly record: () => Promise<void>;
}

/** What every machine of a lab needs: the network, the package repository and the image registry. */
export class LabServices {
  readonly #place: LabServicesPlace;
  readonly #folder: string;
  readonly #registry: Registry;
  readonly #repository: Repository;

  /** No side effect. */
  constructor(place: LabServicesPlace) {
    this.#place = place;
    this.#folder = `${place.directory}/services`;
    const { toolbox, network, gateway } = place;
    this.#registry = new Registry({ toolbox, network, gateway, directory: this.#folder });
    this.#repository = new Repository({ toolbox, network, gateway, directory: this.#folder });
  }

  /** URL for `registry-mirrors` of a daemon.json. */
  get registryMirror(): string {
    return this.#registry.url;
  }

  /** URL in the place of Docker's `https://download.docker.com/linux`. */
  get repository(): string {
    return this.#repository.url;
  }

  /**
   * Builds what is kept between runs and missing: tools, base image, packages, images. Starts nothing.
   *
   * @throws Error when packages cannot be had; DiskFullError
   */
  async prepare(
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<{ readonly packages: string; readonly images: string }> {
    const { toolbox, cacheDirectory, image } = this.#place;
    await toolbox.ensure(progress, signal);
    // The first failure stops the others: none goes on building after the run has given up.
    const failed = new AbortController();
    const both = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]);
    const extras = extraEngines(await this.engines());
    const builds = [
      ensureBaseImage(toolbox, { cacheDirectory, image, progress, signal: both }),
      ensurePackages({ toolbox, cacheDirectory, progress, signal: both }, extras),
      ensureImages(toolbox, cacheDirectory, progress, both),
    ] as const;
    try {
      const [, packages, images] = await Promise.all(builds);
      return { packages, images };
    } catch (error) {
      failed.abort();
      await Promise.allSettled(builds);
      throw error;
    }
  }

  /**
   * `prepare`, and images that are made on demand, by the names that services have for them.
   *
   * @throws Error for a name that the lab has no image for, beside the errors of `prepare`
   */
  async prepareWith(
    names: readonly string[],
    progress: Progress,
    signal?: AbortSignal,
  ): Promise<void> {
    const { toolbox, cacheDirectory } = this.#place;
    const unknown = names.filter((name) => rowOf(name) === undefined);
    if (unknown.length > 0) {
      throw new Error(
        `got the image ${unknown.join(", ")}; expected one of lab/images/table.ts or lab/images/extra-table.ts.`,
      );
    }
    const { images: storage } = await this.prepare(progress, signal);
    for (const name of names) {
      await ensureExtra({ toolbox, cacheDirectory, storage }, name, progress, signal);
    }
  }

  /** Builds what is missing and starts what does not run. */
  async ensure(progress: Progress, signal?: AbortSignal): Promise<void> {
    const { directory, toolbox, network, record } = this.#place;
    const { packages, images } = await this.prepare(progress, signal);
    const wait = (): void => {
      progress("waiting for another run that starts the services");
    };
    const lock = { deadlineSeconds: 300, signal, onWait: wait };
    await withLock(`${directory}/locks/services`, lock, async () => {
      await record();
      await ensureKey(toolbox, clientKey(directory), "lab");
      progress("network");
      await network.ensure(readRoutes());
      await Promise.all([
        this.#repository.start(packages, progress, signal),
        this.#registry.start(images, progress, signal),
      ]);
    });
  }

  /**
   * Builds an image that is made on demand only, and puts it into the registry. Does nothing for any other image, and
   * while the registry does not run.
   *
   * @param image as a service names it
   * @throws Error when packages cannot be had or a build fails; DiskFullError
   */
  async provide(image: string, progress: Progress, signal?: AbortSignal): Promise<void> {
    const { toolbox, cacheDirectory } = this.#place;
    const storage = await this.#registry.storage();
    if (storage === undefined) return;
    await ensureExtra({ toolbox, cacheDirectory, storage }, image, progress, signal);
  }

  /** `running` when network, registry and repository all are. */
  async state(): Promise<"running" | "stopped"> {
    const states = await Promise.all([
      this.#place.network.state(),
      this.#registry.state(),
      this.#repository.state(),
    ]);
    return states.every((state) => state === "running") ? "running" : "stopped";
  }

  /** Versions of the engine that its repository has beside those of every lab. */
  async engines(): Promise<string[]> {
    if (!existsSync(this.#engines)) return [];
    return (await readFile(this.#engines, "utf8")).split("\n").filter((line) => line !== "");
  }

  /** Says which those are from now on; `ensure` makes them. */
  async setEngines(versions: readonly string[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await writeFile(this.#engines, versions.map((version) => `${version}\n`).join(""));
  }

  /** Ends all of it; what is kept between runs stays. No error when nothing runs. */
  async remove(progress: Progress): Promise<void> {
    const { directory, network } = this.#place;
    await withLock(`${directory}/locks/services`, { deadlineSeconds: 300 }, async () => {
      progress("stopping registry and package repository");
      await Promise.all([this.#registry.stop(), this.#repository.stop()]);
      progress("removing network");
      await network.remove();
      await removeTree(this.#folder);
    });
  }

  get #engines(): string {
    return `${this.#folder}/engines`;
  }
}
