import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { goEnvironment } from "../../tools/go-build";
import { clonePaths } from "../../tools/paths";
import { runGathered } from "../../tools/process";

const root = join(__dirname, "..", "..");
const NAME = "pulumi-language-yaml";
const PACKAGE = `github.com/pulumi/pulumi-yaml/cmd/${NAME}`;

/** The release that go.mod names, with the versions of Pulumi's own modules that it is made for. */
const VERSION = "1.25.0";

/** Milliseconds that the build may take; two slow cores need about 200 seconds. */
export const YAML_HOST_MILLISECONDS = 30 * 60_000;

/**
 * Folder with Pulumi's language host for YAML, for PATH. Built from Go modules at the first use, checked against go.sum,
 * and kept beside the CLI: where Pulumi's site can be reached, its own CLI has one, but tests run where it cannot.
 *
 * @throws Error with the end of what Go said
 */
export async function yamlHost(): Promise<string> {
  const paths = clonePaths(root);
  const folder = join(dirname(paths.pulumiHome), `yaml-${VERSION}`);
  if (existsSync(join(folder, NAME))) return folder;
  const caches = { ...paths, go: join(folder, "go") };
  await mkdir(caches.go, { recursive: true });
  const output = join(caches.go, NAME);
  const { code, output: log } = await runGathered("go", buildArguments(output), {
    cwd: __dirname,
    environment: goEnvironment(caches, process.env),
    signal: AbortSignal.timeout(YAML_HOST_MILLISECONDS),
  });
  if (code !== 0) throw new Error(`${NAME} ${VERSION}: go build failed\n${log.slice(-4000)}`);
  await rename(output, join(folder, NAME));
  await rm(caches.go, { recursive: true, force: true });
  return folder;
}

function buildArguments(output: string): string[] {
  return [
    "build",
    "-mod=readonly",
    // Else the cache is read-only and rm cannot remove it.
    "-modcacherw",
    "-trimpath",
    "-tags=grpcnotrace",
    `-ldflags=-s -w -X github.com/pulumi/pulumi-yaml/pkg/version.Version=${VERSION}`,
    `-o=${output}`,
    PACKAGE,
  ];
}
