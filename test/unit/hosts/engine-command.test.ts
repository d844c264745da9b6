import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Duplex } from "node:stream";
import type { ServerChannel } from "ssh2";
import { SilenceError } from "../../../hosts/engine";
import { Machine } from "../../../hosts/machine";
import { keys, runHere, SshServer } from "./ssh-server";

// A user that may not open Docker's socket: every stream to the engine is a command, which takes a session, and sshd
// allows few.

const asked: string[] = [];
const streams: ServerResponse[] = [];
const engine = createServer((request, response) => {
  const call = `${request.method ?? ""} ${(request.url ?? "").split("?")[0] ?? ""}`;
  asked.push(call);
  if (call.endsWith("/events")) {
    streams.push(response);
    response.write("\n");
    return;
  }
  response.end(JSON.stringify({ ApiVersion: "1.45" }));
});

async function until(isTrue: () => boolean): Promise<void> {
  const end = Date.now() + 4000;
  while (!isTrue()) {
    if (Date.now() > end) throw new Error("it never came true");
    await new Promise(setImmediate);
  }
}

/** How the engine's command behaves. */
let dial: (channel: ServerChannel) => void;
const works = (channel: ServerChannel): void => {
  channel.stderr.write("swarm-started 4711\nready\n");
  engine.emit("connection", channel);
};
const hangs = (channel: ServerChannel): void => {
  channel.resume();
  channel.stderr.write("swarm-started 4711\n");
  channel.exit(124);
  channel.end();
};

const silent: ServerChannel[] = [];
const answersNothing = (channel: ServerChannel): void => {
  channel.resume();
  channel.stderr.write("swarm-started 4711\nready\n");
  silent.push(channel);
};

const server = new SshServer({
  authenticate: () => true,
  exec: (command, channel) => {
    if (command.includes("dial-stdio")) dial(channel);
    else if (command.includes("-4711")) killed(channel);
    else runHere(command, channel);
  },
});

/** The command behind the silent streams ends. */
function killed(channel: ServerChannel): void {
  for (const one of [...silent.splice(0), channel]) {
    one.resume();
    one.exit(0);
    one.end();
  }
}

let port: number;
let machine: Machine;

function machineOf(login: { user?: string; sudoPassword?: string }): Machine {
  return new Machine("web-1", {
    name: "web-1",
    address: "127.0.0.1",
    port,
    hostKey: keys.publicKey,
    privateKey: keys.privateKey,
    ...login,
  });
}

beforeAll(async () => {
  port = await server.listen();
  machine = machineOf({});
});

beforeEach(() => {
  dial = works;
  asked.length = 0;
  server.mostSessions = 0;
  server.commands.length = 0;
});

afterEach(async () => {
  await machine.close();
  await server.idle();
});

afterAll(async () => {
  // A command that was ended late may have made a connection anew.
  await machine.close();
  await server.close();
});

test("changes wait for each other's streams, and the time of each begins with its own", async () => {
  await machine.engine().version();
  await machine.engine().apiVersion();
  dial = (channel) => {
    setTimeout(() => {
      works(channel);
    }, 500);
  };
  // A few at a time: the last of thirty is heard after more than its own three seconds.
  const changes = Array.from({ length: 30 }, async () =>
    machine.engine().request("POST", "/services/create", { body: {}, deadlineSeconds: 3 }),
  );
  await expect(Promise.all(changes)).resolves.toHaveLength(30);
});

test("what is read waits likewise, once it is known what a stream costs", async () => {
  await machine.engine().version();
  await machine.engine().apiVersion();
  dial = (channel) => {
    setTimeout(() => {
      works(channel);
    }, 1500);
  };
  const reads = Array.from({ length: 6 }, async () =>
    machine.engine().request("GET", "/services", { deadlineSeconds: 1 }),
  );
  // None is heard within the second that it has from then on.
  for (const read of await Promise.allSettled(reads)) expect(read.status).toBe("rejected");
  expect(asked.filter((call) => call.endsWith("/services"))).toHaveLength(6);
});

test("seven who wait for events leave room for twenty changes and a command", async () => {
  let heard = 0;
  const stops = Array.from({ length: 7 }, () =>
    machine.engine().onNodeEvent(() => {
      heard += 1;
    }),
  );
  const joins = Array.from({ length: 20 }, async (_, index) =>
    machine.engine().request("POST", `/join/${index}`),
  );
  await Promise.all([...joins, machine.run(["true"], { deadlineSeconds: 10 })]);
  expect(asked.filter((call) => call.endsWith("/events"))).toHaveLength(1);
  expect(asked.filter((call) => call.startsWith("POST"))).toHaveLength(20);
  // What sshd allows (MaxSessions).
  expect(server.mostSessions).toBeLessThanOrEqual(10);
  const before = heard;
  streams.at(-1)?.write('{"Type":"node"}\n');
  await machine.engine().request("GET", "/after");
  await until(() => heard > before);
  expect(heard - before).toBe(7);
  for (const stop of stops) stop();
});

test("the stream of events ends with the last who listens, and comes again with the next", async () => {
  const twice = [1, 2].map(() => machine.engine().onNodeEvent(() => undefined));
  await until(() => asked.some((call) => call.endsWith("/events")));
  const first = streams.at(-1);
  twice[0]?.();
  expect(first?.destroyed).toBe(false);
  twice[1]?.();
  await until(() => first?.destroyed === true);
  const stop = machine.engine().onNodeEvent(() => undefined);
  await until(() => streams.at(-1) !== first);
  stop();
});

