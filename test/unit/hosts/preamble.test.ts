import { EventEmitter } from "node:events";
import type { ClientChannel } from "ssh2";
import fc from "fast-check";
import { Preamble } from "../../../hosts/sudo";

// What comes before a command, in whatever pieces: the password goes to sudo's question alone, and nothing of the
// command's own output is lost.

const target = { name: "web-1", address: "10.0.0.1", hostKey: "", user: "admin" };

class FakeChannel extends EventEmitter {
  readonly stderr = new EventEmitter();
  readonly written: string[] = [];
  isEnded = false;
  isDestroyed = false;
  write(text: string): void {
    this.written.push(text);
  }
  end(): void {
    this.isEnded = true;
  }
  destroy(): void {
    this.isDestroyed = true;
  }
}

function preambleOf(channel: FakeChannel): {
  preamble: Preamble;
  groups: number[];
  rest: Buffer[];
} {
  const groups: number[] = [];
  const rest: Buffer[] = [];
  const preamble = new Preamble(target, channel as unknown as ClientChannel, "geheim", (group) =>
    groups.push(group),
  );
  preamble.onRest((chunk) => rest.push(chunk));
  return { preamble, groups, rest };
}

function say(channel: FakeChannel, bytes: Buffer, cuts: readonly number[]): void {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const place of [...places, bytes.length]) {
    if (place > from) channel.stderr.emit("data", bytes.subarray(from, place));
    from = place;
  }
}

const QUESTION = "swarm-asks-for-the-sudo-password:";
const noise = fc.string({
  unit: fc.constantFrom("a", "ü", "\n", ":", "swarm-started", " 1", "\0"),
});

test("one question is answered once, and what follows the beginning is the command's", () => {
  fc.assert(
    fc.property(noise, fc.uint8Array(), fc.array(fc.nat()), (before, after, cuts) => {
      // A line that says the same is the beginning.
      fc.pre(!/swarm-started \d+\n/.test(`${before}\n`));
      const channel = new FakeChannel();
      const { preamble, groups, rest } = preambleOf(channel);
      const head = Buffer.from(`${before}\n${QUESTION}swarm-started 4711\n`);
      say(channel, Buffer.concat([head, after]), cuts);
      expect(channel.written).toEqual(["geheim\n"]);
      expect(preamble.started).toBe(true);
      expect(groups).toEqual([4711]);
      expect(Buffer.concat(rest)).toEqual(Buffer.from(after));
    }),
  );
});

test("a second question means a wrong password: the input is closed", () => {
  const channel = new FakeChannel();
  const { preamble } = preambleOf(channel);
  say(channel, Buffer.from(`${QUESTION}Sorry, try again.\n${QUESTION}`), [3, 40, 60]);
  expect(channel.written).toEqual(["geheim\n"]);
  expect(channel.isEnded).toBe(true);
  expect(preamble.failure(1).message).toContain("sudo refused the password of admin");
});

test("an endless beginning is given up, quickly and with a sentence", () => {
  const channel = new FakeChannel();
  const { preamble } = preambleOf(channel);
  const errors: Error[] = [];
  channel.on("error", (error: Error) => errors.push(error));
  const began = Date.now();
  for (let count = 0; count < 500_000; count += 1)
    channel.stderr.emit("data", Buffer.from("swarm-started "));
  expect(Date.now() - began).toBeLessThan(5000);
  expect(preamble.started).toBe(false);
  expect(channel.isDestroyed).toBe(true);
  expect(errors.map(({ message }) => message)).toEqual([
    "web-1: the login shell, or sudo, said more than 64 KiB before the command began. Look at its start-up files",
  ]);
});
