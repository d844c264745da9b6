import { Readable } from "node:stream";
import type { Task } from "@docker/node-sdk";
import { Run } from "../../../cluster/run";
import type { Context } from "../../../provider/context";
import { follow } from "../../../provider/service/follow";
import type { Followed, Outcome } from "../../../provider/service/follow";
import { report } from "../../../provider/service/report";

// Proves what is said of tasks that end again and again, and when a rollout is given up for it, with a swarm of which
// time is the only moving part. It proves nothing about Docker.

// Jest's clock does not reach this module.
jest.mock("node:timers/promises", () => ({
  setTimeout: async (milliseconds: number) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds)),
}));

beforeEach(() => jest.useFakeTimers({ now: new Date("2026-01-01") }));
afterEach(() => jest.useRealTimers());

/** How a program does when it is started for the nth time, from 1. */
type Program = (attempt: number) => { readonly seconds: number; readonly code: number } | "stays";

interface Described {
  readonly slots: readonly Program[];
  /** A health check vouches for it: what dies has never been healthy, what stays is so after 20 seconds. */
  readonly isChecked?: boolean;
  readonly restart?: object;
  readonly mode?: object;
  /** Seconds that Docker waits before it starts a task anew. */
  readonly delay?: number;
  readonly log?: (task: string) => Promise<Readable>;
}

const dies =
  (seconds = 1, code = 1): Program =>
  () => ({ seconds, code });
const stays: Program = () => "stays";

/** Docker keeps so many tasks of a slot that have ended. */
const kept = 5;

class Swarm {
  readonly asked: string[] = [];
  readonly said: string[] = [];
  private readonly begun = Date.now();
  private readonly services: Readonly<Record<string, Described>>;

  constructor(services: Readonly<Record<string, Described>>) {
    this.services = services;
  }

  get context(): Context {
    const engine = {
      request: async (_method: string, path: string, { query }: { query: Query }) =>
        Promise.resolve(path === "/services" ? this.list(query) : this.tasks(query)),
      stream: async (_method: string, path: string) => {
        const [, , task = ""] = path.split("/");
        this.asked.push(task);
        const [name = ""] = task.split(".");
        return (this.services[name]?.log ?? (async () => Promise.resolve(Readable.from([]))))(task);
      },
    };
    const managers = {
      use: async (call: (one: unknown) => Promise<unknown>) => call(engine),
      nodes: async () => Promise.resolve([{ ID: "n1", Description: { Hostname: "worker-1" } }]),
    };
    return {
      managers,
      run: new Run(),
      scrub: (text: string) => text.replaceAll("hunter2", "[secret]"),
      progress: (text: string) => this.said.push(text),
      signal: new AbortController().signal,
    } as unknown as Context;
  }

  private list({ filters: { id = [] } }: Query): object[] {
    return id.map((ID) => ({
      ID,
      Spec: {
        Mode: this.services[ID]?.mode ?? {
          Replicated: { Replicas: this.services[ID]?.slots.length },
        },
        TaskTemplate: { RestartPolicy: this.services[ID]?.restart },
      },
    }));
  }

  private tasks({ filters: { service = [] } }: Query): Task[] {
    return service.flatMap((id) => {
      const described = this.services[id];
      if (described === undefined) return [];
      return described.slots.flatMap((program, at) => this.tasksOf(id, at + 1, program, described));
    });
  }

  private tasksOf(id: string, slot: number, program: Program, described: Described): Task[] {
    const { delay = 5, isChecked = false } = described;
    const tasks: Task[] = [];
    const add = (attempt: number, state: string, at: number, code?: number): void => {
      const ended = code !== undefined;
      const err = ended && code > 0 ? { Err: `task: non-zero exit (${code})` } : {};
      tasks.push({
        ID: `${id}.${slot}-${attempt}`,
        ServiceID: id,
        Slot: slot,
        NodeID: "n1",
        CreatedAt: new Date(at).toISOString(),
        DesiredState: ended ? "shutdown" : "running",
        Status: {
          ...err,
          State: state,
          Timestamp: new Date(at).toISOString(),
          ContainerStatus: { ContainerID: "c", ...(ended ? { ExitCode: code } : {}) },
        },
      } as Task);
    };
    let at = this.begun + 1000;
    for (let attempt = 1; at <= Date.now(); attempt += 1) {
      const run = program(attempt);
      const end = run === "stays" ? Infinity : at + run.seconds * 1000;
      if (run === "stays" || end > Date.now()) {
        const isHealthy = run === "stays" && Date.now() - at > 20_000;
        add(attempt, isChecked && !isHealthy ? "starting" : "running", at);
        break;
      }
      add(attempt, run.code === 0 ? "complete" : "failed", end, run.code);
      at = end + delay * 1000;
      if (at > Date.now()) add(attempt + 1, "ready", end);
    }
    return tasks.slice(-kept - 1);
  }
}

