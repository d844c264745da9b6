import { EngineError } from "../../../hosts/engine";
import type { Engine } from "../../../hosts/engine";
import { HostUnreachableError } from "../../../hosts/errors";
import type { Machines } from "../../../hosts/machines";
import { Managers, NoManagerError, QuorumError } from "../../../provider/managers";

// The choice of a manager, against engines that answer as told. Real engines, and what they say without a leader, are
// the lab's business.

type Answer = "manager" | "worker" | "locked" | "out" | "down" | "leaderless" | "silent";

interface Fake {
  readonly machines: Machines;
  readonly answers: Record<string, Answer>;
  readonly calls: string[];
}

function fake(answers: Record<string, Answer>): Fake {
  const calls: string[] = [];
  const request = async (host: string, path: string): Promise<unknown> => {
    calls.push(`${host} ${path}`);
    const answer = answers[host];
    if (answer === "down") throw new HostUnreachableError(host, `${host}: no route`);
    if (answer === "silent" || (answer === "leaderless" && path !== "/info"))
      return new Promise(() => undefined);
    if (path !== "/info" && answer !== "manager")
      throw new EngineError(host, `GET ${path}`, 503, "This node is not a swarm manager.");
    if (path !== "/info") return Promise.resolve([{ ID: host }]);
    const states: Partial<Record<Answer, string>> = { out: "inactive", locked: "locked" };
    return Promise.resolve({
      Swarm: {
        LocalNodeState: states[answer ?? "out"] ?? "active",
        ControlAvailable: answer === "manager" || answer === "leaderless",
      },
    });
  };
  const get = (host: string): { engine: () => Engine } => ({
    engine: () =>
      ({
        request: async (_method: string, path: string) => request(host, path),
      }) as unknown as Engine,
  });
  return { machines: { get } as unknown as Machines, answers, calls };
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
  const managers = new Managers(machines, ["b", "a"]);
  expect(await settled(managers.use(host))).toBe("a");
  expect(await settled(managers.use(host))).toBe("a");
  expect(calls).toEqual(["a /info", "a /swarm"]);
});

test.each<Answer>(["worker", "locked", "out", "down", "leaderless", "silent"])(
  "the next one, when the first is %s, and that one from then on",
  async (answer) => {
    const { machines, calls } = fake({ a: answer, b: "manager" });
    const managers = new Managers(machines, ["a", "b"]);
    expect(await settled(managers.use(host))).toBe("b");
    calls.length = 0;
    expect(await settled(managers.use(host))).toBe("b");
    expect(calls).toEqual([]);
  },
);

test("a manager that is lost in the middle of a call: the call is made on the next", async () => {
  const { machines, answers } = fake({ a: "manager", b: "manager" });
  const managers = new Managers(machines, ["a", "b"]);
  await settled(managers.use(host));
  answers.a = "down";
  const call = async (engine: Engine, name: string): Promise<string> => {
    await engine.request("GET", "/nodes");
    return name;
  };
  expect(await settled(managers.use(call))).toBe("b");
});

test("any other error is the caller's, at once", async () => {
  const { machines } = fake({ a: "manager", b: "manager" });
  const conflict = new EngineError("a", "POST /networks/create", 409, "exists");
  const call = async (): Promise<never> => Promise.reject(conflict);
  expect(await settled(new Managers(machines, ["a", "b"]).use(call))).toBe(conflict);
});

test("none: each is named with its reason", async () => {
  const { machines } = fake({ a: "down", b: "worker", c: "locked", d: "out" });
  const managers = new Managers(machines, ["a", "b", "c", "d"]);
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
  const managers = new Managers(machines, ["a", "b", "c"]);
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
  const call = new Managers(machines, ["a", "b"]).use(host);
  expect(await secondsOf(call)).toBe(30);
  await expect(call).rejects.toThrow("a: Docker's answer did not finish within 30 s");
  const hasty = new Managers(machines, ["a", "b"], 10).use(host);
  expect(await secondsOf(hasty)).toBe(10);
});

test("a dead manager is not asked again for 15 s, or until something was booted", async () => {
  const { machines, answers, calls } = fake({ a: "down" });
  const managers = new Managers(machines, ["a"]);
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
  const managers = new Managers(machines, ["a"]);
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
  const managers = new Managers(fake({}).machines, []);
  expect(await settled(managers.use(host))).toEqual(
    new NoManagerError('hosts: none has the role "manager"; expected at least one'),
  );
});
