import { ensureNetworkPart } from "../../../operations/network-part";
import type { Operation } from "../../../operations/operation";

// Whether an engine takes part in the networks is what the machine says; a restart is followed until others reach it.

interface Told {
  readonly said: readonly string[];
  readonly asked: readonly string[];
}

async function told(
  answers: readonly ("yes" | "no")[],
  states: readonly string[] = [],
): Promise<Told> {
  const [said, asked, left]: [string[], string[], string[]] = [[], [], [...states]];
  const words = [...answers];
  const node = {
    ID: "n1",
    ManagerStatus: { Reachability: "reachable" },
    Status: { State: "ready" },
  };
  const engine = {
    host: "m1",
    info: () => Promise.resolve({ Swarm: { NodeID: "n1", LocalNodeState: left.shift() } }),
    request: (method: string, path: string, { body = {} }: { readonly body?: object } = {}) => {
      asked.push([method, path, ...Object.values(body).map(String)].join(" "));
      return Promise.resolve(path.includes("unlockkey") ? { UnlockKey: "SWMKEY-1" } : [node]);
    },
  };
  const machine = {
    engine: () => engine,
    script: () => Promise.resolve({ stdout: `${words.shift() ?? "no"}\n` }),
    run: (command: readonly string[]) => {
      asked.push(command.join(" "));
      return Promise.resolve({ stdout: "" });
    },
  };
  const operation = {
    environment: {
      secrets: [],
      machines: { get: () => machine },
      managers: { forget: () => undefined, use: () => Promise.reject(new Error("no events")) },
    },
    signal: new AbortController().signal,
    say: (line: string) => said.push(line),
  } as unknown as Operation;
  await ensureNetworkPart(operation, "m1").catch((error: unknown) => {
    said.push(error instanceof Error ? error.message : String(error));
  });
  return { said, asked };
}

describe("an engine that has become the only manager", () => {
  it("is left alone where it takes part in the networks", async () => {
    expect(await told(["yes"])).toEqual({ said: [], asked: [] });
  });

  it("is started anew where it does not, and unlocked with the key that it knew", async () => {
    const { said, asked } = await told(["no", "yes"], ["locked", "active"]);
    expect(said[0]).toBe(
      "m1: its engine takes no part in the swarm's networks yet; it is started anew.",
    );
    expect(asked.slice(0, 4)).toEqual([
      "GET /swarm/unlockkey",
      "systemctl restart docker.service",
      "POST /swarm/unlock SWMKEY-1",
      "GET /nodes",
    ]);
  });

  it("is started anew once more where that was not enough, and not for ever", async () => {
    const restarts = ({ asked }: Told): number =>
      asked.filter((line) => line === "systemctl restart docker.service").length;
    const twice = await told(["no", "no", "yes"]);
    expect([restarts(twice), twice.said.length]).toEqual([2, 2]);
    const never = await told([]);
    expect(restarts(never)).toBe(3);
    expect(never.said.at(-1)).toMatch(
      /^m1: its engine leads the swarm and takes no part in its networks, after 3 starts: /,
    );
  });
});
