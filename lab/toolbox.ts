import { existsSync } from "node:fs";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { cached, cachePath, removeTree, type Progress } from "./cache";
import { DEBIAN_KEYRING, readDebianSource, type DebianSource } from "./debian";
import { manifestHook, manifestPath } from "./manifest";
import { type ProcessOptions, type ProcessResult, runProcess } from "./process";

/** Everything that the lab needs from Debian beside what any Debian machine has. */
const PACKAGES = [
  "apt-utils",
  "busybox-static",
  "ca-certificates",
  "createrepo-c",
  "curl",
  "docker-registry",
  "dpkg-dev",
  "e2fsprogs",
  "gpg",
  "gpg-agent",
  "iproute2",
  "jq",
  "mmdebstrap",
  "nftables",
  "openssh-client",
  "procps",
  "rpm",
  "skopeo",
  "umoci",
  "user-mode-linux",
  "zstd",
] as const;

/** Suite that the tools, and with them the machines' kernel, come from. */
export const TOOLS_SUITE = "trixie";

/** Mounts, then changes root. Arguments: root, then pairs "source target", then "--", then folder and program. */
const ENTER = `set -e
root=$1; shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=1777,size=100% tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
touch "$root/run/resolv.conf"
if [ -e /etc/resolv.conf ]; then mount --bind /etc/resolv.conf "$root/run/resolv.conf"; fi
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "$root$2"; else mkdir -p "$root\${2%/*}"; touch "$root$2"; fi
  mount --rbind "$1" "$root$2"
  shift 2
done
cd "$2"; folder=$2; shift 2
exec chroot "$root" env --chdir="$folder" -- "$@"
`;

/** A file or folder of the machine that is visible inside the toolbox. */
interface Bind {
  readonly source: string;
  /** Where it appears inside. @default - the same path */
  readonly target?: string;
}

/** A program with its arguments and its whole environment. */
export interface Command {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** How a tool is started inside the toolbox. */
export interface ToolOptions {
  /** What the tool sees of the machine, beside the lab's own folder, which is always there under its own path. */
  readonly binds?: readonly Bind[];
  /** Working folder, as seen inside. @default - the lab's folder */
  readonly cwd?: string;
  /** Added to the tool's environment, which is otherwise empty but for PATH, HOME, LC_ALL and proxies. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * `own`: a process namespace that ends with the tool, and everything started in it with it.
   * `shared`: the tool replaces the started process, so that its process id is the tool's.
   * @default "own"
   */
  readonly processes?: "own" | "shared";
}

/**
 * A small Debian 13 tree inside the lab's folder in which all of the lab's tools run, so that nothing is installed on
 * the machine. Every start has a mount namespace of its own: no mount is ever seen, or left, on the machine.
 */
export class Toolbox {
  /** Root folder of the tree. It exists after `ensure`. */
  readonly root: string;
  readonly #labDirectory: string;

  /** No side effect. `cacheDirectory` may be shared between labs. */
  constructor(labDirectory: string, cacheDirectory: string) {
    this.#labDirectory = labDirectory;
    const manifest = manifestHook("", PACKAGES);
    this.root = cachePath(cacheDirectory, "toolbox", {
      suite: TOOLS_SUITE,
      packages: PACKAGES,
      manifest,
    });
  }

  /**
   * Makes the tree when it is not there.
   *
   * @throws Error when the machine has no apt or no Debian mirror; DiskFullError
   */
  async ensure(progress: Progress, signal?: AbortSignal): Promise<void> {
    const label = "lab tools";
    await cached(this.root, { label, neededMiB: 1200, progress, signal }, async (temporary) => {
      progress(`${label}: reading this machine's package sources`);
      const source = await readDebianSource(signal);
      const bootstrap = `${this.root}.bootstrap.tmp`;
      await removeTree(bootstrap);
      try {
        progress(`${label}: downloading mmdebstrap`);
        await downloadMmdebstrap(bootstrap, source, signal);
        const command = ["perl", `${bootstrap}/usr/bin/mmdebstrap`];
        const settings = `${bootstrap}/apt.conf`;
        await writeFile(settings, source.settings, { mode: 0o600 });
        const manifest = manifestPath(temporary);
        const tree = { suite: TOOLS_SUITE, packages: PACKAGES, target: temporary };
        const options = { ...tree, source, settings, manifest };
        await runProcess(
          [...PRIVATE, "--mount-proc", ...command, ...mmdebstrapArguments(options)],
          {
            deadlineSeconds: 1800,
            onLine: packageProgress(label, progress),
            signal,
            // What it would leave in the machine's own folder if it were killed.
            env: { ...process.env, TMPDIR: bootstrap },
          },
        );
        await runProcess(["ln", "-sf", "/run/resolv.conf", `${temporary}/etc/resolv.conf`]);
      } finally {
        await removeTree(bootstrap);
      }
    });
  }

