import type { Duplex } from "node:stream";
import type { Client, ClientChannel } from "ssh2";
import { ChannelSocket } from "./channel-socket";
import { HostUnreachableError, messageOf } from "./errors";
import { openClient } from "./connect";
import { Sessions } from "./sessions";
import type { SessionOptions } from "./sessions";
import { describeTarget } from "./target";
import type { Target } from "./target";
import { Traffic } from "./traffic";

/** A machine that answers opens a stream at once; one that hangs may keep its connection alive for ever. */
const OPEN_SECONDS = 20;

/** A busy one takes its time, however little the command is given. */
const LEAST_OPEN_SECONDS = 5;

const NO_SESSION =
  "its sshd lets the user in and refuses every session. Look at MaxSessions there: 0 allows none, 10 is its default";

/** After a connection attempt got no answer at all, further calls fail with the same error for so long. */
const REMEMBER_SILENCE_MS = 10_000;

/**
 * One SSH connection to one machine: opened on first use, shared by all callers, opened anew after it dropped.
 */
export class Connection {
  readonly target: Target;
  /** What goes through it is counted here. */
  readonly traffic: Traffic;
  private readonly jump: Connection | undefined;
  private readonly sessions: Sessions;
  private pending: Promise<Client> | undefined;
  private silence: { readonly error: Error; readonly until: number } | undefined;
  private closed = false;
  private droppedAt = -Infinity;

  constructor(target: Target, jump: Connection | undefined, traffic = new Traffic()) {
    this.target = target;
    this.traffic = traffic;
    this.jump = jump;
    this.sessions = new Sessions(target.name);
  }

  /**
   * Opens a session and starts a command line in it.
   *
   * @param attach - listens to the channel at once: a short command's end comes in the same packet as its beginning
   * @throws HostUnreachableError (when none of its sessions comes free in time, too), HostKeyError, AuthenticationError
   */
  async exec<T>(
    commandLine: string,
    attach: (channel: ClientChannel) => T,
    options: SessionOptions = {},
  ): Promise<T> {
    // Each refusal leaves one session fewer to try with.
    for (;;) {
      const release = await this.sessions.take(options);
      try {
        // What makes sessions free has nothing to do once they are gone with their connection.
        if (options.rank === "urgent" && this.pending === undefined)
          throw this.lost("the connection closed");
        return await this.open(
          (client, done) => client.exec(commandLine, done),
          (channel) => {
            this.traffic.session();
            channel.once("close", release);
            return attach(channel);
          },
          Math.min(OPEN_SECONDS, Math.max(LEAST_OPEN_SECONDS, options.seconds ?? OPEN_SECONDS)),
        );
      } catch (error) {
        if (!isChannelRefusal(error)) {
          release();
          throw error;
        }
        if (!this.sessions.refused(release)) throw this.lost(NO_SESSION);
      }
    }
  }

  /** A stream to a Unix socket on the machine. Not a session, so not counted against MaxSessions. */
  async openSocket<T>(path: string, attach: (channel: ClientChannel) => T): Promise<T> {
    return this.open((client, done) => client.openssh_forwardOutStreamLocal(path, done), attach);
  }

  /** A stream to a TCP port as the machine sees it. */
  async openPort(address: string, port: number): Promise<Duplex> {
    return this.open(
      (client, done) => client.forwardOut("127.0.0.1", 0, address, port, done),
      (channel) => new ChannelSocket(channel),
    );
  }

  /** Whether an open connection has ended since. @param time - of `performance.now()` */
  droppedSince(time: number): boolean {
    return this.droppedAt >= time;
  }

  /** Forgets that the machine did not answer a moment ago. */
  retryNow(): void {
    this.silence = undefined;
    this.jump?.retryNow();
  }

  /** Ends the connection; later calls fail. */
  async close(): Promise<void> {
    this.closed = true;
    await this.drop();
  }

  /** Ends the connection; the next call opens a new one. */
  async drop(): Promise<void> {
    const { pending } = this;
    this.pending = undefined;
    const client = await pending?.catch(() => undefined);
    client?.end();
    client?.destroy();
  }

  private async open<T>(
    request: (
      client: Client,
      done: (error: Error | undefined, channel: ClientChannel) => void,
    ) => unknown,
    attach: (channel: ClientChannel) => T,
    seconds = OPEN_SECONDS,
  ): Promise<T> {
    const client = await this.client();
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (): void => {
        isOver = true;
        clearTimeout(timer);
        client.removeListener("close", dropped);
      };
      const fail = (error: Error): void => {
        end();
        reject(error);
      };
      const dropped = () => {
        fail(this.lost("the connection closed"));
      };
      const timer = setTimeout(() => {
        fail(this.lost(`it opened no stream within ${seconds} s. Check sshd there`));
      }, seconds * 1000);
      client.once("close", dropped);
      try {
        request(client, (error, channel) => {
          if (isOver) {
            // Nobody waits for it any more.
            if (error === undefined) channel.destroy();
            return;
          }
          if (error !== undefined) {
            fail(error);
            return;
          }
          end();
          resolve(attach(channel));
        });
      } catch (error) {
        fail(this.lost(messageOf(error)));
      }
    });
  }

  private async client(): Promise<Client> {
    if (this.closed) throw this.lost("the connection was closed");
    if (this.silence !== undefined && Date.now() < this.silence.until) throw this.silence.error;
    this.pending ??= this.connect();
    return this.pending;
  }

  private async connect(): Promise<Client> {
    const { jump, target } = this;
    const through =
      jump === undefined
        ? undefined
        : async () =>
            jump.openPort(target.address, target.port ?? 22).catch((error: unknown) => {
              throw this.lost(`through ${describeTarget(jump.target)}: ${messageOf(error)}`);
            });
    try {
      const client = await openClient(target, through, (socket) => {
        this.traffic.connection(socket);
      });
      // One listener for each request that is being opened, however many there are at once.
      client.setMaxListeners(0);
      const opened = this.pending;
      // Said before any of its streams ends.
      client.on("close", () => {
        this.droppedAt = performance.now();
        if (this.pending === opened) this.pending = undefined;
      });
      this.silence = undefined;
      return client;
    } catch (error) {
      this.pending = undefined;
      if (error instanceof HostUnreachableError) {
        this.silence = { error, until: Date.now() + REMEMBER_SILENCE_MS };
      }
      throw error;
    }
  }

  private lost(reason: string): HostUnreachableError {
    return new HostUnreachableError(
      this.target.name,
      `${this.target.name}: no connection to ${describeTarget(this.target)}: ${reason}`,
    );
  }
}

/** Whether the machine refused to open a stream or a session; ssh2 has no class or code for it. */
export function isChannelRefusal(error: unknown): boolean {
  return /channel open failure/i.test(messageOf(error));
}
