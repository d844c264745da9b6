import { setTimeout as delay } from "node:timers/promises";
import { Agent } from "node:http";
import type { AgentOptions } from "node:http";
import type { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";
import { ChannelSocket } from "./channel-socket";
import { killGroup } from "./command";
import { ChannelEnd } from "./command-output";
import { isChannelRefusal } from "./connection";
import type { Connection } from "./connection";
import { HostUnreachableError } from "./errors";
import { Tail } from "./lines";
import type { SessionOptions } from "./sessions";
import { launchLine } from "./shell";
import { Preamble } from "./sudo";
import { userOf } from "./target";
import type { Target } from "./target";

/** Where the engine listens, unless told otherwise. */
const SOCKET = "/var/run/docker.sock";

/** Streams over the socket cost no session. */
const STREAMS = 6;

/** Those that are kept while nobody asks; of the costly ones all are. */
const FREE_STREAMS = 2;

/** Those over a command cost one each, and sshd allows few: some must be left for changes and commands. */
const COMMAND_STREAMS = 3;

/** Characters of what a command says before its stream is there. */
const MOST_SAID = 4096;

/** Seconds for the engine to answer at all, from when it is asked: as many as a call has where no command is needed. */
const READY_SECONDS = 30;

/** Seconds for the login shell and sudo before that: several passwords are checked at once, on a busy machine. */
const SUDO_SECONDS = 60;

/** Seconds for a stream that was closed to end by itself; then its command is killed, for its session's sake. */
const END_SECONDS = 3;

/** The exit code of `timeout`. */
const TIMED_OUT = 124;

/** A command that carries a stream ends after an hour, if nothing else ends it. */
const LONGEST_SECONDS = 60 * 60;

/** One that a person works through, after a day. */
const LASTING_SECONDS = 24 * LONGEST_SECONDS;

/** What is particular about the streams of an agent. */
interface StreamOptions extends Pick<SessionOptions, "rank"> {
  /** Seconds after which a command that carries one ends. @default 3600 */
  readonly longest?: number;
}

/**
 * Opens streams to the engine of one machine: straight to its socket through SSH where the login user may open it,
 * else through `docker system dial-stdio` under sudo.
 */
export class EngineSocket {
  private readonly connect: () => Promise<Connection>;
  private throughCommand = false;
  private connection: Connection | undefined;
  /**
   * node:http with its own keep-alive agent: it takes any stream as a connection. axios and undici add nothing here
   * (no redirects, no cookies, no pool over several hosts) and undici's connector wants a real socket.
   */
  readonly kept = this.agentWith({
    keepAlive: true,
    maxSockets: STREAMS,
    maxFreeSockets: FREE_STREAMS,
  });
  /**
   * For everything that changes something: on a kept connection that has just ended nobody knows whether the call was
   * heard. Where each stream costs a session, calls wait here for each other rather than for sessions.
   */
  readonly changing = this.agentWith({ keepAlive: false });
  /** For answers that go on and on (events, logs), which would be in the way of the short calls. */
  readonly fresh = this.agentWith({ keepAlive: false });
  /** For what can be done without: it never takes the last session. */
  readonly spare = this.agentWith({ keepAlive: false }, { rank: "spare" });
  /** For what somebody works through as long as they like. */
  readonly lasting = this.agentWith({ keepAlive: false }, { longest: LASTING_SECONDS });

  constructor(connect: () => Promise<Connection>) {
    this.connect = connect;
  }

  /** Lets idle streams go, and the next one look again for the shorter way. */
  close(): void {
    this.kept.destroy();
    this.changing.destroy();
    this.fresh.destroy();
    this.spare.destroy();
    this.lasting.destroy();
    this.useCommand(false);
  }

  /** Whether each stream costs a session and a start of sudo, so that calls wait for each other's. */
  get isCostly(): boolean {
    return this.throughCommand;
  }

  /** Whether the connection under the streams has ended since. @param time - of `performance.now()` */
  droppedSince(time: number): boolean {
    return this.connection?.droppedSince(time) === true;
  }

  /** A stream to the engine. @throws HostUnreachableError when no engine answers, saying what the machine says */
  private async open(options: StreamOptions): Promise<Duplex> {
    const connection = await this.connect();
    this.connection = connection;
    if (!this.throughCommand) {
      try {
        const path = connection.target.engineSocket ?? SOCKET;
        return await connection.openSocket(path, (channel) => new ChannelSocket(channel));
      } catch (error) {
        // Anything else is no connection at all.
        if (!isChannelRefusal(error)) throw error;
      }
    }
    const isFirst = !this.throughCommand;
    this.useCommand(true);
    try {
      return await openCommand(connection, options);
    } catch (error) {
      // An engine that does not run yet refuses the shorter way, too: it is tried again.
      if (isFirst) this.useCommand(false);
      throw error;
    }
  }

  private useCommand(isUsed: boolean): void {
    this.throughCommand = isUsed;
    this.kept.maxSockets = isUsed ? COMMAND_STREAMS : STREAMS;
    this.kept.maxFreeSockets = isUsed ? COMMAND_STREAMS : FREE_STREAMS;
    this.changing.maxSockets = isUsed ? COMMAND_STREAMS : Infinity;
  }

  private agentWith(options: AgentOptions, streams: StreamOptions = {}): Agent {
    return Object.assign(new Agent(options), {
      createConnection: (_options: unknown, done: (error: unknown, stream?: Duplex) => void) => {
        this.open(streams).then((stream) => {
          done(null, stream);
        }, done);
      },
    });
  }
}

/** A stream to the engine through a command on the machine. */
async function openCommand(
  connection: Connection,
  { rank, longest = LONGEST_SECONDS }: StreamOptions,
): Promise<ChannelSocket> {
  const { target } = connection;
  const path = target.engineSocket ?? SOCKET;
  const sudo = userOf(target) !== "root";
  const password = sudo ? (target.sudoPassword ?? target.password) : undefined;
  // dial-stdio ends quietly when nothing listens, so the socket is looked at first; a daemon that hangs would hang it.
  const script = `timeout ${READY_SECONDS} docker -H "$1" version --format ok >/dev/null && echo ready >&2 && exec docker -H "$1" system dial-stdio`;
  const argv = ["sh", "-c", script, "sh", `unix://${path}`];
  const line = launchLine(argv, {
    sudo,
    sudoPassword: password !== undefined,
    seconds: longest,
  });
  const attach = async (channel: ClientChannel): Promise<ChannelSocket> =>
    untilReady(connection, channel, password);
  return connection.exec(line, attach, rank === undefined ? {} : { rank });
}

/** The stream once the command has been let through and the engine has answered it. */
async function untilReady(
  connection: Connection,
  channel: ClientChannel,
  password: string | undefined,
): Promise<ChannelSocket> {
  const { target } = connection;
  const said = new Tail(MOST_SAID);
  const end = new ChannelEnd(channel);
  // Its output belongs to the engine's answers, unless there are none: then it must be read for the end to show.
  channel.once("exit", () => channel.resume());
  return new Promise((resolve, reject) => {
    let group: number | undefined;
    let isReady = false;
    const letGo = (): void => {
      void endCommand(connection, channel, end, group);
    };
    const refuse = (reason: string): void => {
      clearTimeout(timer);
      letGo();
      reject(new HostUnreachableError(target.name, `${target.name}: ${reason}`));
    };
    const after = (seconds: number, reason: string): NodeJS.Timeout =>
      setTimeout(() => {
        refuse(reason);
      }, seconds * 1000);
    let timer = after(SUDO_SECONDS, slowStart(target));
    const preamble = new Preamble(target, channel, password, (started) => {
      group = started;
      clearTimeout(timer);
      timer = after(READY_SECONDS + END_SECONDS, why("", TIMED_OUT));
    });
    preamble.onRest((chunk) => {
      if (isReady) return;
      said.write(chunk.toString("utf8"));
      if (!said.text.includes("ready\n")) return;
      isReady = true;
      clearTimeout(timer);
      resolve(new ChannelSocket(channel, letGo));
    });
    end.code.then((code) => {
      clearTimeout(timer);
      if (code === undefined) refuse("the connection broke before Docker was asked");
      else if (preamble.started) refuse(why(said.text, code));
      else reject(preamble.failure(code));
    }, reject);
  });
}

/**
 * Ends the command behind a stream. sshd counts its session until the command is gone, which it is not by itself when
 * the engine hangs.
 */
async function endCommand(
  connection: Connection,
  channel: ClientChannel,
  { code }: ChannelEnd,
  group: number | undefined,
): Promise<void> {
  channel.resume();
  channel.end();
  const isOver = code.then(
    () => true,
    () => true,
  );
  const timeout = delay(END_SECONDS * 1000, false, { ref: false });
  if (!(await Promise.race([isOver, timeout])) && group !== undefined)
    await killGroup(connection, group, false);
  channel.destroy();
}

function why(said: string, code: number): string {
  return `the Docker Engine does not answer: ${whatEnded(said.trim(), code)}`;
}

function whatEnded(text: string, code: number): string {
  if (code === TIMED_OUT)
    return `it said nothing within ${READY_SECONDS} s. Look at "systemctl status docker" there`;
  if (/docker: (command )?not found/.test(text)) return "docker is not installed there";
  return text === "" ? `docker ended with exit code ${code} and said nothing` : text;
}

function slowStart(target: Target): string {
  const user = userOf(target);
  if (user === "root")
    return `the login shell of root started no command within ${SUDO_SECONDS} s. Look at its start-up files`;
  return (
    `sudo did not let ${user} through within ${SUDO_SECONDS} s. Try it there ("sudo -k; time sudo true"): it may ` +
    "wait for a name service, or the machine is too busy"
  );
}
