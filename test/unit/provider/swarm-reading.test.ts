import type { Engine } from "../../../hosts/engine";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Machines } from "../../../hosts/machines";
import type { Context } from "../../../provider/context";
import { Managers } from "../../../cluster/managers";
import { swarmType } from "../../../provider/swarm/swarm";
import type { SwarmState } from "../../../provider/swarm/arguments";

// What becomes of a swarm in the state when its managers are found in another one.

interface World {
  readonly context: Context;
  readonly said: string[];
}

/** @param swarms - the swarm that each host manages; undefined: it does not answer */
function world(swarms: Readonly<Record<string, string | undefined>>, leaving: string[]): World {
  const said: string[] = [];
  const request = async (host: string, path: string): Promise<unknown> => {
    const clusterId = swarms[host];
    if (clusterId === undefined) throw new HostUnreachableError(host, `${host}: no route`);
    const answers: Readonly<Record<string, unknown>> = {
      "/swarm": { ID: clusterId },
      "/nodes": [],
      "/swarm/unlockkey": {},
      "/info": {
        Swarm: { LocalNodeState: "active", ControlAvailable: true, Cluster: { ID: clusterId } },
      },
    };
    return Promise.resolve(answers[path]);
  };
  const get = (host: string): { engine: () => Engine } => ({
    engine: () =>
      ({
        host,
        request: async (_method: string, path: string) => request(host, path),
        info: async () => request(host, "/info"),
      }) as unknown as Engine,
  });
  const machines = { get, names: Object.keys(swarms) } as unknown as Machines;
  const declared = Object.keys(swarms).filter((host) => !leaving.includes(host));
  const context = {
    machines,
    managers: new Managers(machines, { declared, leaving }),
    signal: new AbortController().signal,
    warnOnce: (text: string) => said.push(text),
    warn: (text: string) => said.push(text),
  };
  return { context: context as unknown as Context, said };
}

const state: SwarmState = {
  host: "m1",
  advertiseAddr: "10.0.0.1",
  locked: [],
  clusterId: "ours",
  managers: [],
  workerToken: "",
  managerToken: "",
  unlockKey: "",
};
const known = { inputs: { host: "m1", advertiseAddr: "10.0.0.1", locked: [] }, state };
const read = async ({ context }: World) => swarmType.read(context, "ours", known);

test("a manager that left and serves another swarm does not answer for the one that is down", async () => {
  const given = world({ m1: undefined, m2: "theirs" }, ["m2"]);
  expect(await read(given)).toEqual({ id: "ours", ...known });
  expect(given.said.join("\n")).toContain(
    "m2: it belongs to another swarm (id theirs): not asked; expected the swarm ours",
  );
});

test("a manager that serves another swarm is passed over, and named", async () => {
  const given = world({ m1: "theirs", m2: "ours" }, []);
  expect((await read(given))?.state).toMatchObject({ clusterId: "ours" });
  expect(given.said).toEqual([
    "m1: it belongs to another swarm (id theirs): not asked; expected the swarm ours",
  ]);
});

test("the swarm is gone when every machine answers and none is in it any more", async () => {
  expect(await read(world({ m1: "theirs" }, []))).toBeUndefined();
});
