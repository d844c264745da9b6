import { mkdir, readFile, rename, rm, statfs } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { coerce, gte, type SemVer } from "semver";
import type { Paths } from "./paths";
import { runGathered } from "./process";
import { type Say, step } from "./progress";

/** Seconds that the build may take; two slow cores need about 200. */
const BUILD_SECONDS = 3600;
/** Room in GiB that the module and build caches take while it runs. */
const ROOM_GIB = 5;
/** From this version on Go fetches a newer toolchain by itself. */
const SELF_UPGRADING_GO = "1.21.0";

/**
 * Builds the Pulumi CLI from the Go modules that tools/pulumi-cli/go.sum lists. The caches live in the clone and go
 * when it is done; a build that failed or was killed leaves them, so that the next one goes on from there.
 *
 * @throws Error saying what is missing and the way out
 */
export async function buildCli(paths: Paths, version: string, say: Say): Promise<void> {
  const module = join(paths.root, "tools", "pulumi-cli");
  await checkGo(await requiredGo(module), version);
  await checkRoom(paths);
  const output = join(paths.pulumiBin, "pulumi");
  const temporary = join(paths.go, "pulumi");
  await step(`Pulumi ${version}: building from Go modules`, say, async (at) => {
    let modules = 0;
    let packages = 0;
    const { code, output: log } = await runGathered(
      "go",
      buildArguments(version, temporary),
      {
        cwd: module,
        environment: goEnvironment(paths, process.env),
        signal: AbortSignal.timeout(BUILD_SECONDS * 1000),
      },
      (line) => {
        if (line.startsWith("go: downloading ")) modules += 1;
        else packages += 1;
        at(`${modules} modules downloaded, ${packages} packages compiled`);
      },
    );
    if (code !== 0) throw new Error(explainFailure(log, module));
  });
  await mkdir(dirname(output), { recursive: true });
  await rename(temporary, output);
  await rm(paths.go, { recursive: true, force: true });
}

/**
 * What is compiled with Go's optimisations: what a CLI that serves this project spends its time in. The rest (clients
 * of clouds, of version control, of other languages) is compiled without, which takes a third of the work off the build.
 */
const OPTIMISED = [
  "std",
  "github.com/pulumi/...",
  "google.golang.org/grpc/...",
  "google.golang.org/protobuf/...",
  "golang.org/x/...",
] as const;

/** Arguments of `go`: static, without debug tables, with the version that the CLI is to say. */
export function buildArguments(version: string, output: string): string[] {
  const variable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
  // The linker would leave debug tables out (-s -w) after all packages had made theirs.
  const tables = "-dwarf=false";
  return [
    "build",
    // Names every package as it is done, for the progress line.
    "-v",
    // Sums are checked against go.sum; nothing is updated.
    "-mod=readonly",
    // Else the cache is read-only and rm cannot remove it.
    "-modcacherw",
    "-trimpath",
    "-tags=grpcnotrace",
    `-gcflags=all=${tables} -N -l`,
    ...OPTIMISED.map((packages) => `-gcflags=${packages}=${tables}`),
    `-ldflags=-s -w -X ${variable}=${version}`,
    `-o=${output}`,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ];
}

/** Everything that Go writes goes into the clone; what the user told Go (proxy, sum database) still counts. */
export function goEnvironment(paths: Paths, user: NodeJS.ProcessEnv): Record<string, string> {
  const userConfig = user.XDG_CONFIG_HOME ?? join(homedir(), ".config");
  return {
    CGO_ENABLED: "0",
    GOWORK: "off",
    // The compiler's own: no process of this build gets beyond 1.5 GiB without.
    GOGC: "off",
    GOTOOLCHAIN: "auto",
    GOPATH: join(paths.go, "path"),
    GOMODCACHE: join(paths.go, "path", "pkg", "mod"),
    GOCACHE: join(paths.go, "cache"),
    GOTMPDIR: paths.go,
    // Go keeps counters of its own use in the configuration folder.
    XDG_CONFIG_HOME: join(paths.go, "config"),
    GOENV: user.GOENV ?? join(userConfig, "go", "env"),
  };
}

async function requiredGo(module: string): Promise<SemVer> {
  const file = join(module, "go.mod");
  const line = /^go (\S+)$/m.exec(await readFile(file, "utf8"));
  const version = coerce(line?.[1]);
  if (version === null)
    throw new Error(`${file}: no line "go VERSION"; restore it with git checkout`);
  return version;
}

async function checkGo(required: SemVer, version: string): Promise<void> {
  const ways =
    `Either install Go ${required.version} or newer and put it on PATH (go.dev/doc/install), or install Pulumi ` +
    `${version} or newer (pulumi.com/docs/install); then run this again.`;
  const asked = await runGathered("go", ["env", "GOVERSION"], {
    environment: { GOTOOLCHAIN: "local" },
  }).catch(() => undefined);
  if (asked === undefined) {
    throw new Error(`Go: not found on PATH; expected it to build Pulumi ${version}. ${ways}`);
  }
  const found = coerce(asked.output);
  if (asked.code !== 0 || found === null) {
    throw new Error(`Go: go env GOVERSION answered "${asked.output}"; expected a version. ${ways}`);
  }
  if (!gte(found, SELF_UPGRADING_GO)) {
    throw new Error(`Go: got ${found.version}; expected ${required.version} or newer. ${ways}`);
  }
}

async function checkRoom(paths: Paths): Promise<void> {
  await mkdir(paths.go, { recursive: true });
  const { bavail, bsize } = await statfs(paths.go);
  const free = (bavail * bsize) / 2 ** 30;
  if (free >= ROOM_GIB) return;
  throw new Error(
    `disk: got ${free.toFixed(1)} GiB free at ${paths.go}; expected ${ROOM_GIB} GiB while Pulumi is built ` +
      "(given back afterwards). Make room, or install Pulumi by hand.",
  );
}

/** The end of what Go said, with the way out where the cause is a known one. */
export function explainFailure(log: string, module: string): string {
  const end = log.split("\n").slice(-8).join("\n");
  if (/checksum mismatch|SECURITY ERROR/.test(log)) {
    return `Pulumi: a Go module is not the one that ${join(module, "go.sum")} lists; nothing was built.\n${end}`;
  }
  if (/no such host|dial tcp|i\/o timeout|connection refused|TLS handshake/.test(log)) {
    return `Pulumi: no Go module proxy was reached. Check the network, or name a mirror: go env -w GOPROXY=URL.\n${end}`;
  }
  if (log.includes("no space left on device")) {
    return `Pulumi: the disk is full while it is built. Make room and run this again.\n${end}`;
  }
  return `Pulumi: go build failed; the end of what it said:\n${end}`;
}
