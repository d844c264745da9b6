import type { Node } from "@docker/node-sdk";
import { NoManagerError } from "../../../cluster/managers";
import type { Engine } from "../../../hosts/engine";
import type { Context } from "../../../provider/context";
import type { NodeInputs } from "../../../provider/node/arguments";
import { refuseNamesake } from "../../../provider/node/namesake";

const second = 1000;

/** A node elsewhere that has the machine's name, until it goes down. */
function namesake(state: "ready" | "down"): Node {
  return {
    ID: "x1",
    Description: { Hostname: "worker-1" },
    Status: { State: state, Addr: "10.0.0.9" },
  };
}

/** @param nodes - what a manager says after so many milliseconds; undefined: none can be asked */
function looking(nodes: (after: number) => readonly Node[] | undefined): Promise<string> {
  const began = Date.now();
  const request = (_method: string, path: string): unknown =>
    path === "/nodes" ? nodes(Date.now() - began) : { ID: "ours", JoinTokens: {} };
  const manager = {
    request: async (...call: [string, string]) => Promise.resolve(request(...call)),
  };
  const context = {
    managers: {
      use: async (call: (engine: unknown) => Promise<unknown>): Promise<unknown> => {
        if (nodes(Date.now() - began) === undefined)
          throw new NoManagerError("no manager of the swarm can be used");
        return call({ ...manager, onNodeEvent: () => () => undefined });
      },
    },
    signal: new AbortController().signal,
    progress: () => undefined,
  } as unknown as Context;
  const engine = { host: "worker-1", info: async () => Promise.resolve({ Name: "worker-1" }) };
  const news: NodeInputs = {
    host: "worker-1",
    advertiseAddr: "10.0.0.5",
    state: "ready",
    drain: "gentle",
  };
  return refuseNamesake(context, engine as unknown as Engine, news).then(
    () => "none",
    (error: unknown) => (error as Error).message,
  );
}

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

async function after(seconds: number, answer: Promise<string>): Promise<string> {
  await jest.advanceTimersByTimeAsync(seconds * second);
  return Promise.race([answer, Promise.resolve("still looking")]);
}

describe("another node with the machine's hostname", () => {
  it("is waited for while its managers may not have missed it yet", async () => {
    const answer = looking((time) => [namesake(time < 35 * second ? "ready" : "down")]);
    expect(await after(30, answer)).toBe("still looking");
    expect(await after(10, answer)).toBe("none");
  });

  it("is refused when it stays up", async () => {
    expect(
      await after(
        45,
        looking(() => [namesake("ready")]),
      ),
    ).toBe(
      "worker-1: got the hostname worker-1, which the node x1 at 10.0.0.9 has, too; expected one of its own for every " +
        "machine. Give one of them another, or take that node out.",
    );
  });

  it("is asked for again when its managers are too busy to say anything for a while", async () => {
    const answer = looking((time) => (time < 70 * second ? undefined : []));
    expect(await after(65, answer)).toBe("still looking");
    expect(await after(10, answer)).toBe("none");
  });

  it("has its whole time from when it is seen first", async () => {
    const answer = looking((time) => {
      if (time < 50 * second) return undefined;
      return [namesake(time < 80 * second ? "ready" : "down")];
    });
    expect(await after(75, answer)).toBe("still looking");
    expect(await after(10, answer)).toBe("none");
  });
});
