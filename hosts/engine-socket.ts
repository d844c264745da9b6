import { Agent } from "node:http";
import type { AgentOptions } from "node:http";
import type { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";
import { ChannelSocket } from "./channel-socket";
import { ChannelEnd } from "./command-output";
import type { Connection } from "./connection";
import { HostUnreachableError, messageOf } from "./errors";
import { launchLine } from "./shell";
import { Preamble } from "./sudo";
import { userOf } from "./target";

/** Where the engine listens, unless told otherwise. */
const SOCKET = "/var/run/docker.sock";

/** Streams over the socket cost no session; those over a command do, and sshd allows few. */
const STREAMS = 6;

/**
 * Opens streams to the engine of one machine: straight to its socket through SSH where the login user may open it,
 * else through `docker system dial-stdio` under sudo.
 */
export class EngineSocket {
  private readonly connect: () => Promise<Connection>;
  private throughCommand = false;
  /**
   * node:http with its own keep-alive agent: it takes any stream as a connection. axios and undici add nothing here
   * (no redirects, no cookies, no pool over several hosts) and undici's connector wants a real socket.
   */
  readonly kept = this.agentWith({ keepAlive: true, maxSockets: STREAMS, maxFreeSockets: 2 });
  /**
   * For answers that go on and on (events, logs), which would be in the way of the short calls, and for everything
   * that changes something: on a kept connection that has just ended nobody knows whether the call was heard.
   */
  readonly fresh = this.agentWith({ keepAlive: false });

  constructor(connect: () => Promise<Connection>) {
    this.connect = connect;
  }

  /** Lets idle streams go, and the next one look again for the shorter way. */
  close(): void {
    this.kept.destroy();
    this.fresh.destroy();
    this.throughCommand = false;
  }

  /** A stream to the engine. @throws HostUnreachableError when no engine answers, saying what the machine says */
  async open(): Promise<Duplex> {
    const connection = await this.connect();
    if (!this.throughCommand) {
      try {
        const path = connection.target.engineSocket ?? SOCKET;
        return await connection.openSocket(path, (channel) => new ChannelSocket(channel));
      } catch (error) {
        // ssh2's error for a channel that the server refused; anything else is no connection at all.
        if (!isChannelRefusal(error)) throw error;
      }
    }
    const channel = await this.openCommand(connection);
    this.throughCommand = true;
    return new ChannelSocket(channel);
  }

  private agentWith(options: AgentOptions): Agent {
    return Object.assign(new Agent(options), {
      createConnection: (_options: unknown, done: (error: unknown, stream?: Duplex) => void) => {
        this.open().then((stream) => {
          done(null, stream);
        }, done);
      },
    });
  }

  private async openCommand(connection: Connection): Promise<ClientChannel> {
    const { target } = connection;
    const path = target.engineSocket ?? SOCKET;
    const sudo = userOf(target) !== "root";
    const password = sudo ? (target.sudoPassword ?? target.password) : undefined;
    // dial-stdio ends quietly when nothing listens, so the socket is looked at first.
    const script = `docker -H "$1" version --format ok >/dev/null && echo ready >&2 && exec docker -H "$1" system dial-stdio`;
    const argv = ["sh", "-c", script, "sh", `unix://${path}`];
    const line = launchLine(argv, {
      sudo,
      sudoPassword: password !== undefined,
      seconds: undefined,
    });
    return connection.exec(line, async (channel) => {
      let said = "";
      const end = new ChannelEnd(channel);
      // Its output belongs to the engine's answers, unless there are none: then it must be read for the end to show.
      channel.once("exit", () => channel.resume());
      return new Promise<ClientChannel>((resolve, reject) => {
        const preamble = new Preamble(target, channel, password, () => undefined);
        preamble.onRest((chunk) => {
          said += chunk.toString("utf8");
          if (said.includes("ready\n")) resolve(channel);
        });
        end.code.then((code) => {
          const { name } = target;
          const text = `${name}: the Docker Engine does not answer: ${why(said)}`;
          const isReached = preamble.started;
          reject(isReached ? new HostUnreachableError(name, text) : preamble.failure(code ?? 1));
        }, reject);
      });
    });
  }
}

function why(said: string): string {
  const text = said.trim();
  if (/docker: (command )?not found/.test(text)) return "docker is not installed there";
  return text === "" ? "the connection closed" : text;
}

function isChannelRefusal(error: unknown): boolean {
  return /channel open failure/i.test(messageOf(error));
}
