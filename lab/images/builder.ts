import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cached, type Progress } from "../cache";
import { readDebianSource } from "../debian";
import { manifestPath } from "../manifest";
import { explained, newerThanProven } from "../proven";
import { registryConfiguration } from "../registry";
import { sourceFolder } from "../source-folder";
import type { Toolbox } from "../toolbox";
import { baseOf, basePath, hookOf, imagePath } from "./paths";
import {
  BASES,
  configurationOptions,
  repositoryOf,
  SUITE,
  type BaseRow,
  type ImageRow,
} from "./table";

/** Where `lab/images` appears inside the toolbox. */
const RECIPES = "/mnt/recipe";

/** Images built at once: one waits for the network or the disk while the other computes. */
const PARALLEL = 2;

/** Builds images into the cache, and fills the storage of a registry with them. */
export class ImageBuilder {
  readonly #toolbox: Toolbox;
  readonly #cache: string;
  readonly #progress: Progress;
  readonly #signal: AbortSignal | undefined;

  /** No side effect. */
  constructor(
    toolbox: Toolbox,
    cacheDirectory: string,
    progress: Progress,
    signal: AbortSignal | undefined,
  ) {
    this.#toolbox = toolbox;
    this.#cache = cacheDirectory;
    this.#progress = progress;
    this.#signal = signal;
  }

  /**
   * Builds what the cache lacks of some images, and pushes them all into a registry's storage. `work` is a folder to
   * work in, which the caller removes.
   */
  async fill(storage: string, images: readonly ImageRow[], work: string): Promise<void> {
    await mkdir(work, { recursive: true });
    const missing = images.filter((image) => !existsSync(imagePath(this.#cache, image)));
    if (missing.length > 0) await this.#prepare(work, missing);
    // The largest first, so that none is left to be waited for alone.
    const queue = [...missing].sort((a, b) => weight(b) - weight(a));
    const worker = async (): Promise<void> => {
      for (let image = queue.shift(); image !== undefined; image = queue.shift()) {
        try {
          await this.#image(image, work);
        } catch (error) {
          queue.length = 0;
          throw error;
        }
      }
    };
    await allEnded(Array.from({ length: PARALLEL }, worker));
    await this.#push(storage, images, work);
  }

  /** Package lists and bases. */
  async #prepare(work: string, images: readonly ImageRow[]): Promise<void> {
    const source = await readDebianSource(this.#signal);
    const settings = `${work}/apt.conf`;
    await writeFile(settings, source.settings, { mode: 0o600 });
    const line = `deb [signed-by=${source.keyring}] ${source.mirror} ${SUITE} main`;
    this.#progress("images: reading package lists");
    const bases = BASES.filter((base) => images.some((image) => image.base === base.name));
    await allEnded([
      this.#script(["build/lists.sh", work, settings, line]),
      ...bases.map((base) => this.#base(base, [settings, line])),
    ]);
  }

  /** Builds an image with all of its tags. */
  async #image(image: ImageRow, work: string): Promise<void> {
    const path = imagePath(this.#cache, image);
    await this.#build(path, `image ${image.name}`, 1200, async (temporary) => {
      const base = basePath(this.#cache, baseOf(image));
      const { packages = [], watched = [], recipes = [], healthcheck = [] } = image;
      const folders = recipes.map((recipe) => `${RECIPES}/${recipe}`).join(" ");
      const versions = [...packages, ...watched].join(" ");
      const words = [temporary, base, folders, work, `${work}/apt.conf`, versions, ...packages];
      await this.#script(["build/image.sh", ...words]);
      const check = healthcheck.length === 0 ? "" : JSON.stringify(["CMD", ...healthcheck]);
      const options = configurationOptions(image);
      for (const tag of image.tags) {
        await this.#script(["build/tag.sh", temporary, tag, check, ...options]);
      }
    });
  }

  /** Fills the registry's storage; what it has already stays. */
  async #push(storage: string, images: readonly ImageRow[], work: string): Promise<void> {
    const address = "127.0.0.1:5000";
    const configuration = `${work}/registry.yml`;
    await mkdir(storage, { recursive: true });
    await writeFile(configuration, registryConfiguration(storage, address, "read-write"));
    const words = images.flatMap((image) => {
      const oci = `${imagePath(this.#cache, image)}/oci`;
      return image.tags.map((tag) => `${repositoryOf(image)}=${oci}:${tag}`);
    });
    const start = Date.now();
    await this.#script(["build/push.sh", configuration, address, ...words], ["unshare", "--net"]);
    this.#progress(`image registry: ${words.length} images pushed (${since(start)})`);
  }

  async #base(base: BaseRow, words: readonly string[]): Promise<void> {
    const path = basePath(this.#cache, base);
    await this.#build(path, `image base ${base.name}`, 600, async (temporary) => {
      const [settings = "", line = ""] = words;
      await mkdir(temporary, { recursive: true });
      await this.#script([
        "build/base.sh",
        ...[temporary, `${RECIPES}/base-${base.name}`, base.variant, base.packages.join(",")],
        ...[hookOf(manifestPath(temporary), base), SUITE, settings, line],
      ]);
    });
  }

  async #build(
    path: string,
    label: string,
    neededMiB: number,
    build: (temporary: string) => Promise<void>,
  ): Promise<void> {
    if (existsSync(path)) return;
    const start = Date.now();
    this.#progress(`${label}: building`);
    const options = { label, neededMiB, progress: this.#progress, signal: this.#signal };
    await cached(path, options, async (temporary) => {
      const part = { name: label, path: temporary };
      const newer = async (): Promise<string | undefined> => newerThanProven(this.#toolbox, [part]);
      await explained(newer, async () => build(temporary));
    });
    this.#progress(`${label}: built (${since(start)})`);
  }

  async #script(words: readonly string[], before: readonly string[] = []): Promise<void> {
    const [script = "", ...rest] = words;
    const recipes = sourceFolder("lab/images");
    await this.#toolbox.run([...before, "bash", `${RECIPES}/${script}`, ...rest], {
      binds: [{ source: this.#cache }, { source: recipes, target: RECIPES }],
      deadlineSeconds: 1800,
      signal: this.#signal,
    });
  }
}

function weight(image: ImageRow): number {
  return image.packages?.length ?? 0;
}

/** Waits for the end of every task, also when one fails: what they work in is removed afterwards. */
async function allEnded(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

function since(start: number): string {
  return `${Math.round((Date.now() - start) / 1000)} s`;
}
