import { once } from "node:events";
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { createServer as createTcpServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import type { Writable } from "node:stream";
import type { ServerChannel } from "ssh2";
import { listNodes, listServices } from "../../../hosts/engine-api";
import { readFacts } from "../../../hosts/facts";
import { Machine } from "../../../hosts/machine";
import type { Target } from "../../../hosts/target";
import { keys, runHere, SshServer } from "./ssh-server";
import type { ServerOptions } from "./ssh-server";

// A machine that was taken over, or is broken: whatever it does, each call ends with a sentence, in bounded time and
// with bounded memory. What a sentence looks like on a terminal is the border's matter.

const ESCAPES = "\u001b]0;x\u0007\u001b[2J\r\u0000\u202e";

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  await Promise.all(closing.splice(0).map(async (close) => close()));
});

function machineAt(port: number, more: Partial<Target> = {}): Machine {
  const machine = new Machine("web-1", {
    name: "web-1",
    address: "127.0.0.1",
    port,
    hostKey: keys.publicKey,
    privateKey: keys.privateKey,
    connectTimeoutSeconds: 1,
    ...more,
  });
  closing.push(async () => machine.end());
  return machine;
}

async function machineWith(options: Partial<ServerOptions>): Promise<Machine> {
  const server = new SshServer({ authenticate: () => true, ...options });
  const machine = machineAt(await server.listen());
  closing.push(async () => server.close());
  return machine;
}

