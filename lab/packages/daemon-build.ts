import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Progress } from "../cache";
import { runProcess } from "../process";
import { sourceFolder } from "../source-folder";
import type { DaemonBuild } from "./engines";

/** Seconds that the build may take; two slow cores need about 450. */
const BUILD_SECONDS = 3600;

/** What is built of moby's module. */
const PROGRAMS = ["dockerd", "docker-proxy"].map((name) => `github.com/moby/moby/v2/cmd/${name}`);

/** Where the programs go, and what else may be written. */
interface DaemonPlace {
  /** Folder for dockerd and docker-proxy. */
  readonly output: string;
  /** Folder for Go's caches, 3 GB, which the caller removes. */
  readonly work: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Builds dockerd and docker-proxy from the Go modules that go.sum lists, static, so that they run on any system. Without
 * cgo they lack the btrfs storage driver, disk quotas and reading logs back from journald; nftables is spoken to through
 * the program `nft`.
 *
 * @param engine - the version that the engine says of itself
 * @throws ProcessError without Go, without a module proxy, or when a module is not the one of go.sum
 */
export async function buildDaemon(
  engine: string,
  daemon: DaemonBuild,
  { output, work, progress, signal }: DaemonPlace,
): Promise<void> {
  await mkdir(output, { recursive: true });
  await mkdir(`${work}/tmp`, { recursive: true });
  let compiled = 0;
  await runProcess(["go", ...goArguments(engine, daemon, output)], {
    cwd: sourceFolder(`lab/packages/${daemon.module}`),
    env: { ...process.env, ...goEnvironment(work, process.env) },
    deadlineSeconds: BUILD_SECONDS,
    signal,
    onLine: (line) => {
      if (line.startsWith("go: ")) return;
      compiled += 1;
      if (compiled % 100 === 0) progress(`dockerd ${engine}: ${compiled} Go packages compiled`);
    },
  });
}

/** Arguments of `go`: what moby's own build sets, and where the result goes. */
export function goArguments(engine: string, daemon: DaemonBuild, output: string): string[] {
  const version = "github.com/moby/moby/v2/dockerversion";
  const words = {
    Version: engine,
    GitCommit: daemon.tag,
    BuildTime: daemon.built,
    PlatformName: "Docker Engine - Community",
  };
  const variables = Object.entries(words).map(
    ([name, value]) => `-X '${version}.${name}=${value}'`,
  );
  return [
    "build",
    // Names every package as it is done, for the progress line.
    "-v",
    // Sums are checked against go.sum; nothing is updated.
    "-mod=readonly",
    // Else the cache is read-only and rm cannot remove it.
    "-modcacherw",
    "-buildvcs=false",
    "-trimpath",
    "-tags=netgo osusergo static_build nri_no_wasm",
    `-ldflags=-s -w ${variables.join(" ")}`,
    "-o",
    `${output}/`,
    ...PROGRAMS,
  ];
}

/** Caches that the user's environment names are used; else all that Go writes goes into `work`. */
export function goEnvironment(work: string, user: NodeJS.ProcessEnv): Record<string, string> {
  const config = user.XDG_CONFIG_HOME ?? join(homedir(), ".config");
  return {
    CGO_ENABLED: "0",
    GOFLAGS: "",
    GOWORK: "off",
    GOTOOLCHAIN: "auto",
    GOPATH: `${work}/path`,
    GOMODCACHE: user.GOMODCACHE ?? `${work}/path/pkg/mod`,
    GOCACHE: user.GOCACHE ?? `${work}/cache`,
    GOTMPDIR: `${work}/tmp`,
    // Go keeps counters of its own use in the configuration folder.
    XDG_CONFIG_HOME: `${work}/config`,
    GOENV: user.GOENV ?? join(config, "go", "env"),
  };
}
