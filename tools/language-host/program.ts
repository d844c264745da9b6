import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { ProgramInfo, type RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { parseRuntimeOptions, type RuntimeOptions } from "./options";
import type { Start } from "./runner";

/** How the program ended: `bail` means that it failed and has already said why. */
export interface ProgramResult {
  readonly error: string;
  readonly bail: boolean;
}

/** Exit code of @pulumi/pulumi/cmd/run for "failed, and the user has been told why". */
const BAIL_EXIT_CODE = 32;
/** Seconds between asking a cancelled program to stop and killing it; the official host's figure. */
const CANCEL_GRACE_SECONDS = 5;

/** Arguments of the SDK's own runner, which loads the program and talks to the engine. */
export function programArguments(request: RunRequest, engine: string): string[] {
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

/**
 * The user's program. Its process is started as soon as the engine names it, and has loaded what programs load by the
 * time that the engine has asked what there is and wants it run.
 */
export class Program {
  #prepared: Prepared | undefined;

  /** Starts the process of a program; it ends with this one if it is not run. */
  prepare(info: ProgramInfo): void {
    try {
      this.#prepared = start(info);
    } catch {
      // Nothing is wrong yet: `destroy` runs no program. Where one is run, the same is said.
    }
  }

  /** Runs it to its end; its output goes to the engine, which shows it. */
  async run(request: RunRequest, engine: string, signal: AbortSignal): Promise<ProgramResult> {
    const info = request.getInfo() ?? new ProgramInfo().setProgramDirectory(request.getPwd());
    const { child } = this.#take(info) ?? start(info);
    const result = ended(child, signal);
    const order: Start = {
      words: programArguments(request, engine),
      environment: programEnvironment(request, optionsOf(info)),
    };
    // One that has ended meanwhile does not get it, and its end says so.
    child.send(order, () => undefined);
    return result;
  }

  /** The process that waits for this program, unless an interrupt has ended it. */
  #take(info: ProgramInfo): Prepared | undefined {
    const prepared = this.#prepared;
    this.#prepared = undefined;
    if (prepared?.program === programOf(info) && prepared.child.connected) return prepared;
    prepared?.child.kill();
    return undefined;
  }
}

/** A process that has loaded what programs load, and the program that it is for. */
interface Prepared {
  readonly child: ChildProcess;
  readonly program: string;
}

function start(info: ProgramInfo): Prepared {
  const { typescript, nodeargs } = optionsOf(info);
  // The first changes how gRPC is loaded.
  const modules = ["./instrumentation", "../..", ...(typescript ? ["typescript"] : [])];
  const words = [locateRunner(info.getProgramDirectory()), ...modules];
  const child = fork(join(__dirname, "runner.js"), words, {
    execArgv: [...nodeargs],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return { child, program: programOf(info) };
}

/** What tells one program from another: its folder and its options. */
function programOf(info: ProgramInfo): string {
  return JSON.stringify([info.getProgramDirectory(), optionsOf(info)]);
}

function optionsOf(info: ProgramInfo): RuntimeOptions {
  return parseRuntimeOptions(info.getOptions()?.toJavaScript() ?? {});
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
