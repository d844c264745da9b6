import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { runInThisContext } from "node:vm";
import { messageOf } from "../../../hosts/errors";
import { Machine } from "../../../hosts/machine";
import { Traffic } from "../../../hosts/traffic";
import { keys, SshServer } from "./ssh-server";

// An engine's answers come through an SSH server of the client's own library; Docker itself is left to the lab.

const asked: string[] = [];
/** What the engine does instead of answering. */
let instead: ((url: string, response: ServerResponse) => boolean) | undefined;
const engine = createServer((request, response) => {
  asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
  response.on("error", () => undefined);
  if (instead?.(request.url ?? "", response) === true) return;
  response.end(JSON.stringify({ ApiVersion: "1.45" }));
});
const server = new SshServer({
  authenticate: () => true,
  socket: (_path, channel) => engine.emit("connection", channel),
});
const traffic = new Traffic();
let machine: Machine;

beforeAll(async () => {
  const target = {
    name: "web-1",
    address: "127.0.0.1",
    port: await server.listen(),
    hostKey: keys.publicKey,
    privateKey: keys.privateKey,
  };
  machine = new Machine("web-1", target, undefined, traffic);
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
      expect(traffic.cost).toMatchObject({ connections: 1, sessions: 0, engineCalls: 21 });
      // Node says a warning in the next turn of its loop.
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      node.off("warning", warned);
    }
  });

  describe("when the whole connection breaks", () => {
    let open: (() => void) | undefined;
    const isAsked = async (): Promise<void> =>
      new Promise((resolve) => {
        open = resolve;
      });
    const during = async (call: Promise<unknown>): Promise<string> => {
      call.catch(() => undefined);
      await isAsked();
      await server.dropAll();
      return call.then(
        () => "answered",
        (error: unknown) => messageOf(error),
      );
    };

    beforeEach(async () => {
      await machine.engine().apiVersion();
    });

    afterEach(() => {
      instead = undefined;
    });

    it("says that nobody knows whether a change was made", async () => {
      instead = (url) => {
        if (url.endsWith("/init")) open?.();
        return url.endsWith("/init");
      };
      expect(await during(machine.engine().request("POST", "/swarm/init"))).toBe(
        "web-1: the connection broke while POST /swarm/init ran; whether Docker did it is not known. " +
          "The next run looks",
      );
    });

    it("says it in the middle of an answer, too", async () => {
      instead = (url, response) => {
        if (!url.endsWith("/info")) return false;
        response.writeHead(200, { "content-length": "100" });
        response.write("{", () => open?.());
        return true;
      };
      expect(await during(machine.engine().info())).toBe(
        "web-1: the connection broke while GET /info ran",
      );
    });

    it("blames the engine when it is the engine that hangs up", async () => {
      instead = (url, response) => {
        if (url.endsWith("/init")) response.socket?.destroy();
        return url.endsWith("/init");
      };
      await expect(machine.engine().request("POST", "/swarm/init")).rejects.toThrow(
        /^web-1: no answer from the Docker Engine to POST \/swarm\/init: it closed the connection\. Check/,
      );
    });
  });

  describe("speaks the newest API that both know", () => {
    const says = (answer: object): void => {
      instead = (url, response) => {
        if (url !== "/version") return false;
        response.end(JSON.stringify(answer));
        return true;
      };
    };
    // As if the engine had been replaced.
    beforeEach(() => {
      machine.engine().close();
    });
    afterEach(() => {
      instead = undefined;
      machine.engine().close();
    });

    it.each([
      ["20.10", { ApiVersion: "1.41", MinAPIVersion: "1.12" }, "1.41"],
      ["28.5", { ApiVersion: "1.51", MinAPIVersion: "1.24" }, "1.51"],
      ["29.8", { ApiVersion: "1.56", MinAPIVersion: "1.40" }, "1.52"],
      ["one that says no more", { ApiVersion: "1.45" }, "1.45"],
    ])("with Docker %s", async (_, answer, spoken) => {
      says(answer);
      expect(await machine.engine().apiVersion()).toBe(spoken);
    });

    it("and says so where there is none", async () => {
      says({ ApiVersion: "1.70", MinAPIVersion: "1.60" });
      await expect(machine.engine().info()).rejects.toThrow(
        "web-1: its engine speaks version 1.60 of Docker's API and newer ones; expected one that speaks 1.52, too, " +
          "the newest that is known here. Take a newer version of this program.",
      );
    });
  });
});
