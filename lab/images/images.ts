import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { cached, cachePath, removeTree, type Progress } from "../cache";
import { readDebianSource } from "../debian";
import { registryConfiguration } from "../registry";
import { folderHash, sourceFolder } from "../source-folder";
import type { Toolbox } from "../toolbox";
import {
  BASES,
  configurationOptions,
  IMAGES,
  repositoryOf,
  SUITE,
  type BaseRow,
  type ImageRow,
} from "./table";

/** Where `lab/images` appears inside the toolbox. */
const RECIPES = "/mnt/recipe";

/** Images built at once: one waits for the network or the disk while the other computes. */
const PARALLEL = 2;

/**
 * Makes the storage of a registry that holds every image of the table, and answers its folder. What has been built
 * before is used again: a changed row costs the building of that image and the filling of the registry.
 *
 * @throws Error when a package cannot be had or a build fails; DiskFullError
 */
export async function ensureImages(
  toolbox: Toolbox,
  cacheDirectory: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<string> {
  const builder = new ImageBuilder(toolbox, cacheDirectory, progress, signal);
  const paths = IMAGES.map((image) => builder.imagePath(image));
  const storage = cachePath(cacheDirectory, "registry", paths);
  const label = "image registry";
  await cached(storage, { label, neededMiB: 3000, progress, signal }, async (temporary) => {
    const work = `${temporary}.work`;
    await removeTree(work);
    try {
      await builder.prepare(work, paths);
      // The largest first, so that none is left to be waited for alone.
      const queue = [...IMAGES].sort((a, b) => weight(b) - weight(a));
      const worker = async (): Promise<void> => {
        for (let image = queue.shift(); image !== undefined; image = queue.shift()) {
          try {
            await builder.image(image, work);
          } catch (error) {
            queue.length = 0;
            throw error;
          }
        }
      };
      await allEnded(Array.from({ length: PARALLEL }, worker));
      await builder.push(temporary, work);
    } finally {
      await removeTree(work);
    }
  });
  return storage;
}

function weight(image: ImageRow): number {
  return image.packages?.length ?? 0;
}

class ImageBuilder {
  readonly #toolbox: Toolbox;
  readonly #cache: string;
  readonly #progress: Progress;
  readonly #signal: AbortSignal | undefined;
  readonly #recipes = sourceFolder("lab/images");

  constructor(
    toolbox: Toolbox,
    cache: string,
    progress: Progress,
    signal: AbortSignal | undefined,
  ) {
    this.#toolbox = toolbox;
    this.#cache = cache;
    this.#progress = progress;
    this.#signal = signal;
  }

  /** Where the cache has an image: a name made of everything that it is built from. */
  imagePath(image: ImageRow): string {
    const files = image.recipe === undefined ? "" : this.#hash(image.recipe);
    const base = this.#basePath(baseOf(image));
    return cachePath(this.#cache, `image-${image.name.replaceAll("/", "-")}`, {
      image,
      files,
      base,
    });
  }

  /** Package lists and bases, unless every image is in the cache already. */
  async prepare(work: string, images: readonly string[]): Promise<void> {
    await mkdir(work, { recursive: true });
    if (images.every((path) => existsSync(path))) return;
    const source = await readDebianSource(this.#signal);
    const settings = `${work}/apt.conf`;
    await writeFile(settings, source.settings, { mode: 0o600 });
    const line = `deb [signed-by=${source.keyring}] ${source.mirror} ${SUITE} main`;
    this.#progress("images: reading package lists");
    await allEnded([
      this.#script(["build/lists.sh", work, settings, line]),
      ...BASES.map((base) => this.#base(base, [settings, line])),
    ]);
  }

  /** Builds an image with all of its tags. */
  async image(image: ImageRow, work: string): Promise<void> {
    await this.#build(this.imagePath(image), `image ${image.name}`, 1200, async (temporary) => {
      const base = this.#basePath(baseOf(image));
      const recipe = `${RECIPES}/${image.recipe ?? "none"}`;
      const words = [temporary, base, recipe, work, `${work}/apt.conf`, ...(image.packages ?? [])];
      await this.#script(["build/image.sh", ...words]);
      for (const tag of image.tags) {
        await this.#script(["build/tag.sh", temporary, tag, ...configurationOptions(image)]);
      }
    });
  }

  /** Fills the registry's storage. */
  async push(storage: string, work: string): Promise<void> {
    const address = "127.0.0.1:5000";
    const configuration = `${work}/registry.yml`;
    await mkdir(storage, { recursive: true });
    await writeFile(configuration, registryConfiguration(storage, address, "read-write"));
    const images = IMAGES.flatMap((image) =>
      image.tags.map((tag) => `${repositoryOf(image)}=${this.imagePath(image)}/oci:${tag}`),
    );
    const start = Date.now();
    await this.#script(["build/push.sh", configuration, address, ...images], ["unshare", "--net"]);
    this.#progress(`image registry: ${images.length} images pushed (${since(start)})`);
  }

  async #base(base: BaseRow, words: readonly string[]): Promise<void> {
    await this.#build(this.#basePath(base), `image base ${base.name}`, 600, async (temporary) => {
      const recipe = `${RECIPES}/base-${base.name}`;
      const packages = base.packages.join(",");
      const [settings = "", line = ""] = words;
      await mkdir(temporary, { recursive: true });
      await this.#script([
        "build/base.sh",
        ...[temporary, recipe, base.variant, packages, SUITE, settings, line],
      ]);
    });
  }

  #basePath(base: BaseRow): string {
    const files = existsSync(`${this.#recipes}/base-${base.name}`)
      ? this.#hash(`base-${base.name}`)
      : "";
    const build = this.#hash("build");
    return cachePath(this.#cache, `base-${base.name}`, { base, SUITE, files, build });
  }

  #hash(folder: string): string {
    return folderHash(`${this.#recipes}/${folder}`);
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
    await cached(path, options, build);
    this.#progress(`${label}: built (${since(start)})`);
  }

  async #script(words: readonly string[], before: readonly string[] = []): Promise<void> {
    const [script = "", ...rest] = words;
    await this.#toolbox.run([...before, "bash", `${RECIPES}/${script}`, ...rest], {
      binds: [{ source: this.#cache }, { source: this.#recipes, target: RECIPES }],
      deadlineSeconds: 1800,
      signal: this.#signal,
    });
  }
}

function baseOf(image: ImageRow): BaseRow {
  const base = BASES.find(({ name }) => name === image.base);
  if (base === undefined)
    throw new Error(`lab/images/table.ts: ${image.name}: no base "${image.base}".`);
  return base;
}

/** Waits for the end of every task, also when one fails: what they work in is removed afterwards. */
async function allEnded(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}

function since(start: number): string {
  return `${Math.round((Date.now() - start) / 1000)} s`;
}
