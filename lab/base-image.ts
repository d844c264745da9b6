import { writeFile } from "node:fs/promises";
import { cached, cachePath, removeTree, type Progress } from "./cache";
import { DEBIAN_KEYRING, readDebianSource } from "./debian";
import { manifestHook, manifestPath } from "./manifest";
import { explained, newerThanProven } from "./proven";
import { folderHash, sourceFolder } from "./source-folder";
import { mmdebstrapArguments, packageProgress, type Toolbox } from "./toolbox";

/** Systems that a lab machine can have. */
export const LAB_IMAGES = ["centos", "debian"] as const;

/** `centos`: looks and is handled like EL 9 (dnf, rpm, firewalld). `debian`: plain Debian 13. */
export type LabImage = (typeof LAB_IMAGES)[number];

const SUITE = "trixie";

/** What any server has; nothing of Docker. */
const COMMON = [
  "ca-certificates",
  "curl",
  "dbus",
  "e2fsprogs",
  "iproute2",
  "iptables",
  "iputils-ping",
  "kmod",
  "libnss-myhostname",
  "openssh-server",
  "procps",
  "python3-minimal",
  "sudo",
  "systemd-sysv",
] as const;

const PACKAGES = {
  centos: [...COMMON, "dnf", "dnf-plugins-core", "firewalld", "python3", "rpm"],
  debian: [...COMMON, "gpg", "python3"],
} as const satisfies Record<LabImage, readonly string[]>;

/** Size of a machine's disk. The file is sparse: it takes what is written. */
const DISK_GIB = 12;

/** Where the recipe's files appear inside the toolbox. */
const RECIPE = "/mnt/recipe";

/**
 * Path of the disk image that machines are copied from.
 *
 * @throws Error when the recipe is not beside the program
 */
export function baseImagePath(cacheDirectory: string, image: LabImage): string {
  const files = folderHash(sourceFolder("lab/base-image"));
  const packages = PACKAGES[image];
  const manifest = manifestHook("", packages);
  const recipe = { SUITE, DISK_GIB, packages, files, manifest };
  return `${cachePath(cacheDirectory, `base-${image}`, recipe)}.img`;
}

interface BaseImageOptions {
  readonly cacheDirectory: string;
  readonly image: LabImage;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes that disk image unless it is there.
 *
 * @throws ProcessError when packages cannot be had; DiskFullError
 */
export async function ensureBaseImage(
  toolbox: Toolbox,
  options: BaseImageOptions,
): Promise<string> {
  const { cacheDirectory, image, progress, signal } = options;
  const path = baseImagePath(cacheDirectory, image);
  const label = labelOf(image);
  return cached(path, { label, neededMiB: 1800, progress, signal }, async (temporary) => {
    const part = { name: `base image ${image}`, path: temporary };
    const newer = async (): Promise<string | undefined> => newerThanProven(toolbox, [part]);
    await explained(newer, async () => build(toolbox, temporary, options));
  });
}

async function build(toolbox: Toolbox, path: string, options: BaseImageOptions): Promise<void> {
  const { cacheDirectory, image, progress, signal } = options;
  const label = labelOf(image);
  const root = `${path}.root`;
  const settings = `${path}.apt`;
  const binds = [
    { source: cacheDirectory },
    { source: sourceFolder("lab/base-image"), target: RECIPE },
  ];
  await removeTree(root);
  try {
    const source = { ...(await readDebianSource(signal)), keyring: DEBIAN_KEYRING };
    await writeFile(settings, source.settings, { mode: 0o600 });
    const packages = PACKAGES[image];
    const manifest = manifestPath(path);
    const tree = { suite: SUITE, packages, target: root, source, settings, manifest };
    await toolbox.run(["mmdebstrap", ...mmdebstrapArguments(tree)], {
      binds,
      deadlineSeconds: 1800,
      onLine: packageProgress(label, progress),
      signal,
    });
    progress(`${label}: setting it up`);
    const run = { binds, deadlineSeconds: 300, signal };
    await toolbox.run(["bash", `${RECIPE}/setup.sh`, root, image], run);
    progress(`${label}: writing the disk`);
    // No reserved blocks, and inode tables known to be zero: the file stays sparse.
    const mkfs = ["mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=1", "-d", root];
    await toolbox.run([...mkfs, path, `${DISK_GIB}G`], run);
  } finally {
    await removeTree(root, settings);
  }
}

function labelOf(image: LabImage): string {
  return `base image "${image}"`;
}
