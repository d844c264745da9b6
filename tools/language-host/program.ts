import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { parseRuntimeOptions, type RuntimeOptions } from "./options";

/** How the program ended: `bail` means that it failed and has already said why. */
export interface ProgramResult {
  readonly error: string;
  readonly bail: boolean;
}

/** Exit code of @pulumi/pulumi/cmd/run for "failed, and the user has been told why". */
const BAIL_EXIT_CODE = 32;
/** Seconds between asking a cancelled program to stop and killing it; the official host's figure. */
const CANCEL_GRACE_SECONDS = 5;

/** Command line for `node`: the SDK's own runner, which loads the program and talks to the engine. */
export function programArguments(
  request: RunRequest,
  engine: string,
  runner: string,
  options: RuntimeOptions,
): string[] {
  const info = request.getInfo();
  const flags: readonly (readonly [string, string])[] = [
    ["monitor", request.getMonitorAddress()],
    ["engine", engine],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory() ?? ""],
    ["stack", request.getStack()],
    ["pwd", info?.getProgramDirectory() ?? request.getPwd()],
    ["parallel", String(request.getParallel())],
  ];
  return [
    ...options.nodeargs,
    runner,
    ...flags.filter(([, value]) => value !== "").flatMap(([flag, value]) => [`--${flag}`, value]),
    ...(request.getDryrun() ? ["--dry-run"] : []),
    info?.getEntryPoint() ?? request.getProgram(),
    ...request.getArgsList(),
  ];
}

/** What the runner reads from its environment, in addition to this process's own. */
export function programEnvironment(
  request: RunRequest,
  options: RuntimeOptions,
): Record<string, string> {
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().getEntryList())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    ...(options.typescript && { PULUMI_NODEJS_TYPESCRIPT: "true" }),
    ...(options.tsconfig !== undefined && { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}

/** Runs the user's program to its end; its output goes to the engine, which shows it. */
export async function runProgram(
  request: RunRequest,
  engine: string,
  signal: AbortSignal,
): Promise<ProgramResult> {
  const info = request.getInfo();
  const directory = info?.getProgramDirectory() ?? request.getPwd();
  const options = parseRuntimeOptions(info?.getOptions()?.toJavaScript() ?? {});
  const child = spawn(
    process.execPath,
    programArguments(request, engine, locateRunner(directory), options),
    {
      env: { ...process.env, ...programEnvironment(request, options) },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  return ended(child, signal);
}

function locateRunner(directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve("@pulumi/pulumi/cmd/run");
  } catch (error) {
    throw new Error(
      `${directory}: the npm package @pulumi/pulumi is not installed; run npm ci there`,
      { cause: error },
    );
  }
}

function ended(child: ChildProcess, signal: AbortSignal): Promise<ProgramResult> {
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill("SIGINT");
    killTimer = setTimeout(() => child.kill("SIGKILL"), CANCEL_GRACE_SECONDS * 1000);
  };
  // When the engine is killed this process ends itself, and nobody else would end the program.
  const end = () => child.kill("SIGKILL");
  process.on("exit", end);
  signal.addEventListener("abort", stop, { once: true });
  return new Promise<ProgramResult>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, killedBy) => {
      resolve(describeExit(code, killedBy));
    });
  }).finally(() => {
    process.off("exit", end);
    signal.removeEventListener("abort", stop);
    clearTimeout(killTimer);
  });
}

/** Translates how `node` ended into the engine's terms. */
export function describeExit(code: number | null, killedBy: string | null): ProgramResult {
  if (code === 0) return { error: "", bail: false };
  if (code === BAIL_EXIT_CODE) return { error: "", bail: true };
  const how = code === null ? `was ended by ${killedBy ?? "a signal"}` : `exited with code ${code}`;
  return { error: `the program ${how}`, bail: false };
}
