import type { Service, Task } from "@docker/node-sdk";
import { textOf } from "../../../cluster/logs";
import type { Attempt } from "../../../cluster/attempts";
import { judge, settleTime } from "../../../provider/service/rollout";
import type { Snapshot, Verdict } from "../../../provider/service/rollout";

const nodes = new Map([
  ["n1", "worker-1"],
  ["n2", "worker-2"],
]);

interface Seen {
  mode?: object;
  monitor?: number;
  test?: string[];
  status?: { State: string; Message?: string };
  condition?: string;
  failureAction?: string;
  tasks: Task[];
  closed?: string[];
  attempts?: readonly Attempt[];
}

function snapshotOf(what: Seen): Snapshot {
  const { mode = { Replicated: { Replicas: 3 } }, status, condition, failureAction, tasks } = what;
  const service = {
    Spec: {
      Mode: mode,
      UpdateConfig: { FailureAction: failureAction, Monitor: what.monitor },
      TaskTemplate: {
        ContainerSpec: what.test === undefined ? {} : { Healthcheck: { Test: what.test } },
        ...(condition === undefined ? {} : { RestartPolicy: { Condition: condition } }),
      },
    },
    UpdateStatus: status,
  } as unknown as Service;
  const byNode = "Global" in mode || "GlobalJob" in mode;
  const closed = new Set(what.closed ?? []);
  const attempts = what.attempts ?? [];
  return { service, tasks, names: { service: "web", nodes, byNode }, closed, attempts };
}

let clock = 0;
function task(slot: number, state: string, more: object = {}): Task {
  clock += 1;
  const known = { State: state, Timestamp: `2026-01-01T00:00:${String(clock).padStart(4, "0")}Z` };
  const { Err, ...rest } = more as { Err?: string };
  const ended = ["failed", "rejected", "complete", "shutdown"].includes(state);
  return {
    ID: `t${clock}`,
    Slot: slot,
    NodeID: "n2",
    DesiredState: ended ? "shutdown" : "running",
    Status: { ...known, Err },
    ...rest,
  } as Task;
}

