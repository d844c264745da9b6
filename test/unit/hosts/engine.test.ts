import { createServer } from "node:http";
import { runInThisContext } from "node:vm";
import { Machine } from "../../../hosts/machine";
import { keys, SshServer } from "./ssh-server";

// An engine's answers come through an SSH server of the client's own library; Docker itself is left to the lab.

const asked: string[] = [];
const engine = createServer((request, response) => {
  asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
  response.end(JSON.stringify({ ApiVersion: "1.45" }));
});
const server = new SshServer({
  authenticate: () => true,
  socket: (_path, channel) => engine.emit("connection", channel),
});
let machine: Machine;

beforeAll(async () => {
  machine = new Machine("web-1", {
    name: "web-1",
    address: "127.0.0.1",
    port: await server.listen(),
    hostKey: keys.publicKey,
    privateKey: keys.privateKey,
  });
});

afterAll(async () => {
  await machine.close();
  await server.close();
});

describe("Machine.engine", () => {
  it("makes many changes at once over one connection, without a warning of Node's", async () => {
    // Jest's own `process` hears of no warnings.
    const node = runInThisContext("process") as NodeJS.Process;
    const warnings: string[] = [];
    const warned = ({ message }: Error) => warnings.push(message);
    node.on("warning", warned);
    try {
      const paths = Array.from({ length: 20 }, (_, index) => `/networks/${index}/connect`);
      await Promise.all(paths.map((path) => machine.engine().request("POST", path)));
      expect(asked.sort()).toEqual(
        ["GET /version", ...paths.map((path) => `POST /v1.45${path}`)].sort(),
      );
      expect(server.connections).toHaveLength(1);
      // Node says a warning in the next turn of its loop.
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      node.off("warning", warned);
    }
  });
});