async function tcpServer(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    answer(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

/** The sentence that a call ends with. */
async function sentence(call: Promise<unknown>, seconds: number): Promise<string> {
  const began = Date.now();
  const error = await call.then(
    () => new Error("it was answered"),
    (reason: unknown) => reason as Error,
  );
  expect(Date.now() - began).toBeLessThan(seconds * 1000);
  expect(["TypeError", "RangeError", "SyntaxError"]).not.toContain(error.name);
  expect(error.message.length).toBeLessThan(5000);
  return error.message;
}

/** Writes for ever, as fast as it is read. */
function flood(into: Writable, piece: string): void {
  into.on("error", () => undefined);
  const more = (): void => {
    for (let count = 0; count < 100; count += 1) {
      if (!into.writable) return;
      if (!into.write(piece)) {
        into.once("drain", more);
        return;
      }
    }
    setImmediate(more);
  };
  more();
}

describe("a machine that is silent", () => {
  test.each<[string, (socket: Socket) => void]>([
    ["from the beginning", () => undefined],
    ["after its greeting", (socket) => socket.write("SSH-2.0-x\r\n")],
    [
      "but for greetings",
      (socket) => {
        flood(socket, "hello\r\n");
      },
    ],
    [
      "but for one endless word",
      (socket) => {
        flood(socket, "x".repeat(1000));
      },
    ],
  ])("%s", async (_when, answer) => {
    const machine = machineAt(await tcpServer(answer));
    const said = await sentence(machine.run(["true"]), 20);
    expect(said).toMatch(/^web-1: no connection to web-1 \(root@127\.0\.0\.1:\d+\): /);
  });

  test("when it is to let somebody in", async () => {
    const machine = await machineWith({ authenticate: () => undefined });
    expect(await sentence(machine.run(["true"]), 10)).toMatch(/no answer within 1 s/);
  });

  test("when it is to open a session or a stream", async () => {
    const machine = await machineWith({ opensNothing: true });
    const engine = machine.engine();
    const [command, call] = await Promise.all([
      sentence(machine.run(["true"], { deadlineSeconds: 1 }), 10),
      sentence(engine.request("GET", "/info", { deadlineSeconds: 1 }), 5),
    ]);
    expect(command).toMatch(/it opened no stream within 5 s\. Check sshd there$/);
    expect(call).toBe(
      "web-1: Docker's answer to GET /info did not finish within 1 s: no stream to the engine was open by then. " +
        "Check sshd, sudo and the engine there (systemctl status docker)",
    );
  });

  test("when a command is to begin, or to end", async () => {
    const begins = await machineWith({ exec: (_command, channel) => channel.resume() });
    const ends = await machineWith({
      exec: (_command, channel) => {
        channel.resume();
        channel.stderr.write("swarm-started 4711\n");
      },
    });
    const run = async (machine: Machine): Promise<string> =>
      sentence(machine.run(["true"], { deadlineSeconds: 1 }), 20);
    const late = "web-1: true did not finish within 1 s";
    expect(await Promise.all([run(begins), run(ends)])).toEqual([late, late]);
  });
});

describe("a command that", () => {
  const started = "swarm-started 4711\n";
  const saying = async (say: (channel: ServerChannel) => void): Promise<Machine> =>
    machineWith({
      exec: (_command, channel) => {
        channel.resume();
        say(channel);
      },
    });

  test("never stops talking is stopped", async () => {
    const machine = await saying((channel) => {
      channel.stderr.write(started);
      flood(channel, "x".repeat(30_000));
    });
    const calls = [machine.run(["true"]), machine.readFile("/etc/hosts")];
    const said = await Promise.all(calls.map(async (call) => sentence(call, 30)));
    expect(said).toEqual([
      "web-1: true was stopped: it said more than 32 MiB",
      "web-1: reading /etc/hosts was stopped: it said more than 32 MiB",
    ]);
  });

  test("never begins, but talks", async () => {
    const machine = await saying((channel) => {
      flood(channel.stderr, "x".repeat(1000));
    });
    expect(await sentence(machine.run(["true"]), 20)).toMatch(/said more than 64 KiB before/);
  });

  test("fails with a megabyte of escapes is quoted no longer than can be read", async () => {
    const machine = await saying((channel) => {
      channel.stderr.write(started + ESCAPES.repeat(100_000));
      channel.exit(1);
      channel.end();
    });
    expect(await sentence(machine.run(["true"]), 20)).toMatch(/^web-1: true failed with exit code/);
  });

  test("answers facts that are none", async () => {
    const machine = await saying((channel) => {
      channel.stderr.write(started);
      channel.write(`os\n ${ESCAPES}\nfirewall\n permanent Xml ${"<rule".repeat(200_000)}\n`);
      channel.exit(0);
      channel.end();
    });
    const began = Date.now();
    expect((await readFacts(machine)).os.family).toBe("other");
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe("an engine that", () => {
  const nothing = (): void => undefined;
  let answer: (response: ServerResponse, url: string) => void = nothing;
  const http = createServer((request, response) => {
    response.on("error", nothing);
    if (request.url === "/version") response.end('{"ApiVersion":"1.45"}');
    else answer(response, request.url ?? "");
  });
  http.on("clientError", nothing);
  const engineOf = async (): Promise<Machine> =>
    machineWith({
      socket: (_path, channel) => {
        channel.on("error", nothing);
        http.emit("connection", channel);
      },
      exec: runHere,
    });
  const raw = (response: ServerResponse, piece: string): void => {
    if (response.socket !== null) flood(response.socket, piece);
  };

  const silence =
    /did not finish within 2 s: the engine takes connections and does not answer\. Look there \(journalctl -u docker\), and restart it \(systemctl restart docker\)$/;

  test.each<[string, typeof answer, RegExp]>([
    ["says nothing", nothing, silence],
    [
      "says half a body",
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{");
      },
      silence,
    ],
    [
      "breaks off",
      (response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write("{", () => response.socket?.destroy());
      },
      /no answer from the Docker Engine to GET \/info/,
    ],
    [
      "never ends its head",
      (response) => {
        response.socket?.write("HTTP/1.1 200 OK\r\n");
        raw(response, `X-${"x".repeat(100)}: y\r\n`);
      },
      /no answer from the Docker Engine to GET \/info/,
    ],
    [
      "speaks no HTTP",
      (response) => {
        raw(response, ESCAPES);
      },
      /no answer from the Docker Engine to GET \/info/,
    ],
    [
      "fails with a megabyte of escapes",
      (response) => {
        response.writeHead(500).end(JSON.stringify({ message: ESCAPES.repeat(100_000) }));
      },
      /^web-1: Docker answered 500 to GET \/info: /,
    ],
    [
      "fails without end",
      (response) => {
        response.writeHead(500);
        flood(response, "x".repeat(30_000));
      },
      /^web-1: Docker answered 500 to GET \/info: x+…$/,
    ],
    [
      "fails with something else than words",
      (response) => {
        response.writeHead(500).end('{"message":{"a":[1]}}');
      },
      /^web-1: Docker answered 500 to GET \/info: /,
    ],
  ])("%s", async (_what, behave, expected) => {
    answer = behave;
    const engine = (await engineOf()).engine();
    expect(await sentence(engine.request("GET", "/info", { deadlineSeconds: 2 }), 10)).toMatch(
      expected,
    );
  });

  test("answers without end is given up", async () => {
    answer = (response) => {
      flood(response, "x".repeat(60_000));
    };
    const engine = (await engineOf()).engine();
    expect(await sentence(engine.request("GET", "/info", { deadlineSeconds: 50 }), 50)).toBe(
      "web-1: the answer to GET /info is not Docker's: it is larger than 64 MiB. Check what listens on its socket",
    );
  });

  test.each(["null", "1", '"x"', "x", "", "[]", "[null]", "[[1]]", "{}", "true"])(
    "answers %j to everything",
    async (body) => {
      answer = (response) => {
        response.end(body);
      };
      const machine = await engineOf();
      const engine = machine.engine();
      const isOne = body === "{}";
      const isList = body === "[]" || body === "null";
      const said = await Promise.all([
        sentence(engine.info(), 5),
        sentence(listNodes(engine), 5),
        sentence(listServices(engine), 5),
      ]);
      const wrong = /the answer to GET \/\w+ is not Docker's: got .*; expected/;
      expect(said[0]).toMatch(isOne ? "it was answered" : wrong);
      for (const list of said.slice(1)) expect(list).toMatch(isList ? "it was answered" : wrong);
    },
  );

  test.each(["5", '"2.0"', '"1.45/../x"', "[]", "null"])("has the version %s", async (version) => {
    const server = createServer((_request, response) => {
      response.end(`{"ApiVersion":${version}}`);
    });
    const machine = await machineWith({
      socket: (_path, channel) => server.emit("connection", channel),
    });
    expect(await sentence(machine.engine().info(), 5)).toBe(
      "web-1: the answer to GET /version is not Docker's: got another ApiVersion; expected one such as 1.45. " +
        "Check what listens on its socket",
    );
  });

  test("floods with events is left when nobody listens", async () => {
    const left = new Promise<void>((resolve) => {
      answer = (response, url) => {
        if (!url.includes("/events")) {
          response.end("{}");
          return;
        }
        response.once("close", resolve);
        flood(response, "x".repeat(30_000));
      };
    });
    const engine = (await engineOf()).engine();
    const stop = engine.onNodeEvent(() => undefined);
    await engine.request("GET", "/info", { deadlineSeconds: 10 });
    stop();
    await left;
  });
});