describe("a rollout", () => {
  it.each<[string, Seen, Verdict]>([
    ["has not begun", { tasks: [] }, { kind: "idle", line: "0/3 tasks running" }],
    [
      "is going on",
      { tasks: [task(1, "running"), task(2, "running"), task(3, "preparing")] },
      { kind: "going", line: "2/3 tasks running; web.3 preparing on worker-2" },
    ],
    [
      "waits whether new tasks stay",
      { tasks: [task(1, "running"), task(2, "running"), task(3, "running")] },
      { kind: "settling", line: "3/3 tasks running" },
    ],
    [
      "is over when Docker has watched the tasks",
      {
        status: { State: "completed" },
        tasks: [task(1, "running"), task(2, "running"), task(3, "running")],
      },
      { kind: "done", line: "3/3 tasks running" },
    ],
    [
      "waits whether tasks stay when Docker goes on whatever becomes of them",
      {
        status: { State: "completed" },
        failureAction: "continue",
        tasks: [task(1, "running"), task(2, "running"), task(3, "running")],
      },
      { kind: "settling", line: "3/3 tasks running" },
    ],
    [
      "is going on while Docker watches",
      {
        status: { State: "updating" },
        tasks: [task(1, "running"), task(2, "running"), task(3, "running")],
      },
      { kind: "going", line: "update: 3/3 tasks running" },
    ],
    [
      "was paused",
      { status: { State: "paused", Message: "task x failed" }, tasks: [] },
      { kind: "failed", line: "Docker paused the update: task x failed" },
    ],
    [
      "was rolled back",
      { status: { State: "rollback_completed" }, tasks: [task(1, "running")] },
      { kind: "failed", line: "Docker rolled the update back" },
    ],
    [
      "needs no task",
      { mode: { Replicated: { Replicas: 0 } }, tasks: [] },
      { kind: "done", line: "0/0 tasks running" },
    ],
    [
      "scales down",
      {
        mode: { Replicated: { Replicas: 1 } },
        tasks: [
          task(1, "running"),
          task(2, "running"),
          task(3, "running", { DesiredState: "remove" }),
        ],
      },
      { kind: "going", line: "2/1 tasks running" },
    ],
    [
      "has no node to run on",
      { mode: { Global: {} }, tasks: [] },
      { kind: "settling", line: "0/0 tasks running" },
    ],
    [
      "is global",
      {
        mode: { Global: {} },
        tasks: [task(0, "running", { NodeID: "n1" }), task(0, "starting")],
      },
      { kind: "going", line: "1/2 tasks running; web.worker-2 starting on worker-2" },
    ],
    [
      "cannot place a task",
      {
        mode: { Replicated: { Replicas: 1 } },
        tasks: [task(1, "pending", { NodeID: "", Err: "no suitable node (1 node not available)" })],
      },
      {
        kind: "going",
        line: "0/1 tasks running; web.1 pending (no suitable node (1 node not available))",
      },
    ],
    [
      "is refused once",
      { tasks: [task(1, "rejected", { Err: "No such image: x" }), task(1, "ready")] },
      { kind: "going", line: "0/3 tasks running; web.1 ready on worker-2" },
    ],
    [
      "is refused again and again",
      { tasks: [1, 2, 3].map(() => task(1, "rejected", { Err: "No such image: x" })) },
      {
        kind: "failed",
        line: "web.1 rejected on worker-2 (No such image: x): refused 3 times",
      },
    ],
    [
      "is a job that goes on",
      {
        mode: { ReplicatedJob: { TotalCompletions: 2 } },
        tasks: [task(0, "complete"), task(1, "running", { DesiredState: "complete" })],
      },
      { kind: "going", line: "1/2 tasks complete" },
    ],
    [
      "is a job that is done",
      {
        mode: { ReplicatedJob: { TotalCompletions: 2 } },
        tasks: [task(0, "complete"), task(1, "complete")],
      },
      { kind: "done", line: "2/2 tasks complete" },
    ],
    [
      "is a job that failed for good",
      {
        mode: { ReplicatedJob: { TotalCompletions: 1 } },
        tasks: [task(0, "failed", { Err: "task: non-zero exit (4)" })],
      },
      {
        kind: "idle",
        line: "0/1 tasks complete; web.0 failed on worker-2 (task: non-zero exit (4))",
      },
    ],
    [
      "is to run once and has",
      {
        mode: { Replicated: { Replicas: 1 } },
        condition: "none",
        tasks: [task(1, "complete")],
      },
      { kind: "done", line: "1/1 tasks complete" },
    ],
    [
      "runs on all nodes but a drained one, of which Docker keeps the past",
      {
        mode: { Global: {} },
        condition: "on-failure",
        status: { State: "completed" },
        closed: ["n2"],
        tasks: [
          task(0, "failed", { NodeID: "n2" }),
          task(0, "complete", { NodeID: "n2" }),
          task(0, "shutdown", { NodeID: "n2" }),
          task(0, "running", { NodeID: "n1" }),
        ],
      },
      { kind: "done", line: "1/1 tasks running" },
    ],
    [
      "is global, and one node that left the swarm had run a task",
      {
        mode: { Global: {} },
        condition: "none",
        status: { State: "completed" },
        tasks: [task(0, "failed", { NodeID: "gone" }), task(0, "running", { NodeID: "n1" })],
      },
      { kind: "done", line: "1/1 tasks running" },
    ],
    [
      "is global, and a node that may have a task has none any more",
      {
        mode: { Global: {} },
        condition: "none",
        tasks: [task(0, "failed", { NodeID: "n2" }), task(0, "running", { NodeID: "n1" })],
      },
      { kind: "going", line: "1/2 tasks running; web.worker-2 failed on worker-2" },
    ],
    [
      "is a global job, one of whose nodes was drained before it was done there",
      {
        mode: { GlobalJob: {} },
        closed: ["n2"],
        tasks: [
          task(0, "shutdown", { NodeID: "n2" }),
          task(0, "complete", { NodeID: "n1", DesiredState: "complete" }),
        ],
      },
      { kind: "done", line: "1/1 tasks complete" },
    ],
    [
      "counts a slot once, whose task ended well on a drained node and runs on another",
      {
        mode: { Replicated: { Replicas: 2 } },
        condition: "on-failure",
        status: { State: "completed" },
        closed: ["n2"],
        tasks: [task(1, "complete"), task(1, "running", { NodeID: "n1" }), task(2, "running")],
      },
      { kind: "done", line: "2/2 tasks running" },
    ],
    [
      "does not count a slot as done whose place is filled anew",
      {
        mode: { Replicated: { Replicas: 2 } },
        condition: "on-failure",
        tasks: [task(1, "complete"), task(1, "preparing"), task(2, "running")],
      },
      { kind: "going", line: "1/2 tasks running; web.1 preparing on worker-2" },
    ],
    [
      "does not count what was scaled away",
      {
        mode: { Replicated: { Replicas: 2 } },
        condition: "none",
        tasks: [
          task(1, "complete"),
          task(2, "complete"),
          task(3, "complete", { DesiredState: "remove" }),
        ],
      },
      { kind: "done", line: "2/2 tasks complete" },
    ],
  ])("%s", (_what, snapshot, verdict) => {
    expect(judge(snapshotOf(snapshot))).toEqual(verdict);
  });
});

describe("the time for which tasks must stay", () => {
  const tasks = [task(1, "running")];
  const afterFailure = [task(1, "failed"), task(1, "running")];
  const test = ["CMD", "true"];
  const over = { State: "completed" };

  it.each<[string, number, Seen]>([
    ["is that of Docker's monitor", 5000, { tasks }],
    ["is the declared one", 7000, { monitor: 7e9, tasks }],
    ["is short behind a health check", 2000, { monitor: 7e9, test, tasks }],
    ["is that of the monitor where the health check is off", 5000, { test: ["NONE"], tasks }],
    ["is never too short to see a task die", 2000, { monitor: 0, tasks }],
    ["is the declared one after an update", 7000, { monitor: 7e9, test, status: over, tasks }],
    ["is longer once a task has died", 10_000, { test, tasks: afterFailure }],
    ["is the declared one when that is longer", 30_000, { monitor: 3e10, tasks: afterFailure }],
  ])("%s", (_what, milliseconds, snapshot) => {
    expect(settleTime(snapshotOf(snapshot))).toBe(milliseconds);
  });
});

describe("the output of a task", () => {
  const frame = (stream: number, text: string): Buffer => {
    const head = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };

  it("is taken out of Docker's frames", () => {
    const long = `${"ä".repeat(200)}\n`;
    const stream = Buffer.concat([frame(1, "one\n"), frame(2, "two\n"), frame(1, long)]);
    expect(textOf(stream)).toBe(`one\ntwo\n${long}`);
  });

  it("is taken as it is from a terminal", () => {
    expect(textOf(Buffer.from("plain text\nof a terminal"))).toBe("plain text\nof a terminal");
  });
});
