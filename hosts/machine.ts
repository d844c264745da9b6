import { setTimeout as delay } from "node:timers/promises";
import { runCommand } from "./command";
import type { RunOptions, RunResult } from "./command";
import { Connection } from "./connection";
import { abortError, DeadlineError, HostError, HostUnreachableError, messageOf } from "./errors";
import { Engine } from "./engine";
import { scriptStream } from "./shell";
import type { Target } from "./target";
import { Traffic } from "./traffic";

export type { RunOptions, RunResult } from "./command";

/** A target, or how to find it out (a lab machine's keys exist only once it is made). */
export type TargetSource = Target | (() => Promise<Target>);

/** How to wait for a machine that boots. */
export interface WaitOptions {
  readonly deadlineSeconds: number;
  readonly signal?: AbortSignal;
  /** Told about each second of waiting and why. */
  progress?(message: string): void;
}

/** How a file is written. */
export interface WriteOptions {
  /** Octal permissions. @default "0644" */
  readonly mode?: string;
  /** `user` or `user:group`. @default "root:root" */
  readonly owner?: string;
}

/** `/etc/x` is missing: an exit code that nothing else in the script answers with. */
const MISSING = 66;

const READ_FILE = `[ -e "$1" ] || exit ${MISSING}
cat -- "$1"`;

// Written beside the file and renamed, so that nobody ever sees half of it; the size guards against a connection
// that broke in the middle of the content.
const WRITE_FILE = `folder=$(dirname -- "$1")
umask 022
mkdir -p -- "$folder"
umask 077
temporary=$(mktemp -- "$folder/.swarm.XXXXXXXX")
trap 'rm -f -- "$temporary"' EXIT
cat >"$temporary"
size=$(wc -c <"$temporary")
[ "$size" -eq "$4" ] || { echo "got $size of $4 bytes" >&2; exit 1; }
chown -- "$3" "$temporary"
chmod -- "$2" "$temporary"
sync -- "$temporary"
mv -fT -- "$temporary" "$1"
# Where SELinux is at work a file has the label of its place: one from elsewhere is read by no service.
if command -v restorecon >/dev/null; then restorecon -- "$1"; fi`;

/**
 * One machine: commands, files and its Docker Engine, all through one SSH connection that is opened on first use and
 * again after it dropped. Commands run as root, through sudo where the login user is another.
 */
export class Machine {
  readonly name: string;
  private readonly source: TargetSource;
  private readonly jumpTo: (target: Target) => Connection;
  private readonly traffic: Traffic;
  private connecting: Promise<Connection> | undefined;
  private engineClient: Engine | undefined;
  private ended = false;

  /**
   * @param jumpTo - the shared connection to a machine to go through
   * @param traffic - where everything that is asked of the machine is counted
   */
  constructor(
    name: string,
    source: TargetSource,
    jumpTo: (target: Target) => Connection = (target) => new Connection(target, undefined),
    traffic = new Traffic(),
  ) {
    this.name = name;
    this.source = source;
    this.jumpTo = jumpTo;
    this.traffic = traffic;
  }

  /** The machine's address and login, asked for once. */
  async target(): Promise<Target> {
    return (await this.connection()).target;
  }

  /**
   * Runs one command.
   *
   * @throws CommandError unless `allowFailure`, DeadlineError, AuthenticationError, HostKeyError, HostUnreachableError
   */
  async run(argv: readonly string[], options: RunOptions = {}): Promise<RunResult> {
    return runCommand(await this.connection(), argv, options);
  }

  /**
   * Runs a script with `bash -euo pipefail`. It travels over the input, so neither it nor `stdin` shows in a process
   * list; `args` are `$1`, `$2`, … and do show. The script's commands read `stdin` as their input.
   */
  async script(
    text: string,
    args: readonly string[] = [],
    options: RunOptions = {},
  ): Promise<RunResult> {
    return this.run(["bash", "-euo", "pipefail", "-s", "--", ...args], {
      title: "a script",
      ...options,
      stdin: scriptStream(text, options.stdin ?? ""),
    });
  }

  /** Content of a text file; undefined when there is none. */
  async readFile(path: string): Promise<string | undefined> {
    const title = `reading ${path}`;
    const result = await this.script(READ_FILE, [path], { title, allowFailure: true });
    if (result.code === MISSING) return undefined;
    if (result.code === 0) return result.stdout;
    throw new Error(`${this.name}: ${title} failed: ${result.stderr.trim()}`);
  }

  /** Replaces a text file as a whole; folders that are missing are made. The content goes over the input. */
  async writeFile(path: string, content: string, options: WriteOptions = {}): Promise<void> {
    const { mode = "0644", owner = "root:root" } = options;
    const size = String(Buffer.byteLength(content));
    await this.script(WRITE_FILE, [path, mode, owner, size], {
      title: `writing ${path}`,
      stdin: content,
    });
  }

  /** The machine's Docker Engine. */
  engine(): Engine {
    this.engineClient ??= new Engine(this.name, async () => this.connection(), this.traffic);
    return this.engineClient;
  }

  /**
   * Waits until a command can be run, for a machine that boots.
   *
   * @throws DeadlineError with the last reason; at once for a wrong host key or a refused login, which waiting cannot mend
   */
  async waitUntilReachable(options: WaitOptions): Promise<void> {
    const began = Date.now();
    for (;;) {
      const failure = await this.tryReach();
      if (failure === undefined) return;
      if (!(failure instanceof HostUnreachableError)) throw failure;
      if (options.signal?.aborted === true) throw abortError(options.signal);
      const waited = Math.round((Date.now() - began) / 1000);
      if (waited >= options.deadlineSeconds) {
        throw new DeadlineError(
          this.name,
          "waiting for the machine to answer over SSH",
          options.deadlineSeconds,
          failure.message,
        );
      }
      options.progress?.(`waiting for sshd (${waited} s)`);
      // Nothing tells when a machine has booted: it can only be asked again.
      await delay(1000, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
  }

  /** Ends the connection. The machine can be used again: a new one is opened. */
  async close(): Promise<void> {
    await (await this.letGo())?.drop();
  }

  /** Ends the connection for good: a call that is still under way, and would open a new one, fails. */
  async end(): Promise<void> {
    this.ended = true;
    await (await this.letGo())?.close();
  }

  private async letGo(): Promise<Connection | undefined> {
    this.engineClient?.close();
    const connection = await this.connecting?.catch(() => undefined);
    // A machine that was made anew has other keys: its target is asked for again.
    this.connecting = undefined;
    return connection;
  }

  private async tryReach(): Promise<Error | undefined> {
    try {
      const connection = await this.connection();
      connection.retryNow();
      await runCommand(connection, ["true"], { asUser: true, deadlineSeconds: 20 });
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(messageOf(error));
    }
  }

  private async connection(): Promise<Connection> {
    if (this.ended)
      throw new HostUnreachableError(this.name, `${this.name}: the connection was closed`);
    this.connecting ??= this.resolve();
    return this.connecting;
  }

  private async resolve(): Promise<Connection> {
    const { source } = this;
    try {
      const target = typeof source === "function" ? await source() : source;
      const { jump } = target;
      const through = jump === undefined ? undefined : this.jumpTo(jump);
      return new Connection(target, through, this.traffic);
    } catch (error) {
      // The machine may exist a moment later.
      this.connecting = undefined;
      if (error instanceof HostError) throw error;
      throw new HostUnreachableError(this.name, `${this.name}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }
}
