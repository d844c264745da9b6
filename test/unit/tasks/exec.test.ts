import { createServer } from "node:http";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import type { Duplex } from "node:stream";
import type { Machines } from "../../../hosts/machines";
import { Machines as RealMachines } from "../../../hosts/machines";
import { Managers } from "../../../cluster/managers";
import { execute, parseExecArguments, variables } from "../../../tasks/exec";
import { keys, SshServer } from "../hosts/ssh-server";

// The engine is a server of Node's behind a real SSH server; what Docker itself does is the lab's matter.

const calls: { readonly call: string; readonly body: unknown }[] = [];
let code = 0;
/** What the command does with its stream. */
let command: (stream: Duplex) => void;

const engine = createServer((request, response) => {
  void text(request).then((body) => {
    const call = `${request.method ?? ""} ${request.url ?? ""}`;
    calls.push({ call, body: body === "" ? undefined : (JSON.parse(body) as unknown) });
    response.end(JSON.stringify(answer(call)));
  });
});
engine.on("upgrade", (request, stream: Duplex, head: Buffer) => {
  const length = Number(request.headers["content-length"]);
  let body = head;
  const take = (chunk: Buffer): void => {
    body = Buffer.concat([body, chunk]);
    if (body.length < length) return;
    stream.off("data", take);
    stream.pause();
    const whole = body.subarray(0, length).toString("utf8");
    calls.push({ call: `POST ${request.url ?? ""}`, body: JSON.parse(whole) as unknown });
    if (body.length > length) stream.unshift(body.subarray(length));
    stream.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
    command(stream);
  };
  stream.on("data", take);
  take(Buffer.alloc(0));
});

function answer(call: string): unknown {
  if (call.endsWith("/version")) return { ApiVersion: "1.45" };
  if (call.endsWith("/info"))
    return { Swarm: { NodeID: "n1", LocalNodeState: "active", ControlAvailable: true } };
  if (call.endsWith("/swarm")) return { ID: "c1" };
  if (call.includes("/services"))
    return [{ ID: "s1", Spec: { Name: "web", Mode: { Replicated: {} } } }];
  if (call.includes("/nodes")) return [{ ID: "n1", Description: { Hostname: "m1" } }];
  if (call.includes("/tasks"))
    return [
      {
        ...{ ID: "t1", ServiceID: "s1", NodeID: "n1", Slot: 1, DesiredState: "running" },
        Status: { State: "running", ContainerStatus: { ContainerID: "c0ffee" } },
      },
    ];
  if (call.endsWith("/exec")) return { Id: "e1" };
  if (call.endsWith("/json")) return { Running: false, ExitCode: code };
  return {};
}

const server = new SshServer({
  authenticate: () => true,
  socket: (_path, channel) => engine.emit("connection", channel),
});
let machines: Machines;
let managers: Managers;

beforeAll(async () => {
  const { privateKey, publicKey: hostKey } = keys;
  const target = {
    name: "m1",
    address: "127.0.0.1",
    port: await server.listen(),
    hostKey,
    privateKey,
  };
  machines = new RealMachines(new Map([["m1", target]]));
  managers = new Managers(machines, { declared: ["m1"] });
});

afterAll(async () => {
  await machines.close();
  await server.close();
});

beforeEach(() => {
  calls.length = 0;
  code = 0;
});

function frame(source: number, content: string): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt8(source, 0);
  head.writeUInt32BE(Buffer.byteLength(content), 4);
  return Buffer.concat([head, Buffer.from(content)]);
}

function ends() {
  return { input: new PassThrough(), output: new PassThrough(), errors: new PassThrough() };
}

async function wrote({ output, errors }: { output: PassThrough; errors: PassThrough }) {
  output.end();
  errors.end();
  return { output: await text(output), errors: await text(errors) };
}

const wish = { task: "web.1", user: undefined, workdir: undefined, env: [] };

