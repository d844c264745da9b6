import { EngineError, SilenceError } from "../../../hosts/engine";
import type { Engine } from "../../../hosts/engine";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Machines } from "../../../hosts/machines";
import { Managers, NoManagerError, QuorumError } from "../../../cluster/managers";

// The choice of a manager, against engines that answer as told. Real engines, and what they say without a leader, are
// the lab's business.

const late = "Get https://registry.test/v2/: context deadline exceeded";

type Answer = "manager" | "worker" | "locked" | "out" | "down" | "leaderless" | "silent";

interface Fake {
  readonly machines: Machines;
  readonly answers: Record<string, Answer>;
  readonly calls: string[];
}

/** @param others - the hosts that are in another swarm than "ours", and in which */
function fake(answers: Record<string, Answer>, others: Record<string, string> = {}): Fake {
  const calls: string[] = [];
  const swarmOf = (host: string): string => others[host] ?? "ours";
  const request = async (host: string, path: string): Promise<unknown> => {
    calls.push(`${host} ${path}`);
    const answer = answers[host];
    if (answer === "down") throw new HostUnreachableError(host, `${host}: no route`);
    if (answer === "silent" || (answer === "leaderless" && path !== "/info"))
      return new Promise(() => undefined);
    if (path !== "/info" && answer !== "manager")
      throw new EngineError(host, `GET ${path}`, 503, "This node is not a swarm manager.");
    if (path === "/swarm") return Promise.resolve({ ID: swarmOf(host) });
    if (path !== "/info") return Promise.resolve([{ ID: host }]);
    const peers = Object.keys(answers).filter(
      (peer) => answers[peer] === "manager" && swarmOf(peer) === swarmOf(host),
    );
    const states: Partial<Record<Answer, string>> = { out: "inactive", locked: "locked" };
    return Promise.resolve({
      Swarm: {
        LocalNodeState: states[answer ?? "out"] ?? "active",
        ControlAvailable: answer === "manager" || answer === "leaderless",
        NodeID: `node-${host}`,
        ...(answer === "out"
          ? {}
          : { RemoteManagers: peers.map((peer) => ({ NodeID: `node-${peer}` })) }),
      },
    });
  };
  const get = (host: string): { engine: () => Engine } => ({
    engine: () =>
      ({
        request: async (_method: string, path: string) => request(host, path),
        info: async () => request(host, "/info"),
      }) as unknown as Engine,
  });
  return { machines: { get } as unknown as Machines, answers, calls };
}

