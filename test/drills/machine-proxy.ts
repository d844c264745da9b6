import { createServer } from "node:net";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { once } from "node:events";
import { Client, Server } from "ssh2";
import type { ClientChannel, Connection as ServerConnection, ServerChannel } from "ssh2";
import type { Target } from "../../hosts/target";
import { makeSshKeys } from "../unit/hosts/ssh-keys";
import { commandCall, engineCall, isScript } from "./call";
import type { Call } from "./call";

/**
 * Where a call can be cut: nothing of it has reached the machine; a command has begun to speak; the machine has done
 * it and nobody has heard.
 */
export type Point = "before" | "during" | "after";

/** Told about every call as it comes to each point; true cuts it there: nothing goes on in either direction. */
export type Watch = (call: Call, point: Point) => boolean;

const { publicKey: hostKey, privateKey } = makeSshKeys();

/**
 * An SSH server on loopback that hands everything on to a machine: commands, and streams to its engine's socket. It
 * knows what is said, and can stop in the middle of it.
 */
export class MachineProxy {
  /** The only key that the server has. */
  readonly hostKey = hostKey;
  /** Password of root. */
  readonly password: string;
  private readonly target: () => Promise<Target>;
  private readonly watch: Watch;
  private readonly sockets = new Set<Socket>();
  private readonly listener: NetServer;

  constructor(target: () => Promise<Target>, password: string, watch: Watch) {
    this.target = target;
    this.password = password;
    this.watch = watch;
    this.listener = createServer((socket) => {
      this.take(socket).catch(() => socket.destroy());
    });
  }

  /** Answers with the port. */
  async listen(): Promise<number> {
    this.listener.listen(0, "127.0.0.1");
    await once(this.listener, "listening");
    return (this.listener.address() as AddressInfo).port;
  }

  /** Every connection ends as if its cable were pulled; the server stays. */
  drop(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise<void>((resolve) => {
      this.listener.close(() => {
        resolve();
      });
    });
  }

  /** The machine is connected to first: one that does not answer is one that nobody answers for. */
  private async take(socket: Socket): Promise<void> {
    this.sockets.add(socket);
    socket.on("error", () => undefined);
    const machine = await this.connect();
    socket.once("close", () => {
      this.sockets.delete(socket);
      machine.end();
    });
    machine.once("close", () => socket.destroy());
    if (socket.destroyed) {
      machine.end();
      return;
    }
    const server = new Server({ hostKeys: [privateKey] }, (client) => {
      this.serve(client, machine);
    });
    server.injectSocket(socket);
  }

  private async connect(): Promise<Client> {
    const { address, port = 22, privateKey: key } = await this.target();
    const machine = new Client();
    const ready = once(machine, "ready");
    machine.on("error", () => undefined);
    machine.connect({
      host: address,
      port,
      username: "root",
      readyTimeout: 8000,
      ...(key === undefined ? {} : { privateKey: key }),
    });
    await ready;
    return machine;
  }

  private serve(client: ServerConnection, machine: Client): void {
    client.on("error", () => undefined);
    client.on("authentication", (context) => {
      if (context.method === "password" && context.password === this.password) context.accept();
      else context.reject(["password"]);
    });
    client.on("session", (accept) => {
      accept().on("exec", (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        const call = isScript(command) ? undefined : commandCall(command, "");
        if (call !== undefined && this.watch(call, "before")) return;
        machine.exec(command, (error, remote) => {
          if (error !== undefined) channel.close();
          else this.relayCommand(command, call, channel, remote);
        });
      });
    });
    client.on("openssh.streamlocal", (accept, reject, { socketPath }) => {
      machine.openssh_forwardOutStreamLocal(socketPath, (error, remote) => {
        if (error !== undefined) reject();
        else this.relayEngine(accept(), remote);
      });
    });
  }

  /** A script is known when its input is whole; by then it has not begun. */
  private relayCommand(
    command: string,
    known: Call | undefined,
    channel: ServerChannel,
    remote: ClientChannel,
  ): void {
    let call = known;
    let isCut = false;
    let isHeard = false;
    let code = 255;
    const cutAt = (point: Point): boolean => {
      isCut ||= call !== undefined && this.watch(call, point);
      return isCut;
    };
    const input: Buffer[] = [];
    channel.on("data", (chunk: Buffer) => input.push(chunk));
    channel.on("error", () => undefined);
    channel.once("end", () => {
      const whole = Buffer.concat(input);
      call ??= commandCall(command, whole.toString("utf8"));
      if (known !== undefined || !cutAt("before")) remote.end(whole);
    });
    remote.stderr.on("data", (chunk: Buffer) => {
      if (!isCut) channel.stderr.write(chunk);
    });
    remote.on("data", (chunk: Buffer) => {
      if (isCut || (!isHeard && cutAt("during"))) return;
      isHeard = true;
      channel.write(chunk);
    });
    remote.on("exit", (status: number | null) => {
      code = status ?? 255;
    });
    remote.once("close", () => {
      if (isCut || cutAt("after")) return;
      channel.exit(code);
      channel.end();
    });
    channel.once("close", () => {
      remote.destroy();
    });
  }

  private relayEngine(channel: ServerChannel, remote: ClientChannel): void {
    let call: Call | undefined;
    let isCut = false;
    channel.on("error", () => undefined);
    channel.on("data", (chunk: Buffer) => {
      const begun = engineCall(chunk);
      call = begun ?? call;
      isCut ||= begun !== undefined && this.watch(begun, "before");
      if (!isCut) remote.write(chunk);
    });
    remote.on("data", (chunk: Buffer) => {
      isCut ||= call !== undefined && this.watch(call, "after");
      call = undefined;
      if (!isCut) channel.write(chunk);
    });
    remote.once("end", () => {
      if (!isCut) channel.end();
    });
    remote.once("close", () => {
      if (!isCut) channel.close();
    });
    channel.once("end", () => {
      if (!isCut) remote.end();
    });
    channel.once("close", () => {
      remote.destroy();
    });
  }
}
