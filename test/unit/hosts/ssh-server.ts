import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import type { AddressInfo } from "node:net";
import { Server, utils } from "ssh2";
import type { AuthContext, Connection as ServerConnection, ServerChannel } from "ssh2";

/** What a test's SSH server allows and does. */
export interface ServerOptions {
  authenticate(context: AuthContext): boolean;
  /** Answers a command itself instead of running it here. */
  exec?(command: string, channel: ServerChannel): void;
  /** Answers a stream to a Unix socket. @default - refused */
  socket?(path: string, channel: ServerChannel): void;
}

const { public: publicKey, private: privateKey } = utils.generateKeyPairSync("ed25519");
const other = utils.generateKeyPairSync("ed25519");

/** Keys of a server and of its user, made anew for each run. */
export const keys = { publicKey, privateKey, otherPublicKey: other.public };

/** An SSH server on loopback that runs commands here, as this user. */
export class SshServer {
  /** Those that are open. */
  readonly connections: ServerConnection[] = [];
  readonly commands: string[] = [];
  private readonly news = new EventEmitter();
  private readonly server: Server;

  constructor(options: ServerOptions) {
    this.server = new Server({ hostKeys: [privateKey] }, (client) => {
      this.connections.push(client);
      client.on("close", () => {
        this.connections.splice(this.connections.indexOf(client), 1);
      });
      client.on("error", () => undefined);
      client.on("authentication", (context) => {
        if (options.authenticate(context)) context.accept();
        else context.reject(["publickey", "password"]);
      });
      client.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
          this.commands.push(command);
          this.news.emit("command");
          (options.exec ?? runHere)(command, acceptExec());
        });
      });
      client.on("openssh.streamlocal", (accept, reject, { socketPath }) => {
        if (options.socket === undefined) reject();
        else options.socket(socketPath, accept());
      });
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return (this.server.address() as AddressInfo).port;
  }

  /** Waits for a command of this kind. */
  async seen(pattern: RegExp): Promise<void> {
    while (!this.commands.some((command) => pattern.test(command)))
      await once(this.news, "command");
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
    channel.exit(code ?? 255);
    channel.end();
  });
}
