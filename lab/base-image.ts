import { writeFile } from "node:fs/promises";
import { cached, cachePath, removeTree, type Progress } from "./cache";
import { DEBIAN_KEYRING, readDebianSource } from "./debian";
import { manifestHook, manifestPath } from "./manifest";
import { explained, newerThanProven } from "./proven";
import { folderHash, sourceFolder } from "./source-folder";
import {
  mmdebstrapArguments,
  packageProgress,
  TOOLS_SUITE,
  type OtherSuite,
  type Toolbox,
} from "./toolbox";

/**
 * Systems that a lab machine can have. All are Debian underneath; `lab/base-image/NAME` holds what makes one of them
 * look and answer like its system, and docs/lab.md what each of them proves.
 */
export const LAB_IMAGES = ["centos7", "centos", "centos10", "debian", "ubuntu"] as const;

export type LabImage = (typeof LAB_IMAGES)[number];

/** The Debian suite that an image is made of. Debian 13 has no dnf 5. */
function suiteOf(image: LabImage): string {
  return image === "centos10" ? "forky" : "trixie";
}

/**
 * What an image takes from another suite. firewalld 2.5.2 accepts each packet in nat's PREROUTING before Docker's rules
 * where iptables is behind it, and the lab's kernel has no nftables; EL 10 has not got that version either.
 */
const OTHERS: Partial<Record<LabImage, OtherSuite>> = {
  centos10: { suite: "trixie", packages: ["firewalld", "python3-firewall"] },
};

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

/** What it has beside that. */
const PACKAGES = {
  centos7: [...COMMON, "dnf", "firewalld", "python3", "rpm"],
  centos: [...COMMON, "dnf", "dnf-plugins-core", "firewalld", "python3", "rpm"],
  centos10: [...COMMON, "dnf5", "firewalld", "python3", "rpm"],
  debian: [...COMMON, "gpg", "python3"],
  ubuntu: [...COMMON, "gpg", "python3", "ufw"],
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
  const other = OTHERS[image];
  // The kernel is the tools', its modules are on the disk.
  const kernel = TOOLS_SUITE;
  const recipe = { suite: suiteOf(image), DISK_GIB, packages, files, manifest, other, kernel };
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
    const tree = {
      suite: suiteOf(image),
      packages: PACKAGES[image],
      target: root,
      source,
      settings,
      manifest: manifestPath(path),
      other: OTHERS[image],
    };
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