/** Of a swarm that the state knows. */
function known(machines: Machines, declared: readonly string[], patience?: number): Managers {
  const managers = new Managers(machines, { declared }, patience);
  managers.expect("ours");
  return managers;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const host = async (_engine: Engine, name: string): Promise<string> => Promise.resolve(name);

/** Runs the clock until the call is done. */
async function settled<T>(call: Promise<T>): Promise<T | Error> {
  const result = call.catch((error: unknown) => error as Error);
  for (let second = 0; second < 40; second++) await jest.advanceTimersByTimeAsync(1000);
  return result;
}

async function secondsOf(call: Promise<unknown>): Promise<number> {
  const began = Date.now();
  let took = -1;
  void call.catch(() => undefined).then(() => (took = Date.now() - began));
  for (let second = 0; second < 40 && took < 0; second++) await jest.advanceTimersByTimeAsync(1000);
  return took / 1000;
}

test("the first in order, and the same one again without asking", async () => {
  const { machines, calls } = fake({ a: "manager", b: "manager" });
  const managers = known(machines, ["b", "a"]);
  expect(await settled(managers.use(host))).toBe("a");
  expect(await settled(managers.use(host))).toBe("a");
  expect(calls).toEqual(["a /info", "a /swarm"]);
});

test.each<Answer>(["worker", "locked", "out", "down", "leaderless", "silent"])(
  "the next one, when the first is %s, and that one from then on",
  async (answer) => {
    const { machines, calls } = fake({ a: answer, b: "manager" });
    const managers = known(machines, ["a", "b"]);
    expect(await settled(managers.use(host))).toBe("b");
    calls.length = 0;
    expect(await settled(managers.use(host))).toBe("b");
    expect(calls).toEqual([]);
  },
);

test("a manager that is lost in the middle of a call: the call is made on the next", async () => {
  const { machines, answers } = fake({ a: "manager", b: "manager" });
  const managers = known(machines, ["a", "b"]);
  await settled(managers.use(host));
  answers.a = "down";
  const call = async (engine: Engine, name: string): Promise<string> => {
    await engine.request("GET", "/nodes");
    return name;
  };
  expect(await settled(managers.use(call))).toBe("b");
});

describe("managers and workers that change places", () => {
  const turned = (answers: Record<string, Answer>, others: Record<string, string> = {}) => {
    const { machines, calls } = fake(answers, others);
    const hosts = { declared: ["new"], members: Object.keys(answers) };
    return { managers: new Managers(machines, hosts), calls };
  };

  test("the one that is a manager still is asked, and its successor once that is one", async () => {
    const answers: Record<string, Answer> = { new: "worker", old: "manager", third: "worker" };
    const { managers } = turned(answers);
    managers.expect("ours");
    expect(await settled(managers.use(host))).toBe("old");
    Object.assign(answers, { new: "manager", old: "worker" });
    managers.forget();
    expect(await settled(managers.use(host))).toBe("new");
  });

  test("also while nobody knows yet which swarm is meant", async () => {
    const { managers } = turned({ new: "worker", old: "manager" });
    expect(await settled(managers.use(host))).toBe("old");
  });

  test("a manager of another swarm among them is not asked", async () => {
    const { managers } = turned({ new: "worker", old: "manager" }, { old: "theirs" });
    managers.expect("ours");
    expect(await settled(managers.use(host))).toBeInstanceOf(NoManagerError);
  });

  test("nobody else is asked when the managers are down", async () => {
    const { managers, calls } = turned({ new: "down", old: "manager" });
    managers.expect("ours");
    expect(await settled(managers.use(host))).toBeInstanceOf(NoManagerError);
    expect(calls.some((call) => call.startsWith("old"))).toBe(false);
  });
});

test("any other error is the caller's, at once", async () => {
  const { machines } = fake({ a: "manager", b: "manager" });
  const conflict = new EngineError("a", "POST /networks/create", 409, "exists");
  const call = async (): Promise<never> => Promise.reject(conflict);
  expect(await settled(known(machines, ["a", "b"]).use(call))).toBe(conflict);
});

test("none: each is named with its reason", async () => {
  const { machines } = fake({ a: "down", b: "worker", c: "locked", d: "out" });
  const managers = known(machines, ["a", "b", "c", "d"]);
  const error = await settled(managers.use(host));
  expect(managers.locked).toEqual(["c"]);
  expect(error).toEqual(
    new NoManagerError(
      [
        "no manager of the swarm can be used:",
        "  a: no route",
        "  b: it is a worker of the swarm",
        "  c: its swarm is locked; expected it to be unlocked after the restart",
        "  d: it is in no swarm",
      ].join("\n"),
    ),
  );
});

test("no leader: said within 10 s, however many managers are asked", async () => {
  const { machines } = fake({ a: "silent", b: "leaderless", c: "down" });
  const managers = known(machines, ["a", "b", "c"]);
  const call = managers.use(host);
  expect(await secondsOf(call)).toBeLessThanOrEqual(10);
  await expect(call).rejects.toEqual(
    new QuorumError(
      [
        "the swarm has no leader: more than half of the managers are down. Bring them back; the swarm then goes on by itself.",
        "  a: no answer yet",
        "  b: it has no leader to ask",
        "  c: no route",
      ].join("\n"),
    ),
  );
});

test("a busy manager: waited for, for half a minute and no longer", async () => {
  const { machines } = fake({ a: "silent", b: "down" });
  const call = known(machines, ["a", "b"]).use(host);
  expect(await secondsOf(call)).toBe(30);
  await expect(call).rejects.toThrow("a: Docker's answer did not finish within 30 s");
  const hasty = known(machines, ["a", "b"], 10).use(host);
  expect(await secondsOf(hasty)).toBe(10);
});

test("a dead manager is not asked again for 15 s, or until something was booted", async () => {
  const { machines, answers, calls } = fake({ a: "down" });
  const managers = known(machines, ["a"]);
  const failure = async (): Promise<void> => expect(managers.use(host)).rejects.toThrow("no route");
  await failure();
  await failure();
  expect(calls).toHaveLength(1);
  await jest.advanceTimersByTimeAsync(15_001);
  await failure();
  expect(calls).toHaveLength(2);
  answers.a = "manager";
  managers.forget();
  expect(await managers.use(host)).toBe("a");
});

test("a list is fetched once for all who read at the same time, and again after a write or 3 s", async () => {
  const { machines, calls } = fake({ a: "manager" });
  const managers = known(machines, ["a"]);
  const fetched = (): number => calls.filter((call) => call === "a /nodes").length;
  const [first, second] = await Promise.all([managers.nodes(), managers.nodes()]);
  expect(first).toEqual([{ ID: "a" }]);
  expect(second).toBe(first);
  await managers.nodes();
  expect(fetched()).toBe(1);
  managers.invalidate("nodes");
  await managers.nodes();
  expect(fetched()).toBe(2);
  await jest.advanceTimersByTimeAsync(3001);
  await managers.nodes();
  expect(fetched()).toBe(3);
});

test("without managers in the configuration", async () => {
  const managers = known(fake({}).machines, []);
  expect(await settled(managers.use(host))).toEqual(
    new NoManagerError('hosts: none has the role "manager"; expected at least one'),
  );
});

describe("which swarm", () => {
  test("none of another one is asked, however alone it is, and that is said", async () => {
    const { machines, calls } = fake({ a: "down", b: "manager" }, { b: "theirs" });
    const managers = known(machines, ["a", "b"]);
    const reason = "it belongs to another swarm (id theirs): not asked; expected the swarm ours";
    expect(await settled(managers.services())).toEqual(
      new NoManagerError(`no manager of the swarm can be used:\n  a: no route\n  b: ${reason}`),
    );
    expect(managers.strangers).toEqual([`b: ${reason}`]);
    expect(calls).not.toContain("b /services");
  });

  test("without a state it is the one of most managers, whoever is asked first", async () => {
    const { machines } = fake({ a: "manager", b: "manager", c: "manager" }, { a: "theirs" });
    const managers = new Managers(machines, { declared: ["a", "b", "c"] });
    expect(await settled(managers.use(host))).toBe("b");
    expect(managers.clusterId).toBe("ours");
    expect(managers.strangers).toHaveLength(1);
  });

  test("a manager that does not answer is waited for no longer than 3 s", async () => {
    const { machines } = fake({ a: "silent", b: "manager" });
    const managers = new Managers(machines, { declared: ["a", "b"] });
    expect(await secondsOf(managers.use(host))).toBe(3);
  });

  test("as many of one as of another: none is asked", async () => {
    const { machines, calls } = fake({ a: "manager", b: "manager" }, { b: "theirs" });
    const managers = new Managers(machines, { declared: ["a", "b"] });
    expect(await settled(managers.nodes())).toEqual(
      new NoManagerError(
        "hosts: the managers belong to several swarms (a of ours; b of theirs); expected one, and nothing says which. " +
          "None of them was asked anything. Take those of the other swarm out of the configuration.",
      ),
    );
    expect(calls.filter((call) => call.endsWith("/nodes"))).toEqual([]);
    managers.expect("theirs");
    expect(await settled(managers.use(host))).toBe("b");
  });

  test("once it is known while managers are looked for, nobody is asked twice", async () => {
    const { machines, calls } = fake({ a: "manager" });
    const managers = new Managers(machines, { declared: ["a"] });
    const lists = Promise.all([managers.nodes(), managers.services()]);
    managers.expect("ours");
    await settled(lists);
    expect(calls).toEqual(["a /info", "a /swarm", "a /nodes", "a /services"]);
  });

  test("once it is known while managers are looked for, none of another one is asked", async () => {
    const { machines, calls } = fake(
      { a: "manager", b: "manager", c: "manager" },
      { a: "theirs", b: "theirs" },
    );
    const managers = new Managers(machines, { declared: ["a", "b", "c"] });
    const nodes = managers.nodes();
    managers.expect("ours");
    expect(await settled(nodes)).toEqual([{ ID: "c" }]);
    expect(managers.clusterId).toBe("ours");
    expect(calls.filter((call) => call.endsWith("/nodes"))).toEqual(["c /nodes"]);
  });

  test("one that leaves is asked, once it is known that the swarm is its own", async () => {
    const { machines } = fake({ a: "manager", b: "manager" }, { a: "theirs" });
    const managers = new Managers(machines, { declared: ["a"], leaving: ["b"] });
    const nodes = managers.nodes();
    managers.expect("ours");
    expect(await settled(nodes)).toEqual([{ ID: "b" }]);
  });

  test("a leaving manager has no say beside a declared one", async () => {
    const { machines, calls } = fake({ a: "manager", b: "manager", c: "manager" }, { a: "theirs" });
    const managers = new Managers(machines, { declared: ["b"], leaving: ["a", "c"] });
    expect(await settled(managers.use(host))).toBe("b");
    expect(calls).not.toContain("a /swarm");
  });

  test("a leaving manager that no declared host knows is not asked", async () => {
    const { machines } = fake({ a: "down", b: "manager" }, { b: "theirs" });
    const managers = new Managers(machines, { declared: ["a"], leaving: ["b"] });
    expect(await settled(managers.use(host))).toEqual(
      new NoManagerError(
        [
          "no manager of the swarm can be used:",
          "  a: no route",
          "  b: it leaves the configuration, and no other host says that it is in the same swarm: not asked",
        ].join("\n"),
      ),
    );
    expect(managers.clusterId).toBeUndefined();
  });

  test("a leaving manager is asked while a declared worker is still its own", async () => {
    const { machines } = fake({ a: "worker", b: "manager" });
    const managers = new Managers(machines, { declared: [], leaving: ["b"], members: ["a"] });
    expect(await settled(managers.use(host))).toBe("b");
  });

  test("what was asked before the swarm was made says nothing about it", async () => {
    const { machines, answers } = fake({ a: "out", b: "silent" });
    const managers = new Managers(machines, { declared: ["a", "b"] });
    const before = managers.use(host).catch(() => undefined);
    await jest.advanceTimersByTimeAsync(12_000);
    answers.a = "manager";
    managers.expect("ours");
    managers.forget();
    expect(await secondsOf(managers.use(host))).toBeLessThan(5);
    // b has not answered the first question by now, which is still nobody's reason.
    await jest.advanceTimersByTimeAsync(20_000);
    expect(await settled(managers.use(host))).toBe("a");
    expect(await before).toBe("a");
  });

  test("another swarm from now on: what was known of the last is forgotten", async () => {
    const { machines, calls } = fake({ a: "manager", b: "manager" }, { b: "theirs" });
    const managers = known(machines, ["a", "b"]);
    await settled(managers.nodes());
    managers.expect("theirs");
    expect(await settled(managers.nodes())).toEqual([{ ID: "b" }]);
    expect(calls.filter((call) => call.endsWith("/nodes"))).toEqual(["a /nodes", "b /nodes"]);
  });
});

describe("a manager that hangs in the middle", () => {
  const hang = (call: string, wasSent = true): SilenceError =>
    new SilenceError("a", call, 30, wasSent);
  const callOf = (error: Error, asked: string[]) => async (_engine: Engine, name: string) => {
    asked.push(name);
    return name === "a" ? Promise.reject(error) : Promise.resolve(name);
  };

  test.each([
    ["a read", hang("GET /nodes")],
    ["a change that was never sent", hang("POST /services/create", false)],
  ])("%s goes on with the next one, and so does all that follows", async (_what, error) => {
    const managers = known(fake({ a: "manager", b: "manager" }).machines, ["a", "b"]);
    const asked: string[] = [];
    expect(await settled(managers.use(callOf(error, asked)))).toBe("b");
    expect(await settled(managers.use(callOf(error, asked)))).toBe("b");
    expect(asked).toEqual(["a", "b", "b"]);
  });

  test("a change that may have been made is the caller's, and the next call goes elsewhere", async () => {
    const managers = known(fake({ a: "manager", b: "manager" }).machines, ["a", "b"]);
    const asked: string[] = [];
    const error = hang("POST /services/create");
    await expect(managers.use(callOf(error, asked))).rejects.toBe(error);
    expect(await managers.use(host)).toBe("b");
    expect(asked).toEqual(["a"]);
  });

  test.each([
    ["is slow", hang("GET /distribution/web:1/json")],
    ["makes the engine give up", new EngineError("a", "GET /distribution/web:1/json", 500, late)],
  ])("a registry that %s is nobody's fault", async (_what, error) => {
    const managers = known(fake({ a: "manager", b: "manager" }).machines, ["a", "b"]);
    expect(await settled(managers.use(callOf(error, [])))).toBe(error);
    expect(await settled(managers.use(host))).toBe("a");
  });
});
