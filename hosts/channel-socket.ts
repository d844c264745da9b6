import { Duplex } from "node:stream";
import type { ClientChannel } from "ssh2";

/**
 * An SSH channel as node:http wants a socket.
 *
 * A channel of ssh2 tells its end only to somebody who reads, and its destruction only after the server has answered.
 * Kept connections are read by nobody, so that they would be used again long after their machine is gone. This one
 * reads all the time and ends at once.
 */
export class ChannelSocket extends Duplex {
  private readonly channel: ClientChannel;
  private readonly letGo: () => void;

  /** @param letGo - ends the channel when this is destroyed; without it, at once */
  constructor(channel: ClientChannel, letGo: () => void = () => channel.destroy()) {
    super();
    this.channel = channel;
    this.letGo = letGo;
    channel.on("data", (chunk: Buffer) => {
      // Nobody reads what comes after the end; the channel itself must be read to its own.
      if (!this.destroyed && !this.push(chunk)) channel.pause();
    });
    // Nobody reads it; unread, it would fill the window and stop the rest.
    channel.stderr.resume();
    channel.once("end", () => {
      this.push(null);
    });
    channel.once("close", () => {
      // What has come already is still read; then, or when nothing has, this is closed.
      if (this.readableLength > 0) this.once("end", () => this.destroy());
      else setImmediate(() => this.destroy());
    });
    channel.on("error", (error: Error) => {
      this.destroy(error);
    });
  }

  override _read(): void {
    this.channel.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.channel.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.letGo();
    done(error);
  }

  /** Keep-alive, packet delays, time-outs and the event loop are the connection's matter, not one channel's. */
  setKeepAlive(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  destroySoon(): void {
    this.destroy();
  }
}
