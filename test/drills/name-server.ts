import { createSocket } from "node:dgram";
import { connect } from "node:net";

const name = ["answer", "example"];
const patience = 15_000;

/** A question for the address of answer.example. */
function question(): Buffer {
  const header = Buffer.from([0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
  const labels = name.map((label) =>
    Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]),
  );
  return Buffer.concat([header, ...labels, Buffer.from([0, 0, 1, 0, 1])]);
}

/** The one address of an answer stands at its end. */
function addressIn(answer: Buffer): string {
  if (answer.readUInt16BE(6) === 0) throw new Error("the name server knows no such name");
  return [...answer.subarray(-4)].join(".");
}

/**
 * Asks the name server at port 53 of a host for answer.example, again and again for fifteen seconds.
 *
 * @returns the address; undefined when nobody answers
 */
export async function ask(host: string, protocol: "tcp" | "udp"): Promise<string | undefined> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await (protocol === "tcp" ? askOverTcp(host) : askOverUdp(host));
    if (answer !== undefined) return addressIn(answer);
    if (Date.now() > deadline) return undefined;
  }
}

function askOverTcp(host: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 53, timeout: 3000 });
    let got = Buffer.alloc(0);
    const end = (answer?: Buffer): void => {
      socket.destroy();
      // A refusal comes at once: the next question waits a little.
      if (answer === undefined) setTimeout(resolve, 500, undefined);
      else resolve(answer);
    };
    socket.on("connect", () => {
      const body = question();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(body.length);
      socket.write(Buffer.concat([length, body]));
    });
    socket.on("data", (data: Buffer) => {
      got = Buffer.concat([got, data]);
      if (got.length >= 2 && got.length >= got.readUInt16BE(0) + 2) end(got.subarray(2));
    });
    socket.on("error", () => {
      end();
    });
    socket.on("timeout", () => {
      end();
    });
    socket.on("close", () => {
      resolve(undefined);
    });
  });
}

function askOverUdp(host: string): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    const end = (answer?: Buffer): void => {
      clearTimeout(timer);
      socket.close();
      resolve(answer);
    };
    const timer = setTimeout(end, 3000, undefined);
    socket.on("message", end);
    socket.on("error", () => {
      end();
    });
    socket.send(question(), 53, host);
  });
}
