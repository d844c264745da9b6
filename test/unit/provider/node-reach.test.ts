import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Node } from "@docker/node-sdk";
import type { Context } from "../../../provider/context";
import { blockedManagers, PROBE } from "../../../provider/node/reach";

// A machine that is not yet a node tries the addresses that a manager names: a manager that was taken over must get
// nothing but a connection out of it.

const nodeAt = (address: string): Node => ({
  ManagerStatus: { Reachability: "reachable", Addr: address },
});

/** @param code - how each attempt ends */
function world(code = 1): { readonly context: Context; readonly tried: string[][] } {
  const tried: string[][] = [];
  const script = async (_text: string, words: string[]): Promise<{ code: number }> => {
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
