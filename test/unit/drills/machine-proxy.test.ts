/** The proxy of the drills that cut runs: it hands everything on, knows what it is, and stops where it is told to. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { Machine } from "../../../hosts/machine";
import { MachineProxy } from "../../drills/machine-proxy";
import type { Watch } from "../../drills/machine-proxy";
import { keys, SshServer } from "../hosts/ssh-server";

const folder = mkdtempSync(join(tmpdir(), "proxy-"));
const heard: string[] = [];
const docker = createServer((request, response) => {
  heard.push(`${request.method ?? ""} ${request.url ?? ""}`);
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ ApiVersion: "1.45", ID: "x" }));
});
const server = new SshServer({
  authenticate: ({ method }) => method === "publickey",
  socket: (_path, channel) => {
    const engine = connect(join(folder, "docker.sock"));
    channel.pipe(engine).pipe(channel);
  },
});
let target: { name: string; address: string; port: number; hostKey: string; privateKey: string };
let seen: string[] = [];
let cutAt: string | undefined;
const watch: Watch = ({ kind }, point) => {
  seen.push(`${kind} ${point}`);
  if (cutAt !== `${kind} ${point}`) return false;
  cutAt = undefined;
  proxy.drop();
  return true;
};
const proxy = new MachineProxy(async () => Promise.resolve(target), "a password", watch);
let machine: Machine;

beforeAll(async () => {
  docker.listen(join(folder, "docker.sock"));
  await once(docker, "listening");
  const { privateKey, publicKey: hostKey } = keys;
  const port = await server.listen();
  target = { name: "m", address: "127.0.0.1", port, hostKey, privateKey };
  machine = new Machine("m", {
    name: "m",
    address: "127.0.0.1",
    port: await proxy.listen(),
    hostKey: proxy.hostKey,
    password: "a password",
  });
});

afterAll(async () => {
  await machine.end();
  await proxy.close();
  await server.close();
  docker.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  seen = [];
});

it("hands on commands, files and calls, and names each", async () => {
  const { stdout } = await machine.script('read -r word; echo "$1 $word"', ["said"], {
    stdin: "hello\n",
  });
  expect(stdout).toBe("said hello\n");
  const failed = await machine.run(["sh", "-c", "exit 7"], { allowFailure: true });
  expect(failed.code).toBe(7);
  expect(await machine.engine().request("POST", "/services/abc/update", { body: {} })).toEqual({
    ApiVersion: "1.45",
    ID: "x",
  });
  expect(seen).toEqual([
    'a script: read -r word; echo "$1 $word" before',
    'a script: read -r word; echo "$1 $word" during',
    'a script: read -r word; echo "$1 $word" after',
    "sh -c 'exit before",
    "sh -c 'exit after",
    "GET /version before",
    "GET /version after",
    "POST /services/:/update before",
    "POST /services/:/update after",
  ]);
});

it("cuts before a script has begun, and after it has done all it had to", async () => {
  const path = join(folder, "made");
  const touch = async () => machine.script('touch "$1"', [path]);
  cutAt = 'a script: touch "$1" before';
  await expect(touch()).rejects.toThrow();
  expect(existsSync(path)).toBe(false);
  cutAt = 'a script: touch "$1" after';
  await expect(touch()).rejects.toThrow();
  expect(existsSync(path)).toBe(true);
});

it("cuts before a call has reached the engine, and after it was carried out", async () => {
  const create = async () => machine.engine().request("POST", "/secrets/create", { body: {} });
  heard.length = 0;
  cutAt = "POST /secrets/create before";
  await expect(create()).rejects.toThrow();
  expect(heard.filter((line) => line.startsWith("POST"))).toEqual([]);
  cutAt = "POST /secrets/create after";
  await expect(create()).rejects.toThrow();
  expect(heard.filter((line) => line.startsWith("POST"))).toEqual(["POST /v1.45/secrets/create"]);
});