test("who listens for changes is told when nothing is heard any more", async () => {
  let ends = 0;
  const stop = machine.engine().onChange(
    () => undefined,
    () => (ends += 1),
  );
  await until(() => asked.some((call) => call.endsWith("/events")));
  await until(() => streams.at(-1)?.destroyed === false);
  streams.at(-1)?.end();
  await until(() => ends === 1);
  stop();
});

test("the input and output of a command in a container go both ways to their ends, as long as a day", async () => {
  engine.once("upgrade", (_request, stream: Duplex) => {
    let input = "";
    stream.on("data", (chunk: Buffer) => (input += chunk.toString("utf8")));
    stream.on("end", () => stream.end(`got ${input}`));
    stream.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  });
  const stream = await machine.engine().attach("POST", "/exec/e1/start");
  stream.end("a line");
  expect(await text(stream)).toBe("got a line");
  expect(server.commands.at(-1)).toContain("timeout -k 5 86400 ");
});

test("an engine that gives no stream is said", async () => {
  await expect(machine.engine().attach("POST", "/exec/e1/start")).rejects.toThrow(
    "web-1: the answer to POST /exec/e1/start is not Docker's: got no stream; expected one (101). Check what listens on its socket",
  );
});

test("a daemon that hangs is said, and keeps no session", async () => {
  dial = hangs;
  const calls = Array.from({ length: 12 }, async () => machine.engine().info());
  for (const result of await Promise.allSettled(calls))
    expect(result).toMatchObject({
      reason: new Error(
        'web-1: the Docker Engine does not answer: it said nothing within 30 s. Look at "systemctl status docker" there',
      ),
    });
  await server.idle();
  dial = works;
  await machine.engine().info();
});

test("the command of a call that got no answer is killed, for its session's sake", async () => {
  await machine.engine().apiVersion();
  dial = answersNothing;
  const call = machine.engine().request("POST", "/silent", { deadlineSeconds: 0.5 });
  await expect(call).rejects.toBeInstanceOf(SilenceError);
  await server.seen(/kill -TERM -- -4711/);
  await until(() => server.sessions <= 1);
});

describe("a sudo that takes its time", () => {
  let checking: ServerChannel | undefined;

  /** A call whose time is the test's own; the time of its connection stays the clock's. */
  async function callThroughSudo(): Promise<{ answer: Promise<unknown> }> {
    await machine.end();
    machine = machineOf({ user: "deployer", sudoPassword: "hunter2" });
    await machine.run(["true"], { asUser: true });
    checking = undefined;
    dial = (channel) => {
      channel.stderr.write("swarm-asks-for-the-sudo-password:");
      channel.once("data", () => {
        checking = channel;
      });
    };
    const real = ["setInterval", "clearInterval", "setImmediate", "nextTick", "Date"] as const;
    jest.useFakeTimers({ doNotFake: [...real, "performance"] });
    const answer = machine.engine().request("POST", "/one", { deadlineSeconds: 60 });
    answer.catch(() => undefined);
    await until(() => checking !== undefined);
    return { answer };
  }

  afterEach(async () => {
    jest.useRealTimers();
    await machine.end();
    machine = machineOf({});
  });

  it("takes none of the engine's", async () => {
    const { answer } = await callThroughSudo();
    jest.advanceTimersByTime(55_000);
    if (checking !== undefined) works(checking);
    dial = works;
    expect(await answer).toEqual({ ApiVersion: "1.45" });
  });

  it("is named when it takes too long", async () => {
    const { answer } = await callThroughSudo();
    jest.advanceTimersByTime(61_000);
    await expect(answer).rejects.toThrow(
      new Error(
        'web-1: sudo did not let deployer through within 60 s. Try it there ("sudo -k; time sudo true"): it may ' +
          "wait for a name service, or the machine is too busy",
      ),
    );
    checking?.exit(1);
    checking?.end();
  });

  it("leaves the engine no more time than it has otherwise", async () => {
    const { answer } = await callThroughSudo();
    jest.advanceTimersByTime(5000);
    checking?.stderr.write("swarm-started 4711\n");
    // What comes after it on the same connection has been heard, so that has, too.
    await machine.run(["true"], { asUser: true });
    jest.advanceTimersByTime(34_000);
    checking?.exit(1);
    checking?.end();
    await expect(answer).rejects.toThrow(/the Docker Engine does not answer: it said nothing/);
  });
});

test("a connection that breaks is not the engine's silence", async () => {
  await machine.engine().apiVersion();
  dial = answersNothing;
  const call = machine.engine().request("POST", "/swarm/init");
  call.catch(() => undefined);
  await until(() => silent.length > 0);
  await machine.run(["true"]);
  silent.splice(0);
  await server.dropAll();
  await expect(call).rejects.toThrow(
    /^web-1: the connection broke while POST \/swarm\/init ran; whether Docker did it is not known\. The next run looks$/,
  );
});

test("a command that finds no session free ends by its own deadline", async () => {
  const stop = new AbortController();
  const busy = Array.from({ length: 8 }, async () =>
    machine.run(["sleep", "30"], { signal: stop.signal }).catch(() => undefined),
  );
  await until(() => server.sessions >= 8);
  await expect(machine.run(["true"], { deadlineSeconds: 0.2 })).rejects.toThrow(
    /all of its 8 SSH sessions are in use, and none came free within 0\.2 s/,
  );
  stop.abort();
  await Promise.all(busy);
  const kills = (): string[] => server.commands.filter((one) => /kill -TERM -- -\d/.test(one));
  await until(() => kills().length >= 8);
  await server.idle();
});
