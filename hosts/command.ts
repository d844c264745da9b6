import type { ClientChannel } from "ssh2";
import { ChannelEnd, follow } from "./command-output";
import type { Started } from "./command-output";
import type { Connection } from "./connection";
import { abortError, CommandError, DeadlineError } from "./errors";
import type { SessionOptions } from "./sessions";
import { launchLine } from "./shell";
import type { Launch } from "./shell";
import { Preamble } from "./sudo";
import { userOf } from "./target";

/** How a command is run. */
export interface RunOptions {
  /** The command's input. Never shown anywhere: the place for values that are secret. */
  readonly stdin?: string;
  /** Seconds until the command and its children are killed. @default 60 */
  readonly deadlineSeconds?: number;
  /** Kills the command when aborted. */
  readonly signal?: AbortSignal;
  /** Every line of output and error output as it comes, without its end. */
  onLine?(line: string): void;
  /** Answer an exit code other than 0 instead of throwing. @default false */
  readonly allowFailure?: boolean;
  /** As the login user instead of root. @default false */
  readonly asUser?: boolean;
  /** What the command does, for messages. @default - its first word */
  readonly title?: string;
}

interface CommandOptions extends RunOptions {
  readonly rank?: SessionOptions["rank"];
}

/** What a command said. */
export interface RunResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command and waits for its end.
 *
 * @throws CommandError, DeadlineError, AuthenticationError (sudo), HostUnreachableError, or the signal's reason
 */
export async function runCommand(
  connection: Connection,
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<RunResult> {
  const seconds = options.deadlineSeconds ?? 60;
  const { target } = connection;
  const title = options.title ?? argv[0] ?? "";
  if (options.signal?.aborted === true) throw abortError(options.signal);
  const sudo = userOf(target) !== "root" && options.asUser !== true;
  const password = sudo ? (target.sudoPassword ?? target.password) : undefined;
  const launch: Launch = { sudo, sudoPassword: password !== undefined, seconds };
  const line = launchLine(argv, launch);
  const abandoned = new AbortController();
  const attach = (channel: ClientChannel): Started => ({
    channel,
    end: new ChannelEnd(channel),
    preamble: new Preamble(target, channel, password, (group) => {
      const kill = () => {
        void killGroup(connection, group, options.asUser === true);
        channel.destroy();
      };
      abandoned.signal.addEventListener("abort", kill);
      if (abandoned.signal.aborted) kill();
      else channel.end(options.stdin ?? "");
    }),
  });
  const { signal, rank } = options;
  // From before the machine is asked: its own clock for the command may run before its answer is heard here.
  const began = Date.now();
  const started = await connection.exec(line, attach, {
    seconds,
    signal,
    ...(rank === undefined ? {} : { rank }),
  });
  const { preamble } = started;
  const ended = await follow(started, {
    host: target.name,
    title,
    seconds,
    onLine: (line) => options.onLine?.(line),
    signal: options.signal,
    // A command that has not said yet who it is ends once it says so.
    abandon: () => {
      abandoned.abort();
    },
  });
  const late = Date.now() - began >= seconds * 1000;
  if (late && (ended.code === 124 || ended.code === 137)) {
    throw new DeadlineError(target.name, title, seconds, ended.lastLine);
  }
  if (!preamble.started) throw preamble.failure(ended.code);
  const { code, stdout, stderr } = ended;
  if (code !== 0 && options.allowFailure !== true) {
    throw new CommandError(target.name, { command: title, code, stdout, stderr });
  }
  return { code, stdout, stderr };
}

/** Ends a command that nobody waits for any more. The remote `timeout` is the safety net, so a failure is harmless. */
export async function killGroup(
  connection: Connection,
  group: number,
  asUser: boolean,
): Promise<void> {
  await runCommand(connection, ["kill", "-TERM", "--", `-${group}`], {
    deadlineSeconds: 10,
    allowFailure: true,
    asUser,
    // It makes a session free.
    rank: "urgent",
  }).catch(() => undefined);
}
