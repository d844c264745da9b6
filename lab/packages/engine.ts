import { mkdir, writeFile } from "node:fs/promises";
import { cached, cachePath, removeTree, type Progress } from "../cache";
import { readDebianSource } from "../debian";
import { manifestPath } from "../manifest";
import { explained, newerThanProven, type Part } from "../proven";
import { folderHash, sourceFolder } from "../source-folder";
import type { Toolbox } from "../toolbox";
import { buildDaemon } from "./daemon-build";
import type { EngineBuild } from "./engines";

/** What packages are made with. */
export interface PackagesPlace {
  readonly toolbox: Toolbox;
  readonly cacheDirectory: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** The recipe of an engine's packages. */
const PACKAGES = "lab/packages";

/** Where a recipe's scripts appear inside the toolbox. */
const RECIPE = "/mnt/recipe";

/** MiB on the disk while packages are made; Go's caches come to that where a daemon is built. */
const ROOM = { packages: 1000, daemon: 4000 } as const;

/** What an engine is made of, and where the cache has its packages. */
export function enginePart(cacheDirectory: string, build: EngineBuild): Part {
  const files = folderHash(sourceFolder(PACKAGES));
  const path = cachePath(cacheDirectory, `engine-${build.engine}`, { build, files });
  return { name: `engine ${build.engine}`, path };
}

/**
 * Makes the packages of one engine once, as `.rpm` and `.deb`, in the folders that they have in Docker's repositories
 * below the answered one.
 *
 * @throws Error when a package cannot be downloaded or has another version than expected; DiskFullError
 */
export async function ensureEngine(place: PackagesPlace, build: EngineBuild): Promise<string> {
  const { toolbox, cacheDirectory, progress, signal } = place;
  const { name, path } = enginePart(cacheDirectory, build);
  const neededMiB = build.daemon === undefined ? ROOM.packages : ROOM.daemon;
  const options = { label: name, neededMiB, progress, signal };
  return cached(path, options, async (temporary) => {
    const work = `${temporary}.work`;
    await removeTree(work);
    await mkdir(work, { recursive: true });
    await mkdir(temporary, { recursive: true });
    try {
      const newer = async (): Promise<string | undefined> =>
        newerThanProven(toolbox, [{ name, path: temporary }]);
      await explained(newer, async () => makePackages(place, build, { temporary, work }));
    } finally {
      await removeTree(work);
    }
  });
}

async function makePackages(
  place: PackagesPlace,
  build: EngineBuild,
  { temporary, work }: { readonly temporary: string; readonly work: string },
): Promise<void> {
  const { progress, signal } = place;
  const { engine, containerd, containerdMinimum, suite, packages, daemon } = build;
  const source = await readDebianSource(signal);
  await writeFile(`${work}/apt.conf`, source.settings, { mode: 0o600 });
  const settings = [`${work}/apt.conf`, source.mirror, source.keyring];
  const wanted = `${suite}=${packages.join(",")}`;
  await runRecipe(place, PACKAGES, "fetch.sh", [
    work,
    manifestPath(temporary),
    ...settings,
    wanted,
  ]);
  const own: string[] = [];
  if (daemon !== undefined) {
    const output = `${work}/daemon`;
    progress(`engine ${engine}: building dockerd from Go modules, which takes some minutes`);
    await buildDaemon(engine, daemon, { output, work: `${work}/go`, progress, signal });
    own.push(daemon.packaged, output);
  }
  const folders = [`${work}/${suite}`, `${work}/tree`, temporary];
  const versions = [engine, containerd, containerdMinimum];
  await runRecipe(place, PACKAGES, "build.sh", [...folders, ...versions, ...own]);
}

/** Runs a script of a recipe's folder inside the toolbox. */
export async function runRecipe(
  { toolbox, cacheDirectory, progress, signal }: PackagesPlace,
  folder: string,
  name: string,
  words: readonly string[],
): Promise<void> {
  const recipe = sourceFolder(folder);
  await toolbox.run(["bash", `${RECIPE}/${name}`, ...words], {
    binds: [{ source: cacheDirectory }, { source: recipe, target: RECIPE }],
    deadlineSeconds: 900,
    signal,
    onLine: (line) => {
      if (/^(reading|downloading|making|signing) /.test(line)) progress(`engine packages: ${line}`);
    },
  });
}
