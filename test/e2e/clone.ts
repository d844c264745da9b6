import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { Cost } from "../../units/cost";
import { copyFiles, repository } from "../repository";

/** What a command printed and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A step of a preview, as Pulumi prints it with `--json`. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Record<string, { kind: string }> | null;
}

/** A preview, as `npm run preview -- --json` prints it. */
interface Digest {
  readonly steps: Step[];
  readonly cost: Cost;
}

/** A command that is still running. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  /** Ends it with all that it started, as a power cut would: nobody gets to clean up. */
  kill(): void;
}

/**
 * A second clone of this repository, made from the files that git knows, in which a test types what a user types.
 * Its lab has a namespace and a subnet of its own; what is slow to make and never changes (packages, the CLI, disk
 * images) is shared with this clone.
 */
export class Clone {
  readonly directory: string;
  /** Temporary files of all that is started in the clone: beside it, for nobody else. */
  readonly temporary: string;

  constructor(story: string) {
    this.directory = join(repository, ".swarm", "e2e", story);
    this.temporary = `${this.directory}.tmp`;
  }

  /** Lays the clone anew. A lab that a killed test left behind is taken down first. */
  async make(): Promise<void> {
    await this.takeDown();
    this.remove();
    mkdirSync(this.temporary, { recursive: true });
    copyFiles(this.directory);
    symlinkSync(join(repository, "node_modules"), join(this.directory, "node_modules"));
    mkdirSync(join(this.directory, ".swarm", "lab"), { recursive: true });
    mkdirSync(join(repository, ".swarm", "pulumi"), { recursive: true });
    mkdirSync(join(repository, ".swarm", "lab", "cache"), { recursive: true });
    // The CLI that is shared runs programs with this clone's language host.
    if (!existsSync(join(repository, "dist", "language")))
      execFileSync(process.execPath, [join(repository, "tools", "build.mjs")], { cwd: repository });
    symlinkSync(join(repository, ".swarm", "pulumi"), join(this.directory, ".swarm", "pulumi"));
    symlinkSync(
      join(repository, ".swarm", "lab", "cache"),
      join(this.directory, ".swarm", "lab", "cache"),
    );
  }

  /** Removes the clone's folder. */
  remove(): void {
    for (const folder of [this.directory, this.temporary])
      rmSync(folder, { recursive: true, force: true });
  }

  /**
   * Takes down the lab, and removes the folder once it is.
   *
   * @throws Error when that takes force: with what `destroy` said
   */
  async clear(): Promise<void> {
    const { code, stdout, stderr } = await this.takeDown();
    this.remove();
    if (code !== 0) throw new Error(`npm run destroy exited with ${code}\n${stdout}\n${stderr}`);
  }

  private async takeDown(): Promise<Outcome> {
    if (!this.exists()) return { code: 0, stdout: "", stderr: "" };
    const outcome = await this.npm("destroy", ["--yes"], { minutes: 10 });
    if (outcome.code !== 0) await this.npmOk("lab", ["remove"]);
    return outcome;
  }

  /** `npm run <task> -- <args>`; never throws for an exit code. */
  npm(task: string, args: readonly string[] = [], { minutes = 15 } = {}): Promise<Outcome> {
    return this.start(task, args, { minutes }).outcome;
  }

  /** Like `npm`, and fails with all that was printed unless the exit code is 0. */
  async npmOk(task: string, args: readonly string[] = [], limit = {}): Promise<string> {
    const { code, stdout, stderr } = await this.npm(task, args, limit);
    if (code !== 0) throw new Error(`npm run ${task} exited with ${code}\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Starts `npm run <task> -- <args>`. */
  start(task: string, args: readonly string[] = [], { minutes = 15 } = {}): Running {
    const words = ["run", "--silent", task, "--", ...args];
    return start("npm", words, { cwd: this.directory, temporary: this.temporary, minutes });
  }

  /**
   * Starts a task and kills it, and the plugin with it, as soon as something has come true: no signal that could be
   * caught.
   *
   * @throws Error when it had ended by then: with all that it printed
   */
  async npmKilled(
    task: string,
    args: readonly string[],
    event: Promise<void>,
    { minutes = 15 } = {},
  ): Promise<void> {
    const running = this.start(task, args, { minutes });
    const ended = running.outcome.then(() => false);
    const isRunning = await Promise.race([event.then(() => true), ended]);
    if (isRunning) {
      running.kill();
      this.killPlugin();
    }
    const { code, stdout, stderr } = await running.outcome;
    if (!isRunning)
      throw new Error(`npm run ${task} ended by itself with ${code}\n${stdout}\n${stderr}`);
  }

  /** Kills every plugin of the clone that runs, and nothing else. */
  killPlugin(): void {
    for (const pid of pidsOf(join(this.directory, "dist", "provider"))) killNow(pid);
  }

  /** What a preview would do. What stays is left out; of a replacement's three steps there is the one that says why. */
  async steps(args: readonly string[] = []): Promise<Step[]> {
    const { steps } = await this.digest(args);
    const left = ["same", "read", "refresh", "create-replacement", "delete-replaced"];
    return steps.filter(({ op }) => !left.includes(op));
  }

  /** What a preview asks of the machines. @throws Error when it would change anything */
  async cost(): Promise<Cost> {
    const { steps, cost } = await this.digest(["--expect-no-changes"]);
    if (steps.length === 0) throw new Error("preview: got no resources; expected some");
    return cost;
  }

  /** The same as `update NAME property…`, sorted. */
  async planned(args: readonly string[] = []): Promise<string[]> {
    return (await this.steps(args))
      .map(({ op, urn, detailedDiff }) => {
        const paths = Object.keys(detailedDiff ?? {}).sort();
        return [op, urn.split("::").at(-1), ...paths].join(" ");
      })
      .sort();
  }

  /** What a command says on a machine of the lab. */
  async on(host: string, ...command: readonly string[]): Promise<string> {
    return (await this.npmOk("lab", ["ssh", host, ...command], { minutes: 2 })).trim();
  }

  /** Changes the configuration as a user with an editor does. */
  edit(file: string, from: string, to: string): void {
    const path = join(this.directory, file);
    const text = readFileSync(path, "utf8");
    if (!text.includes(from)) throw new Error(`${file} does not hold ${JSON.stringify(from)}`);
    writeFileSync(path, text.replace(from, to));
  }

  /** Writes a file of the clone, new or in place of what is there. */
  write(file: string, text: string | Buffer): void {
    const path = join(this.directory, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  private async digest(args: readonly string[]): Promise<Digest> {
    return JSON.parse(await this.npmOk("preview", ["--json", ...args])) as Digest;
  }

  private exists(): boolean {
    try {
      readFileSync(join(this.directory, "package.json"));
      return true;
    } catch {
      return false;
    }
  }
}

/** Processes with a text in their command line. */
function pidsOf(text: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => commandOf(pid).includes(text))
    .map(Number);
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return ""; // it ended meanwhile
  }
}

/** Kills a process; one that ended meanwhile is as good. */
function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

interface Place {
  readonly cwd: string;
  readonly temporary: string;
  readonly minutes: number;
}

function start(file: string, args: string[], { cwd, temporary, minutes }: Place): Running {
  mkdirSync(temporary, { recursive: true });
  const child = spawn(file, args, {
    cwd,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const kill = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  };
  const outcome = new Promise<Outcome>((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    const limit = setTimeout(() => {
      kill();
      reject(
        new Error(`${file} ${args.join(" ")} took over ${minutes} minutes\n${stdout}\n${stderr}`),
      );
    }, minutes * 60_000);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, stdout, stderr });
    });
  });
  return { outcome, kill };
}
