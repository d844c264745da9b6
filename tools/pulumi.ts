import { constants } from "node:fs";
import { access, mkdir, readdir, readlink, realpath, rename, rm, symlink } from "node:fs/promises";
import { basename, delimiter, dirname, join, relative, sep } from "node:path";
import { gte, parse } from "semver";
import { buildCli } from "./go-build";
import { type Paths, pinnedVersions } from "./paths";
import { runGathered } from "./process";
import { type Say, step } from "./progress";

/** A Pulumi CLI that is ready to use. */
export interface Pulumi {
  /** Path of the executable. */
  readonly command: string;
  /** The user's own, downloaded by npm's `pulumi` package, or built here from Go modules. */
  readonly origin: "installed" | "downloaded" | "built";
  /** What its environment needs in addition to the user's. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Seconds without a word from Pulumi's download site until it is taken to be out of reach. */
const SILENCE_SECONDS = 15;
/** Seconds that the whole download may take. */
const DOWNLOAD_SECONDS = 900;

const LANGUAGE_HOST = "pulumi-language-nodejs";

/**
 * The CLI to use: an installed one that is new enough, else the one of the pinned version that was got earlier.
 *
 * @returns undefined when it has to be got first
 */
export async function findPulumi(
  paths: Paths,
  searchPath = process.env.PATH ?? "",
): Promise<Pulumi | undefined> {
  const installed = await findInstalled(paths, searchPath);
  if (installed !== undefined) return { command: installed, origin: "installed", environment: {} };
  const command = join(paths.pulumiBin, "pulumi");
  if (!(await isExecutable(command))) return undefined;
  const environment = {
    PULUMI_HOME: paths.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PATH: `${paths.pulumiBin}${delimiter}${searchPath}`,
  };
  if (await isExecutable(join(paths.pulumiBin, LANGUAGE_HOST))) {
    const link = await readlink(join(paths.pulumiBin, LANGUAGE_HOST)).catch(() => undefined);
    if (link === undefined) return { command, origin: "downloaded", environment };
  }
  await linkPlugins(paths);
  return {
    command,
    origin: "built",
    environment: { ...environment, PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" },
  };
}

/**
 * Gets the CLI of the pinned version into the clone: by npm's `pulumi` package, else from Go modules. Must not run
 * twice at once.
 *
 * @throws Error saying what is missing and the way out
 */
export async function getPulumi(paths: Paths, say: Say): Promise<void> {
  if ((await findPulumi(paths)) !== undefined) return;
  const { pulumi: version } = pinnedVersions(paths.root);
  const refusal = await download(paths, version, say);
  if (refusal !== undefined) {
    say(
      `Pulumi ${version}: cannot be downloaded (${refusal}); it is built from Go modules instead`,
    );
    await buildCli(paths, version, say);
  }
  await removeOtherVersions(paths);
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function findInstalled(paths: Paths, searchPath: string): Promise<string | undefined> {
  // npm puts node_modules/.bin on PATH; the `pulumi` there is the downloader.
  const folders = searchPath
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.split(sep).includes("node_modules"));
  const first = async (name: string, among: readonly string[]) => {
    for (const folder of among) {
      if (await isExecutable(join(folder, name))) return join(folder, name);
    }
    return undefined;
  };
  const command = await first("pulumi", folders);
  if (command === undefined) return undefined;
  const beside = dirname(await realpath(command));
  if ((await first(LANGUAGE_HOST, [beside, ...folders])) === undefined) return undefined;
  const { code, output } = await runGathered(command, ["version"]);
  const version = parse(output.trim());
  return code === 0 && version !== null && isNewEnough(version.version, paths)
    ? command
    : undefined;
}

/** Patch releases do not matter: the CLI and the SDK understand each other from the minor version on. */
function isNewEnough(version: string, paths: Paths): boolean {
  const pinned = parse(pinnedVersions(paths.root).pulumi, {}, true);
  return gte(version, `${pinned.major}.${pinned.minor}.0`);
}

class DownloadError extends Error {}

/** @returns why it could not be had, undefined when it is there */
async function download(paths: Paths, version: string, say: Say): Promise<string | undefined> {
  const folder = join(paths.pulumiHome, "..", "download");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const stop = new AbortController();
  const silence = setTimeout(() => {
    stop.abort();
  }, SILENCE_SECONDS * 1000);
  const deadline = setTimeout(() => {
    stop.abort();
  }, DOWNLOAD_SECONDS * 1000);
  try {
    await step(`Pulumi ${version}: downloading`, say, async (at) => {
      const { code, output } = await runGathered(
        process.execPath,
        [join(paths.root, "node_modules", "pulumi", "run.js"), "version"],
        {
          // A folder of its own, so that a half download is never taken for a CLI; the installer's files included.
          environment: { PULUMI_HOME: folder, PULUMI_VERSION: version, TMPDIR: folder },
          signal: stop.signal,
        },
        (line) => {
          at(line);
          if (!line.startsWith("Downloading")) clearTimeout(silence);
        },
      );
      const got = join(folder, "versions", version);
      if (code !== 0 || !(await isExecutable(join(got, "bin", "pulumi")))) {
        throw new DownloadError(
          stop.signal.aborted ? "its site does not answer" : (output.split("\n").at(-1) ?? ""),
        );
      }
      const home = dirname(paths.pulumiBin);
      await rm(home, { recursive: true, force: true });
      await mkdir(dirname(home), { recursive: true });
      await rename(got, home);
    });
    return undefined;
  } catch (error) {
    if (error instanceof DownloadError) return error.message;
    throw error;
  } finally {
    clearTimeout(silence);
    clearTimeout(deadline);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts the language host and the random plugin of dist/ where a CLI that was built here looks for them. */
async function linkPlugins(paths: Paths): Promise<void> {
  const { random } = pinnedVersions(paths.root);
  await link(join(paths.dist, "language", LANGUAGE_HOST), join(paths.pulumiBin, LANGUAGE_HOST));
  const name = "pulumi-resource-random";
  const folder = join(paths.pulumiHome, "plugins", `resource-random-v${random}`);
  await link(join(paths.dist, "random", name), join(folder, name));
}

async function link(target: string, at: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true });
  await symlink(relative(dirname(at), target), at).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  });
}

async function removeOtherVersions(paths: Paths): Promise<void> {
  const version = dirname(paths.pulumiBin);
  const versions = dirname(version);
  const others = (await readdir(versions)).filter((name) => name !== basename(version));
  await Promise.all(
    others.map((name) => rm(join(versions, name), { recursive: true, force: true })),
  );
}