  /** What starts a tool inside the toolbox, for whoever starts it otherwise than with `run`. */
  command(argv: readonly string[], options: ToolOptions = {}): Command {
    const binds = [{ source: this.#labDirectory }, ...(options.binds ?? [])];
    const words = [
      ...(options.processes === "shared" ? ["unshare", "--mount"] : PRIVATE),
      "/bin/sh",
      "-c",
      ENTER,
      "toolbox",
      this.root,
      ...binds.flatMap(({ source, target }: Bind) => [source, target ?? source]),
      "--",
      options.cwd ?? this.#labDirectory,
      ...argv,
    ];
    return { argv: words, env: toolEnvironment(options.env) };
  }

  /**
   * Runs a tool inside the toolbox, without a shell, and waits for its end.
   *
   * @throws ProcessError when it fails or is out of time
   */
  async run(
    argv: readonly string[],
    options: ToolOptions & Omit<ProcessOptions, "cwd" | "env"> = {},
  ): Promise<ProcessResult> {
    await mkdir(this.#labDirectory, { recursive: true });
    const { argv: words, env } = this.command(argv, options);
    return runProcess(words, {
      env,
      shownAs: argv,
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
      ...(options.deadlineSeconds === undefined
        ? {}
        : { deadlineSeconds: options.deadlineSeconds }),
      ...(options.allowFailure === undefined ? {} : { allowFailure: options.allowFailure }),
      signal: options.signal,
    });
  }
}

/** Mounts and processes of its own; ends when the process that started it ends, in whatever way. */
const PRIVATE = [
  ...["setpriv", "--pdeathsig", "KILL"],
  ...["unshare", "--mount", "--pid", "--fork", "--kill-child"],
] as const;

/** Packages of another Debian suite than that of the tree. */
export interface OtherSuite {
  readonly suite: string;
  readonly packages: readonly string[];
}

/** What `mmdebstrap` is told to make a tree of a Debian suite with some packages. */
export function mmdebstrapArguments(options: {
  readonly suite: string;
  readonly packages: readonly string[];
  readonly target: string;
  readonly source: DebianSource;
  /** File that holds `source.settings`: a proxy's password is not for a command line. */
  readonly settings: string;
  /** File that the versions of the packages are written to. */
  readonly manifest: string;
  /** Packages that are taken from another suite. @default - none */
  readonly other?: OtherSuite | undefined;
}): string[] {
  const { suite, packages, target, source, settings, manifest, other } = options;
  const line = (name: string): string =>
    `deb [signed-by=${source.keyring}] ${source.mirror} ${name} main`;
  return [
    "--mode=root",
    "--variant=minbase",
    "--architectures=amd64",
    `--include=${packages.join(",")}`,
    `--aptopt=${settings}`,
    "--dpkgopt=force-unsafe-io",
    ...(other === undefined ? [] : preferenceHooks(other)),
    manifestHook(manifest, packages),
    suite,
    target,
    line(suite),
    ...(other === undefined ? [] : [line(other.suite)]),
  ];
}

/** Options by which apt takes packages from their suite, and what else is in it only where there is nothing newer. */
function preferenceHooks({ suite, packages }: OtherSuite): string[] {
  const text = `Package: ${packages.join(" ")}\\nPin: release n=${suite}\\nPin-Priority: 990\\n`;
  const file = '"$1/etc/apt/preferences.d/lab"';
  return [`--setup-hook=printf '${text}' >${file}`, `--customize-hook=rm ${file}`];
}

/** Turns what apt and dpkg write into a progress line now and then (every 25 packages). */
export function packageProgress(label: string, progress: Progress): (line: string) => void {
  let unpacked = 0;
  let configured = 0;
  return (line) => {
    if (/^I: (running apt|installing|downloading|extracting)/.test(line)) {
      progress(`${label}: ${line.slice(3).replace(/\.+$/, "")}`);
    }
    if (line.startsWith("Unpacking ") && ++unpacked % 25 === 0) {
      progress(`${label}: ${unpacked} packages unpacked`);
    }
    if (line.startsWith("Setting up ") && ++configured % 25 === 0) {
      progress(`${label}: ${configured} packages set up`);
    }
  };
}

async function downloadMmdebstrap(
  folder: string,
  source: DebianSource,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!existsSync(source.keyring)) {
    throw new Error(
      `${source.keyring}: not found; expected the Debian archive's keys there, as on any Debian machine. ` +
        "Install debian-archive-keyring.",
    );
  }
  await mkdir(`${folder}/state/lists/partial`, { recursive: true });
  await mkdir(`${folder}/cache/archives/partial`, { recursive: true });
  await writeFile(
    `${folder}/sources.list`,
    `deb [signed-by=${DEBIAN_KEYRING}] ${source.mirror} ${TOOLS_SUITE} main\n`,
  );
  const settings = [
    `Dir::State=${folder}/state`,
    `Dir::Cache=${folder}/cache`,
    `Dir::Etc::sourcelist=${folder}/sources.list`,
    "Dir::Etc::sourceparts=/dev/null",
    "APT::Sandbox::User=root",
    "APT::Update::Post-Invoke-Success=",
    "Acquire::Languages=none",
    "Acquire::Retries=3",
  ];
  const options = settings.flatMap((setting) => ["-o", setting]);
  const run = { cwd: folder, deadlineSeconds: 300, signal };
  await runProcess(["apt-get", ...options, "update"], run);
  await runProcess(["apt-get", ...options, "download", "mmdebstrap"], run);
  const archive = (await readdir(folder)).find((name) => name.endsWith(".deb"));
  if (archive === undefined)
    throw new Error(`${folder}: got no package file from apt-get download.`);
  await runProcess(["dpkg-deb", "--extract", `${folder}/${archive}`, folder], run);
}

function toolEnvironment(added: Readonly<Record<string, string>> = {}): Record<string, string> {
  const proxies = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOME: "/root",
    LC_ALL: "C.UTF-8",
    DEBIAN_FRONTEND: "noninteractive",
    ...Object.fromEntries(proxies),
    ...added,
  };
}
