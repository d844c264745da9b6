import type { Node, Service, Task } from "@docker/node-sdk";
import pc from "picocolors";
import { ageOf } from "../../../status/age";
import { historyOf, tellingTasks } from "../../../status/history";
import { renderHistory } from "../../../status/render";
import { report } from "../../../status/report";

const nodes = ["worker-1", "worker-2"].map((name): Node => ({
  ID: `id-${name}`,
  Description: { Hostname: name },
}));

const web: Service = {
  ID: "web",
  Spec: { Name: "web", Mode: { Replicated: { Replicas: 2 } } },
  ServiceStatus: { RunningTasks: 1, DesiredTasks: 2 },
  UpdateStatus: { State: "paused", Message: "update paused due to failure of task t3" },
};

function task(id: string, slot: number, state: string, at: string, more: object = {}): Task {
  return {
    ...{ ID: id, ServiceID: "web", Slot: slot, NodeID: "id-worker-1" },
    DesiredState: state === "running" ? "running" : "shutdown",
    Spec: { ContainerSpec: { Image: "web:2@sha256:abc" } },
    Status: { State: state, Timestamp: at, ContainerStatus: { ContainerID: `c-${id}` }, ...more },
  } as Task;
}

const tasks = [
  task("t1", 2, "running", "2026-11-25T02:30:00Z"),
  task("t2", 1, "failed", "2026-11-25T02:00:00Z", {
    Err: "task: non-zero exit (7)",
    ContainerStatus: { ContainerID: "c-t2", ExitCode: 7 },
  }),
  task("t3", 1, "failed", "2026-11-25T02:50:00Z", {
    Err: "task: non-zero exit (8)",
    ContainerStatus: { ContainerID: "c-t3", ExitCode: 8 },
  }),
  task("t4", 1, "pending", "2026-11-25T02:59:40Z", {
    Message: "no suitable node",
    ContainerStatus: undefined,
  }),
  task("t5", 1, "rejected", "2026-11-24T02:00:00Z", {
    Err: "No such image",
    ContainerStatus: { ExitCode: 0 },
  }),
];

describe("the history of a service", () => {
  it("has every task that Docker remembers, by place, the newest first", () => {
    const rows = historyOf(web, { nodes, tasks }, new Map([["t3", ["it broke"]]])).tasks;
    expect(
      rows.map(({ exitCode, id, image, name, node, state }) =>
        [id, name, node, state, image, exitCode ?? "-"].join(" "),
      ),
    ).toEqual([
      "t4 web.1 worker-1 pending web:2 -",
      "t3 web.1 worker-1 failed web:2 8",
      "t2 web.1 worker-1 failed web:2 7",
      // It never had a container: Docker's 0 is no exit code.
      "t5 web.1 worker-1 rejected web:2 -",
      "t1 web.2 worker-1 running web:2 -",
    ]);
    expect(rows[1]?.lines).toEqual(["it broke"]);
    expect(rows[0]?.error).toBe("no suitable node");
  });

  it("asks for the last lines of the newest that failed and the newest that began, in each place", () => {
    expect(tellingTasks(web, tasks)).toEqual(["t3", "t1"]);
    const back = task("t6", 1, "running", "2026-11-25T02:59:59Z");
    expect(tellingTasks(web, [...tasks, back])).toEqual(["t3", "t6", "t1"]);
  });

  it("calls the tasks of a service that runs on every node by their nodes", () => {
    const agent = { ID: "web", Spec: { Name: "agent", Mode: { Global: {} } } };
    const own = nodes.map(({ ID: node = "" }, index) => ({
      ...task(`g${index}`, 0, "running", "2026-11-25T02:00:00Z"),
      NodeID: node,
    }));
    expect(
      historyOf(agent, { nodes, tasks: own }, new Map()).tasks.map(({ name }) => name),
    ).toEqual(["agent.worker-1", "agent.worker-2"]);
  });

  it("is shown with ages, exit codes and last lines", () => {
    const findings = { hosts: {}, machines: undefined, locked: [], swarm: {}, nodes, tasks };
    const found = report({ ...findings, services: [web] });
    const history = historyOf(web, { nodes, tasks }, new Map([["t3", ["it \u001b[2Jbroke"]]]));
    const now = Date.parse("2026-11-25T03:00:00Z");
    const style = { colors: pc.createColors(false), now };
    expect(renderHistory(found, history, style)).toMatchInlineSnapshot(`
     "SERVICE  MODE        TASKS  IMAGE  PORTS
     web      replicated  1/2

     update paused: update paused due to failure of task t3

     TASK   NODE      STATE     FOR      EXIT  IMAGE  ERROR
     web.1  worker-1  pending   < 1 min        web:2  no suitable node
     web.1  worker-1  failed    10 min   8     web:2  task: non-zero exit (8)
     web.1  worker-1  failed    1 h      7     web:2  task: non-zero exit (7)
     web.1  worker-1  rejected  25 h           web:2  No such image
     web.2  worker-1  running   30 min         web:2

     web.1 (t3, failed) wrote last:
       it \\u001b[2Jbroke
     "
    `);
  });
});

test.each([
  [0, "< 1 min"],
  [59_000, "< 1 min"],
  [60_000, "1 min"],
  [59 * 60_000, "59 min"],
  [60 * 60_000, "1 h"],
  [47 * 3_600_000, "47 h"],
  [48 * 3_600_000, "2 d"],
  [400 * 86_400_000, "400 d"],
])("an age of %d ms is %s", (age, text) => {
  const now = Date.parse("2026-11-25T03:00:00Z");
  expect(ageOf(new Date(now - age).toISOString(), now)).toBe(text);
});

test("a time that Docker does not know has no age", () => {
  expect(ageOf("", 0)).toBe("");
});