interface Query {
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

const followed = (id = "web", minutes = 5): Followed => ({
  ...{ id, name: id, patience: 30_000 },
  timeout: minutes * 60_000,
});

/** Follows a service and lets time pass until it is over; answers also after how many seconds that was. */
async function watch(
  context: Context,
  what: Followed = followed(),
): Promise<Outcome & { seconds: number }> {
  const begun = Date.now();
  const seen = { over: false };
  const outcome = follow(context, what).finally(() => {
    seen.over = true;
  });
  while (!seen.over) await jest.advanceTimersByTimeAsync(100);
  return { ...(await outcome), seconds: (Date.now() - begun) / 1000 };
}

const logOf = (text: string) => async () => Promise.resolve(Readable.from([Buffer.from(text)]));

test("the line says how often tasks end, where, how, and the last words, without secrets and escapes", async () => {
  const log = logOf("starting\n\u001b[31mno hunter2 at\tdb\n\n");
  const swarm = new Swarm({ web: { slots: [dies(1, 3)], log } });
  await watch(swarm.context);
  const why = "exit 3: \\u001b[31mno [secret] at db";
  expect(swarm.said).toContain(`0/1 tasks running; web.1 failed once on worker-1, ${why}`);
  // Docker has forgotten the first two of these.
  expect(swarm.said).toContain(`0/1 tasks running; web.1 failed 7 times on worker-1, ${why}`);
});

test("the log is asked for when a task has ended, and not more often than every 3 seconds", async () => {
  const slow = new Swarm({ web: { slots: [dies(1)], delay: 20 } });
  await watch(slow.context, followed("web", 1));
  expect(slow.asked).toEqual(["web.1-1", "web.1-2", "web.1-3"]);
  const quick = new Swarm({ web: { slots: [dies(0.5)], delay: 0.5 } });
  const { seconds } = await watch(quick.context, followed("web", 1));
  expect(quick.asked.length).toBeLessThanOrEqual(seconds / 3 + 1);
  expect(quick.asked.length).toBeGreaterThan(10);
});

test("a node that does not hand out its log holds nothing up", async () => {
  const log = async (): Promise<Readable> => new Promise(() => undefined);
  const swarm = new Swarm({ web: { slots: [(n) => (n < 3 ? dies()(n) : "stays")], log } });
  const { converged, seconds } = await watch(swarm.context);
  expect(converged).toBe(true);
  expect(seconds).toBeLessThan(30);
  expect(swarm.asked).toEqual(["web.1-1"]);
});

test("what ends at once again and again is given up long before its time, and says why", async () => {
  const swarm = new Swarm({ web: { slots: [dies(1), dies(2)] } });
  const { converged, line, seconds, isHopeless } = await watch(swarm.context);
  expect({ converged, isHopeless }).toEqual({ converged: false, isHopeless: true });
  expect(line).toMatch(
    /^web\.1 failed \d+ times on worker-1, exit 1, and 1 more slots alike: \d+ times in a row within \d\d s, each time within [1-4] s of its start; it does not start like this$/,
  );
  expect(seconds).toBeGreaterThan(60);
  expect(seconds).toBeLessThan(80);
});

test.each<[string, Described, number]>([
  ["very quickly", { slots: [dies(0.2)], delay: 0 }, 65],
  ["slowly", { slots: [dies(1)], delay: 15 }, 135],
  ["with 0, and was to stay", { slots: [dies(1, 0)] }, 75],
  [
    "and may be started anew after failures only",
    { slots: [dies()], restart: { Condition: "on-failure" } },
    75,
  ],
  ["as a job", { slots: [dies()], mode: { ReplicatedJob: { TotalCompletions: 1 } } }, 75],
])("what ends %s is given up, too", async (_what, described, most) => {
  const { isHopeless, seconds } = await watch(new Swarm({ web: described }).context);
  expect(isHopeless).toBe(true);
  expect(seconds).toBeLessThan(most);
  expect(seconds).toBeGreaterThan(60);
});

test.each<[string, Described]>([
  ["waits 10 seconds for its database", { slots: [dies(10)], isChecked: true }],
  ["waits 30 seconds for its database", { slots: [dies(30)], isChecked: true }],
  ["fails in two ways", { slots: [(n) => ({ seconds: 1, code: 1 + (n % 2) })] }],
  ["runs longer each time", { slots: [(n) => ({ seconds: n, code: 1 })], isChecked: true }],
  [
    "runs a little longer each time",
    { slots: [(n) => ({ seconds: n / 2, code: 1 })], isChecked: true },
  ],
  [
    "ran for long once in a while",
    { slots: [(n) => ({ seconds: n % 6 === 0 ? 40 : 1, code: 1 })], isChecked: true },
  ],
  ["runs in another slot", { slots: [dies(), stays] }],
  ["looks on and on in another slot", { slots: [dies(), dies(20)] }],
  ["is started a limited number of times", { slots: [dies()], restart: { MaxAttempts: 100 } }],
])("what %s is not given up before its time", async (_what, described) => {
  const outcome = await watch(new Swarm({ web: described }).context);
  expect(outcome.isHopeless).toBe(false);
  expect(outcome.seconds).toBeGreaterThan(299);
});

test("a program that missed its database seven times and then stays is a success", async () => {
  const slots = [(n: number) => (n <= 7 ? { seconds: 1, code: 1 } : "stays")] as const;
  const { converged } = await watch(new Swarm({ web: { slots } }).context);
  expect(converged).toBe(true);
});

test("a long convergeTimeout means patience", async () => {
  const swarm = new Swarm({ web: { slots: [dies()] } });
  const { isHopeless, seconds } = await watch(swarm.context, followed("web", 30));
  expect(isHopeless).toBe(true);
  expect(seconds).toBeGreaterThan(6 * 60);
  expect(seconds).toBeLessThan(6.5 * 60);
});

test("as long as another service of the run is on its way, it may be what a program waits for", async () => {
  const swarm = new Swarm({
    web: { slots: [dies()] },
    db: { slots: [(n) => (n === 1 ? { seconds: 120, code: 1 } : "stays")], isChecked: true },
  });
  const { context } = swarm;
  const [web, db] = await Promise.all([watch(context), watch(context, followed("db"))]);
  expect(db.converged).toBe(true);
  expect(web.isHopeless).toBe(true);
  expect(web.seconds).toBeGreaterThanOrEqual(db.seconds);
  expect(web.seconds).toBeLessThan(db.seconds + 10);
});

test("the task that is there now and outlives those before it may be the one that stays", async () => {
  const until = (last: number, seconds: number): Program => {
    return (attempt) => (attempt <= last ? { seconds, code: 1 } : "stays");
  };
  // The other service is there, and need not be waited for any more, while the 20th task of this one is not healthy yet.
  const swarm = new Swarm({
    web: { slots: [until(19, 1)], isChecked: true },
    db: { slots: [until(1, 90)], isChecked: true },
  });
  const { context } = swarm;
  const [web, db] = await Promise.all([watch(context), watch(context, followed("db"))]);
  expect(db.seconds).toBeGreaterThan(120);
  expect(db.seconds).toBeLessThan(130);
  expect(web).toMatchObject({ converged: true, isHopeless: false });
});

test("two that end again and again do not wait for each other", async () => {
  const { context } = new Swarm({ web: { slots: [dies()] }, db: { slots: [dies(2)] } });
  const [web, db] = await Promise.all([watch(context), watch(context, followed("db"))]);
  for (const { isHopeless, seconds } of [web, db]) {
    expect(isHopeless).toBe(true);
    expect(seconds).toBeLessThan(90);
  }
});

test("the report keeps what a program wrote out of the reason, which the state keeps", async () => {
  const log = logOf("GENERATED ROOT PASSWORD: moonlight\nuses hunter2\n");
  const swarm = new Swarm({ web: { slots: [dies()], log } });
  const { context } = swarm;
  const outcome = await watch(context);
  const told = await report(context, { id: "web", name: "web", outcome, since: "" });
  expect(told.reason).not.toMatch(/moonlight|hunter2/);
  expect(told.reason).toMatch(/^service web: web\.1 failed \d+ times on worker-1, exit 1/);
  expect(told.reason).toContain("web.1 failed on worker-1 (task: non-zero exit (1)), exit code 1");
  expect(told.reason).toContain("a longer convergeTimeout");
  expect(told.details).toBe(
    "last lines of web.1:\n  GENERATED ROOT PASSWORD: moonlight\n  uses [secret]",
  );
});