describe("a command in a task", () => {
  it("reads a pipe to its end, writes both outputs and passes its exit code on", async () => {
    code = 7;
    command = (stream) => {
      let input = "";
      stream.on("data", (chunk: Buffer) => (input += chunk.toString("utf8")));
      stream.on("end", () => {
        stream.end(Buffer.concat([frame(1, `got ${input}`), frame(2, "and a complaint\n")]));
      });
      stream.resume();
    };
    const own = ends();
    own.input.end("a line\n");
    process.env.SEE_TEST = "a value";
    const asked = { ...wish, command: ["cat"], env: ["SEE_TEST"], user: "1000", workdir: "/tmp" };
    expect(await execute({ managers, machines }, asked, { ...own, terminal: undefined })).toBe(7);
    expect(await wrote(own)).toEqual({ output: "got a line\n", errors: "and a complaint\n" });
    const made = calls.find(({ call }) => call.endsWith("/containers/c0ffee/exec"));
    expect(made?.body).toMatchObject({
      ...{ Cmd: ["cat"], Env: ["SEE_TEST=a value"], User: "1000", WorkingDir: "/tmp", Tty: false },
    });
    expect(JSON.stringify(calls.map(({ call }) => call))).not.toContain("a value");
  });

  it("gets every key of a terminal, and its size whenever that changes", async () => {
    const modes: string[] = [];
    let resized: (size: { rows: number; columns: number }) => void = () => undefined;
    const terminal = {
      size: { rows: 24, columns: 80 },
      raw: () => {
        modes.push("raw");
        return () => modes.push("cooked");
      },
      onResize: (listener: typeof resized) => {
        resized = listener;
        return () => modes.push("still");
      },
    };
    command = (stream) => {
      stream.once("data", (key: Buffer) => {
        terminal.size = { rows: 50, columns: 132 };
        resized(terminal.size);
        stream.end(`\u001b[1mgot ${key.toString("hex")}`);
      });
      stream.resume();
    };
    const own = ends();
    own.input.write("\u0003");
    const asked = { ...wish, command: ["sh"] };
    await execute({ managers, machines }, asked, {
      ...own,
      terminal,
    });
    expect(await wrote(own)).toEqual({ output: "\u001b[1mgot 03", errors: "" });
    expect(modes).toEqual(["raw", "still", "cooked"]);
    const sizes = calls.flatMap(({ call }) => /resize\?(.*)$/.exec(call)?.[1] ?? []);
    expect(sizes).toEqual(["h=24&w=80", "h=50&w=132"]);
    const made = calls.find(({ call }) => call.endsWith("/containers/c0ffee/exec"));
    expect(made?.body).toMatchObject({ Tty: true, ConsoleSize: [24, 80] });
  });

  it("is not run in a task that does not run", async () => {
    const asked = { ...wish, task: "web.2", command: ["sh"] };
    await expect(
      execute({ managers, machines }, asked, { ...ends(), terminal: undefined }),
    ).rejects.toThrow('task: got "web.2"; expected web.1@m1');
    expect(calls.filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  });
});

describe("the words after npm run exec", () => {
  it.each([
    [["web.2"], { task: "web.2", command: ["sh"] }],
    [["web.2", "--", "ls", "-l", "--", "-u"], { task: "web.2", command: ["ls", "-l", "--", "-u"] }],
    [
      ["-u", "root", "--workdir", "/srv", "web", "-e", "A", "--env", "B"],
      { task: "web", user: "root", workdir: "/srv", env: ["A", "B"] },
    ],
  ])("%j", (words, expected) => {
    expect(parseExecArguments(words)).toMatchObject(expected);
  });

  it.each([[[]], [["web.1", "ls"]], [["--", "sh"]]])("%j is refused", (words) => {
    expect(() => parseExecArguments(words)).toThrow("expected one task, and a command after --");
  });

  it("takes the values of variables from here, and none from the arguments", () => {
    expect(variables(["A", "EMPTY"], { A: "1", EMPTY: "" })).toEqual(["A=1", "EMPTY="]);
    expect(() => variables(["A=secret"], {})).toThrow(/^--env: got a value for A, which every/);
    expect(() => variables(["A=secret"], {})).not.toThrow("secret");
    expect(() => variables(["GONE"], {})).toThrow('--env: got "GONE"; expected a variable');
  });
});
