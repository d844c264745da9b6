import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Node } from "@docker/node-sdk";
import { EngineError } from "../../../hosts/engine";
import type { Context } from "../../../provider/context";
import { blockedManagers, PROBE, refusedJoin } from "../../../provider/node/reach";

// A machine that is not yet a node tries the addresses that a manager names: a manager that was taken over must get
// nothing but a connection out of it.

const nodeAt = (address: string): Node => ({
  ManagerStatus: { Reachability: "reachable", Addr: address },
});

/**
 * @param code - how each attempt ends
 * @param routes - what the machine says of the ways there; nothing when it is undefined
 */
function world(
  code = 1,
  routes?: string,
): { readonly context: Context; readonly tried: string[][] } {
  const tried: string[][] = [];
  const script = async (text: string, words: string[]): Promise<object> => {
    if (text !== PROBE)
      return routes === undefined
        ? Promise.reject(new Error("no ip"))
        : Promise.resolve({ stdout: routes });
    tried.push(words);
    return Promise.resolve({ code });
  };
  const context = { machines: { get: () => ({ script }) } };
  return { context: context as unknown as Context, tried };
}

const runHere = (words: readonly string[]): number | null =>
  spawnSync("bash", ["-euo", "pipefail", "-s", "--", ...words], { input: PROBE }).status;

describe("whether a machine reaches the managers", () => {
  it("says which it does not reach", async () => {
    const { context, tried } = world();
    const said = await blockedManagers(context, "w1", [
      nodeAt("10.0.0.2:2377"),
      nodeAt("[fd00::1]:2377"),
    ]);
    expect(tried).toEqual([
      ["10.0.0.2", "2377"],
      ["fd00::1", "2377"],
    ]);
    expect(said).toContain("w1 gets no connection to 10.0.0.2:2377, [fd00::1]:2377: expected port");
    const reached = world(0);
    expect(await blockedManagers(reached.context, "w1", [nodeAt("10.0.0.2:2377")])).toBe("");
  });

  it("says from where it speaks to them, which is what their firewalls see", async () => {
    const nodes = [nodeAt("10.0.0.2:2377"), nodeAt("[fd00::1]:2377")];
    const way = "10.0.0.2 dev eth0 src 10.0.0.12 uid 0";
    const advice =
      "Look at the firewalls between them and at hosts.*.advertiseAddr of the managers; where its address is translated " +
      "on the way, the managers see another one: name that in firewall.sources";
    expect(await blockedManagers(world(1, way).context, "w1", nodes)).toBe(
      "w1 gets no connection to 10.0.0.2:2377, [fd00::1]:2377: expected port 2377/tcp of the managers to be open to it. " +
        `It speaks to 10.0.0.2 from 10.0.0.12. It has no route to fd00::1. ${advice}`,
    );
    const silent = await blockedManagers(world().context, "w1", nodes);
    expect(silent).toContain(`to be open to it. ${advice}`);
  });

  it("says so, too, of a join that is refused at once", async () => {
    const error = new EngineError("w1", "POST /swarm/join", 500, "connection refused");
    const nodes = [nodeAt("10.0.0.2:2377")];
    const { message, cause } = await refusedJoin(world().context, "w1", error, nodes);
    expect(message).toMatch(
      /^w1: it could not join: connection refused\. w1 gets no connection to 10\.0\.0\.2:2377: expected/,
    );
    expect(cause).toBe(error);
    // It was refused for another reason.
    expect(await refusedJoin(world(0).context, "w1", error, nodes)).toBe(error);
  });

  it.each(["x/1; reboot; :2377", "$(reboot):2377", "10.0.0.1/../x:2377", "a\nb:1", ""])(
    "does not try %j, and says so",
    async (address) => {
      const { context, tried } = world();
      const said = await blockedManagers(context, "w1", [nodeAt(address)]);
      expect(said).toContain(`The managers name ${JSON.stringify(address)} as the address of one`);
      expect(tried).toEqual([]);
    },
  );

  it("runs nothing of what it is given", () => {
    const folder = mkdtempSync(path.join(tmpdir(), "swarm-unit-"));
    const file = path.join(folder, "made");
    try {
      for (const word of [`x;touch ${file};`, `$(touch ${file})`, `"; touch ${file}; "`]) {
        expect(runHere([word, "1"])).toBe(1);
        expect(runHere(["127.0.0.1", word])).toBe(1);
      }
      expect(existsSync(file)).toBe(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("finds a port that is open", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(runHere(["127.0.0.1", String(port)])).toBe(0);
    await new Promise((resolve) => server.close(resolve));
    expect(runHere(["127.0.0.1", String(port)])).toBe(1);
  });
});
