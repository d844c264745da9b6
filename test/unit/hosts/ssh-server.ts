import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { Server } from "ssh2";
import type { Algorithms, AuthContext, Connection as ServerConnection, ServerChannel } from "ssh2";
import { makeSshKeys } from "./ssh-keys";

/** What a test's SSH server allows and does. */
export interface ServerOptions {
  /** undefined: no answer at all. */
  authenticate(context: AuthContext): boolean | undefined;
  /** What it can encrypt with. @default - all that the library has by default */
  algorithms?: Algorithms;
  /** Refuses a session while so many are open, as OpenSSH's MaxSessions does. @default - never */
  maxSessions?: number;
  /** Never opens what it is asked to. */
  opensNothing?: boolean;
  /** Answers a command itself instead of running it here. */
  exec?(command: string, channel: ServerChannel): void;
  /** Answers a stream to a Unix socket. @default - refused */
  socket?(path: string, channel: ServerChannel): void;
}

const { publicKey, privateKey } = makeSshKeys();

/** Keys of a server and of its user, made anew for each run. */
export const keys = { publicKey, privateKey, otherPublicKey: makeSshKeys().publicKey };

/** An SSH server on loopback that runs commands here, as this user. */
export class SshServer {
  /** Those that are open. */
  readonly connections: ServerConnection[] = [];
  readonly commands: string[] = [];
  /** Connections that ever were. */
  logins = 0;
  /** The most sessions that ever were open at once. */
  mostSessions = 0;
  /** Sessions that were refused. */
  refusals = 0;
  private readonly open = new Set<ServerChannel>();
  private readonly news = new EventEmitter();
  private readonly server: Server;

  constructor(options: ServerOptions) {
    const { algorithms = {} } = options;
    this.server = new Server({ hostKeys: [privateKey], algorithms }, (client) => {
      this.connections.push(client);
      this.logins += 1;
      client.on("close", () => {
        this.connections.splice(this.connections.indexOf(client), 1);
      });
      client.on("error", () => undefined);
      client.setMaxListeners(0);
      client.on("authentication", (context) => {
        const isIn = options.authenticate(context);
        if (isIn === true) context.accept();
        else if (isIn === false) context.reject(["publickey", "password"]);
      });
      let sessions = 0;
      client.on("session", (accept, reject) => {
        if (options.opensNothing === true) return;
        if (sessions >= (options.maxSessions ?? Infinity)) {
          this.refusals += 1;
          reject();
          return;
        }
        sessions += 1;
        accept().on("exec", (acceptExec, _reject, { command }) => {
          this.commands.push(command);
          this.news.emit("command");
          const channel = acceptExec();
          const end = (): void => {
            if (!this.open.delete(channel)) return;
            sessions -= 1;
            this.news.emit("close");
          };
          this.open.add(channel);
          this.mostSessions = Math.max(this.mostSessions, this.open.size);
          channel.once("close", end);
          client.once("close", end);
          (options.exec ?? runHere)(command, channel);
        });
      });
      client.on("tcpip", (accept, reject, { destIP, destPort }) => {
        const socket = connect(destPort, destIP);
        socket.once("error", reject);
        socket.once("connect", () => {
          const channel = accept();
          channel.on("error", () => undefined);
          socket.pipe(channel).pipe(socket);
        });
      });
      client.on("openssh.streamlocal", (accept, reject, { socketPath }) => {
        if (options.opensNothing === true) return;
        if (options.socket === undefined) reject();
        else options.socket(socketPath, accept());
      });
    });
  }

  /** Sessions that are open now. */
  get sessions(): number {
    return this.open.size;
  }

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  /** Waits for a command of this kind. */
  async seen(pattern: RegExp): Promise<void> {
    while (!this.commands.some((command) => pattern.test(command))) await this.seenAnother();
  }

  /** Waits for the next command. */
  async seenAnother(): Promise<void> {
    await once(this.news, "command");
  }

  /** Waits until no session is open any more. */
  async idle(): Promise<void> {
    while (this.open.size > 0) await once(this.news, "close");
  }

  /** As a reboot does: every connection ends, the server stays. */
  async dropAll(): Promise<void> {
    // Not `once` of node:events: a client that is gone already ends with an error, which is an end as well.
    const closed = this.connections.map(
      (client) => new Promise<void>((resolve) => client.once("close", resolve)),
    );
    for (const client of [...this.connections]) client.end();
    await Promise.all(closed);
  }

  async close(): Promise<void> {
    await this.dropAll();
    await new Promise<void>((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }
}

/** Runs a command here, as this user. */
export function runHere(command: string, channel: ServerChannel): void {
  const child = spawn("sh", ["-c", command], { detached: true });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code) => {
    // What is still to come is for nobody, and unread it hides the channel's end.
    channel.unpipe(child.stdin);
    channel.resume();
    channel.exit(code ?? 255);
    channel.end();
  });
}
